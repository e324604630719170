"""What reading a flag costs, as ratios to a bare `dict.get`, beside peers and the least possible.

Run it with `python validation/benchmarks/flags.py --rounds 15`. Everything runs interleaved in one process: each sample
of each side stands between two samples of `table.get("a")`, and its ratio is to the mean of the two, so that a drift of
the machine weighs on both. Times are processor time; a figure is the median of the rounds, with the quartiles and the
smallest beside it. Sides are

- `new`: this project, over SQLite, with every use counted and changes of other processes looked for at every read;
- `memory`, `switch`, `through OpenFeature`, `unseen keys`: the same, asked for in other ways;
- `least`: the calls into the interpreter that the operation cannot do without, in one bare function;
- the peers, where they are installed: OpenFeature's client over its own in-memory provider, and flagd-core with a
  fractional rule.

Besides: how long a monitor takes to decide, and to decide and roll back, by wall clock, the median of many.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import importlib.util
import itertools
import json
import platform
import statistics
import sys
import tempfile
import time
import timeit
from array import array
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from overt.flags import FeatureFlags, Flag, Health, MemoryStore, MigrationControl, SqliteStore, Stage

BOOLEAN, STICKY = "boolean, by key", "sticky percentage"
GOALS = {BOOLEAN: 6.0, STICKY: 8.0}
PEERS = {BOOLEAN: ("OpenFeature in-memory", 90.0), STICKY: ("flagd-core", 75.0)}
KEYS = 1000
DECISION_MS = 1.0


@dataclass(frozen=True, slots=True)
class Side:
    """One way to do one operation.

    Args:
        case: The operation.
        name: Whose way it is.
        statement: The operation.
        names: What the statement speaks of.
    """

    case: str
    name: str
    statement: str
    names: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """The ratios of one side, summed up.

    Args:
        case: The operation.
        side: Whose way it is.
        median: Median ratio to a bare `dict.get`.
        low: Lower quartile.
        high: Upper quartile.
        best: Smallest ratio.
        goal: The most that the median may come to; None where none is set.
    """

    case: str
    side: str
    median: float
    low: float
    high: float
    best: float
    goal: float | None


# -- the sides ---------------------------------------------------------------------------------------------------------


def declared() -> list[Flag]:
    """Return two flags."""
    about: dict[str, Any] = {"owner": "overt", "purpose": "to be measured", "created": "2026-11-22"}
    return [Flag(name, until="2027-12-31", **about) for name in ("on", "half")]


class Least:
    """The indispensable calls: is there a change, look up, count; for a percentage also what is known of the key."""

    def __init__(self) -> None:
        self.word, self.seen = array("Q", [123_456]), 123_456
        self.rows = {"on": True, "half": {f"user-{number}": True for number in range(KEYS)}}
        self.use = itertools.count().__next__

    def enabled(self, flag: str) -> Any:
        """Return a boolean."""
        if self.word[0] != self.seen:
            return None
        self.use()
        return self.rows[flag]

    def covers(self, flag: str, key: str) -> Any:
        """Return the answer for a key."""
        if self.word[0] != self.seen:
            return None
        self.use()
        return self.rows[flag][key]  # type: ignore[index]


def unseen(percentage: float) -> Any:
    """Return what decides about a key for the first time, with keys that never come again."""
    from overt.flags.buckets import Rollout

    made, names = Rollout("half", percentage), (f"user-{number}" for number in itertools.count(10**6))
    return lambda: made.covers(next(names))


def installed(name: str) -> bool:
    """Tell whether a package is there."""
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:  # the package around it is missing
        return False


@contextmanager
def sides() -> Iterator[list[Side]]:
    """Give everything that is measured; flags and files are gone afterwards."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        flags = stack.enter_context(FeatureFlags(SqliteStore(folder / "flags.sqlite"), declared()))
        memory = stack.enter_context(FeatureFlags(MemoryStore(), declared()))
        for each in (flags, memory):
            each.apply({"on": True, "half": 50}, by="benchmark")
        by_key, sticky = "made.enabled('on')", "made.enabled('half', next(keys))"
        keys = {"keys": itertools.cycle([f"user-{number}" for number in range(KEYS)])}
        found = [
            Side(BOOLEAN, "new", by_key, {"made": flags}),
            Side(BOOLEAN, "memory", by_key, {"made": memory}),
            Side(BOOLEAN, "switch", "made()", {"made": flags.switch("on")}),
            Side(BOOLEAN, "least", by_key, {"made": Least()}),
            Side(STICKY, "new", sticky, {"made": flags, **keys}),
            Side(STICKY, "memory", sticky, {"made": memory, **keys}),
            Side(STICKY, "least", "made.covers('half', next(keys))", {"made": Least(), **keys}),
            Side(STICKY, "unseen keys", "made()", {"made": unseen(50)}),
            Side(STICKY, "one blake2b", "made(b'user-7', digest_size=8, key=b'half')", {"made": hashlib.blake2b}),
        ]
        if installed("openfeature"):
            found += openfeature_sides(memory)
        if installed("openfeature.contrib.tools.flagd.core"):
            found.append(flagd_side(keys))
        yield found


def openfeature_sides(flags: FeatureFlags) -> list[Side]:
    """Return OpenFeature's client over its own provider and over ours."""
    from openfeature import api
    from openfeature.provider.in_memory_provider import InMemoryFlag, InMemoryProvider

    from overt.flags.openfeature import OvertProvider

    stored = InMemoryProvider({"on": InMemoryFlag("on", {"on": True, "off": False})})
    found = []
    for name, provider in ((PEERS[BOOLEAN][0], stored), ("through OpenFeature", OvertProvider(flags))):
        api.set_provider_and_wait(provider, name)
        found.append(Side(BOOLEAN, name, "made.get_boolean_value('on', False)", {"made": api.get_client(name)}))
    return found


def flagd_side(keys: dict[str, Any]) -> Side:
    """Return flagd's own evaluation, in this process, of the same share of the same keys."""
    from openfeature.contrib.tools.flagd.core import FlagdCore
    from openfeature.evaluation_context import EvaluationContext

    core: Any = FlagdCore()
    rule = {"fractional": [["on", 50], ["off", 50]]}
    flag = {"state": "ENABLED", "variants": {"on": True, "off": False}, "defaultVariant": "off", "targeting": rule}
    core.set_flags({"flags": {"half": flag}})
    contexts = [EvaluationContext(next(keys["keys"])) for _ in range(KEYS)]
    shares = sum(core.resolve_boolean_value("half", default_value=False, ctx=context).value for context in contexts)
    if not 0.4 * KEYS < shares < 0.6 * KEYS:
        raise AssertionError(f"flagd-core puts {shares} of {KEYS} keys in a half: it is not set up as it should be")
    statement = "made.resolve_boolean_value('half', False, next(keys))"
    return Side(STICKY, PEERS[STICKY][0], statement, {"made": core, "keys": itertools.cycle(contexts)})


# -- measuring ---------------------------------------------------------------------------------------------------------


def measure(these: list[Side], rounds: int, number: int) -> tuple[float, list[Figure]]:
    """Return the nanoseconds of a bare `dict.get`, and a figure for every side."""
    bare = timeit.Timer("table.get('a')", globals={"table": {"a": 1}}, timer=time.process_time)
    timers = [timeit.Timer(side.statement, globals=side.names, timer=time.process_time) for side in these]
    for timer in timers:
        timer.timeit(number // 4)  # the interpreter specialises what is warm
    ratios: list[list[float]] = [[] for _ in these]
    bares = []
    for turn in range(rounds):
        gc.collect()  # while it measures, timeit turns the collector off
        order = range(len(these)) if turn % 2 == 0 else reversed(range(len(these)))
        for which in order:
            before = bare.timeit(number)
            spent = timers[which].timeit(number)
            beside = (before + bare.timeit(number)) / 2
            bares.append(beside / number)
            ratios[which].append(spent / beside)
        sys.stderr.write(f"round {turn + 1}/{rounds}\n")
    figures = []
    for side, found in zip(these, ratios, strict=True):
        low, median, high = statistics.quantiles(found, n=4) if len(found) > 1 else found * 3
        goal = GOALS.get(side.case) if side.name == "new" else None
        figures.append(Figure(side.case, side.name, median, low, high, min(found), goal))
    return statistics.median(bares) * 1e9, figures


def decisions(times: int) -> dict[str, tuple[float, float | None]]:
    """Return for a monitor's looks: milliseconds of wall clock, median of many, and the goal."""
    sick, well = Health(0.5, 1.0, 1000), Health(0.0, 1.0, 1000)
    spent: dict[str, list[float]] = {"decision": [], "decision and rollback": []}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(times):
            latest = [well]
            store = SqliteStore(Path(folder) / f"{number}.sqlite")
            with FeatureFlags(store, declared()) as flags, control_of(flags, latest) as control:
                control.advance_to(1, by="benchmark")
                look = control._watch  # noqa: SLF001  # what its thread does at each interval
                look()
                latest[0] = sick
                for name in spent:  # the second sick look in a row is the one that goes back
                    start = time.perf_counter()
                    look()
                    spent[name].append((time.perf_counter() - start) * 1000)
                if flags.enabled("on"):
                    raise AssertionError("the monitor did not roll back")
    goals = {"decision": DECISION_MS}
    return {name: (statistics.median(found), goals.get(name)) for name, found in spent.items()}


def control_of(flags: FeatureFlags, latest: list[Health]) -> MigrationControl:
    """Return a migration of one stage whose health is what stands in a list."""
    return MigrationControl(flags, [Stage(1, "all", ["on"])], health=lambda: latest[0])


def against(figures: list[Figure]) -> dict[str, tuple[float | None, float]]:
    """Return how many times the cost of our reads the peers cost, None when one is not installed, and the goals."""
    found = {(figure.case, figure.side): figure.median for figure in figures}
    return {
        f"{peer} against {case}": (
            found[case, peer] / found[case, "new"] if {(case, peer), (case, "new")} <= set(found) else None,
            goal,
        )
        for case, (peer, goal) in PEERS.items()
    }


# -- telling -----------------------------------------------------------------------------------------------------------


def tell(
    bare: float,
    figures: list[Figure],
    peers: dict[str, tuple[float | None, float]],
    looks: dict[str, tuple[float, float | None]],
) -> None:
    """Print a table."""
    print(f"Python {platform.python_version()}, a bare dict.get: {bare:.1f} ns; ratios to it, processor time")
    print(f"{'operation':20}{'side':24}{'median':>8}{'quartiles':>18}{'best':>8}{'goal':>7}")
    for f in figures:
        most = "" if f.goal is None else f"{f.goal:g}"
        spread, missed = f"{f.low:.1f} to {f.high:.1f}", " missed" if f.goal is not None and f.median > f.goal else ""
        print(f"{f.case:20}{f.side:24}{f.median:8.1f}{spread:>18}{f.best:8.1f}{most:>7}{missed}")
    for name, (value, least) in peers.items():
        if value is None:
            print(f"{name}: unmeasured: the peer is not installed (goal {least:g} times)")
        else:
            print(f"{name}: {value:.0f} times (goal {least:g}{'' if value >= least else ', missed'})")
    for name, (spent, most_ms) in looks.items():
        goal = "" if most_ms is None else f" (goal {most_ms:g}{'' if spent <= most_ms else ', missed'})"
        print(f"monitor, {name}: {spent:.3f} ms{goal}")


def main() -> int:
    """Measure, tell the figures, and exit 1 when a goal is missed, 3 when a peer was not there to be measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15, help="samples of each side (default: 15)")
    parser.add_argument("--number", type=int, default=20_000, help="operations a sample (default: 20000)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args()
    if options.rounds < 1 or options.number < 100:
        parser.error("--rounds takes a number from 1, --number one from 100")
    with sides() as these:
        bare, figures = measure(these, options.rounds, options.number)
    peers, looks = against(figures), decisions(30)
    if options.json:
        told: dict[str, Any] = {"python": platform.python_version(), "dict_get_ns": bare}
        told["figures"] = list(map(asdict, figures))
        told["ratios"] = {
            name: {"value": value, "goal": goal, "met": None if value is None else value >= goal}
            for name, (value, goal) in peers.items()
        }
        told["monitor_ms"] = {name: {"value": spent, "goal": goal} for name, (spent, goal) in looks.items()}
        print(json.dumps(told))
    else:
        tell(bare, figures, peers, looks)
    missed = any(f.goal is not None and f.median > f.goal for f in figures)
    missed = missed or any(value is not None and value < goal for value, goal in peers.values())
    missed = missed or any(goal is not None and spent > goal for spent, goal in looks.values())
    if missed:
        return 1
    return 3 if any(value is None for value, _ in peers.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
