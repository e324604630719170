"""What a guard adds to a call, as ratios to calling the implementation directly.

Run it with `python validation/benchmarks/flags_guard.py --rounds 15`. Every sample of a guarded call stands between two
samples of the direct call, in one process, by processor time; a figure is the median of the rounds with its quartiles.
Calls are `small`, a function of some 300 ns, and `service`, one of about 3 µs: a query over a few rows. Sides are

- `guard`: `flags.guard(...).call`, the flag on, nothing compared;
- `sampled-out`: the same with a share of one in a billion, so that every call asks and none is compared;
- `fallback`: the same with exceptions declared after which legacy is asked;
- `compared`: every call compared, with copies of the arguments; `pure`: without copies;
- `least`: a flag in a local variable, `try` and `except` around the call, and nothing else;
- `laboratory`: the package of that name, where it is installed.

Ends with 1 when a goal is missed, with 3 when `laboratory` is not installed.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import json
import platform
import statistics
import sys
import time
import timeit
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from overt.flags import FeatureFlags, Flag, MemoryStore
from overt.runtime import Comparison

ROWS = [{"name": f"row {number}", "load": number % 5, "zone": "north"} for number in range(20)]
GOALS = {
    ("small", "compared"): 16.0,
    ("service", "guard"): 1.3,
    ("service", "sampled-out"): 1.3,
    ("service", "fallback"): 1.5,
    ("service", "compared"): 16.0,
}


@dataclass(frozen=True, slots=True)
class Figure:
    """The ratios of one side to the direct call.

    Args:
        call: Which implementation is called.
        side: What stands around it.
        median: Median ratio.
        low: Lower quartile.
        high: Upper quartile.
        direct_ns: What the direct call takes, nanoseconds, by processor time.
        goal: The most that the median may come to; None where none is set.
    """

    call: str
    side: str
    median: float
    low: float
    high: float
    direct_ns: float
    goal: float | None


def small(number: int) -> list[str]:
    """Do a little."""
    return sorted({"a": number, "b": 2, "c": 3}, reverse=True)


def service(load: int) -> list[str]:
    """Query some rows."""
    return sorted(row["name"] for row in ROWS if row["load"] < load and row["zone"] == "north")  # type: ignore[type-var, misc, operator]


def least(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function with what no guard can do without."""
    on, fallback = [True], (TimeoutError,)

    def call(*args: Any, **named: Any) -> Any:
        if on[0]:
            try:
                return function(*args, **named)
            except fallback:
                return function(*args, **named)
        return function(*args, **named)

    return call


def in_laboratory(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that runs both under the package `laboratory`."""
    import laboratory

    def call(*args: Any) -> Any:
        experiment = laboratory.Experiment()
        experiment.control(function, args=args)
        experiment.candidate(function, args=args)
        return experiment.conduct()

    return call


def sides(flags: FeatureFlags, function: Callable[..., Any]) -> dict[str, Callable[..., Any]]:
    """Return what is measured around one implementation."""

    def guarded(**options: Any) -> Callable[..., Any]:
        return flags.guard("new", new=function, legacy=function, **options).call

    made = {
        "least": least(function),
        "guard": guarded(),
        "sampled-out": guarded(compare=1e-9),
        "fallback": guarded(fallback=TimeoutError),
        "compared": guarded(compare=Comparison("new", budget=None)),
        "pure": guarded(compare=Comparison("new", budget=None, pure=True)),
    }
    if importlib.util.find_spec("laboratory"):
        made["laboratory"] = in_laboratory(function)
    return made


def timer(function: Callable[..., Any]) -> timeit.Timer:
    """Return what times calls of a function."""
    return timeit.Timer("call(3)", globals={"call": function}, timer=time.process_time)


def measure(flags: FeatureFlags, rounds: int, number: int) -> list[Figure]:
    """Return the figures of every side of every call."""
    figures = []
    for function in (small, service):
        direct, around = timer(function), {name: timer(made) for name, made in sides(flags, function).items()}
        ratios: dict[str, list[float]] = {name: [] for name in around}
        times = []
        for _ in range(rounds):
            gc.collect()
            for name, each in around.items():
                few = number // (20 if name in {"compared", "pure", "laboratory"} else 1)
                before = direct.timeit(few)
                spent = each.timeit(few)
                beside = (before + direct.timeit(few)) / 2
                ratios[name].append(spent / beside)
                times.append(beside / few * 1e9)
        for name, seen in ratios.items():
            low, middle, high = statistics.quantiles(seen, n=4)
            goal = GOALS.get((function.__name__, name))
            figures.append(Figure(function.__name__, name, middle, low, high, statistics.median(times), goal))
    return figures


def main() -> int:
    """Measure and tell."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=15, help="samples of each side (default: %(default)s)")
    options.add_argument("--number", type=int, default=20_000, help="calls in a sample (default: %(default)s)")
    options.add_argument("--json", action="store_true", help="print one JSON document")
    given = options.parse_args()
    flag = Flag("new", owner="overt maintainers", purpose="a benchmark", created="2026-11-22", until="2027-12-31")
    with FeatureFlags(MemoryStore(), [flag]) as flags:
        flags.enable("new")
        figures = measure(flags, max(2, given.rounds), given.number)
    missed = [figure for figure in figures if figure.goal is not None and figure.median > figure.goal]
    absent = not importlib.util.find_spec("laboratory")
    if given.json:
        document = {"python": platform.python_version(), "figures": [asdict(figure) for figure in figures]}
        sys.stdout.write(json.dumps(document, indent=1) + "\n")
    else:
        for figure in figures:
            goal = "" if figure.goal is None else f"  goal {figure.goal:g}{' MISSED' if figure in missed else ''}"
            spread = f"({figure.low:.2f} to {figure.high:.2f})"
            line = f"{figure.call:8} {figure.side:12} {figure.median:7.2f} x {spread:18} of {figure.direct_ns:.0f} ns"
            sys.stdout.write(f"{line}{goal}\n")
    return 1 if missed else 3 if absent else 0


if __name__ == "__main__":
    sys.exit(main())
