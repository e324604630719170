"""What the runtime's operations cost, as ratios to a bare `dict.get`, beside legacy, peers and the least possible.

Run it with `python validation/benchmarks/runtime.py --rounds 15`. Everything runs interleaved in one process: each
sample of each side stands between two samples of `table.get("a")`, and its ratio is to the mean of the two, so that a
drift of the machine weighs on both. Times are processor time; a figure is the median of the rounds, with the quartiles
and the smallest beside it. Sides are

- `new` and `legacy`: the implementations of this project;
- `least`: the calls into the interpreter that the operation cannot do without, in one bare function or block, with none
  of what makes it safe;
- the peers, where they are installed.

Besides: what a span costs 10 and 1,000 deep, and the rate of reads of 8 threads against one, by wall clock.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import importlib.util
import json
import platform
import statistics
import sys
import threading
import time
import timeit
import weakref
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from typing import Any

from overt.runtime import AgentRegistry, SampledEvents, Telemetry, Tracer, TTLCache, error_context, legacy

Names = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Side:
    """One implementation of one operation.

    Args:
        name: `new`, `legacy`, `least`, or the name of a peer.
        statement: The operation.
        names: What the statement speaks of.
        in_task: Whether it runs in an asyncio task.
    """

    name: str
    statement: str
    names: Names
    in_task: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """The ratios of one side, summed up.

    Args:
        case: The operation.
        side: The implementation.
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


class Agent:
    """Something to register."""


# -- the least ---------------------------------------------------------------------------------------------------------


class Least:
    """The indispensable calls of each operation."""

    def __init__(self) -> None:
        self.agent = Agent()
        self.rows: dict[object, Any] = {"a": weakref.ref(self.agent)}
        self.entries = {"a": (1, float("inf"))}
        self.due: dict[tuple[str, ...], float] = {("seen",): float("inf")}
        self.clock, self.lock, self.items = time.monotonic, threading.RLock(), list[object]()
        self.count = iter(range(sys.maxsize)).__next__

    def get(self, key: object) -> Any:
        """Look up, and look whether the owner lives."""
        row = self.rows[key]
        return None if row() is None else row

    def register(self, key: object, agent: object) -> None:
        """Make a weak reference that tells, and enter it if there is none."""
        self.rows.setdefault(key, weakref.ref(agent, self.rows.get))

    def unregister(self, key: object) -> None:
        """Take out, if it is there and lives."""
        self.lock.acquire()
        row = self.rows.get(key)
        if row is not None and row() is not None:
            del self.rows[key]
        self.lock.release()

    def hit(self, key: str) -> Any:
        """Look up, look at the clock, count."""
        entry = self.entries[key]
        if self.clock() >= entry[1]:
            return None
        self.count()
        return entry[0]

    def repeated(self, name: tuple[str, ...]) -> bool:
        """Look up, look at the clock, count."""
        if self.clock() < self.due[name]:
            self.count()
            return False
        return True

    def batched(self, item: object) -> None:
        """Append, count, look whether that was enough."""
        items = self.items
        items.append(item)
        self.count()
        if len(items) >= 100:
            del items[:100]


class LeastBlock:
    """Sets and resets a context variable with a merged dictionary."""

    __slots__ = ("mapping", "token")

    def __init__(self, mapping: dict[str, object]) -> None:
        self.mapping = mapping

    def __enter__(self) -> None:
        self.token = VALUE.set(VALUE.get(EMPTY) | self.mapping)

    def __exit__(self, *_: object) -> None:
        VALUE.reset(self.token)


EMPTY: dict[str, object] = {}
VALUE: ContextVar[dict[str, object]] = ContextVar("benchmark_value")


# -- the cases ---------------------------------------------------------------------------------------------------------


def installed(name: str) -> bool:
    """Tell whether a package is there."""
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:  # the package around it is missing
        return False


def pair(statement: str, made: tuple[Any, Any], *, in_task: bool = False, **names: Any) -> list[Side]:
    """Return both implementations of a statement that speaks of `made`."""
    both = zip(("new", "legacy"), made, strict=True)
    return [Side(name, statement, {"made": one, **names}, in_task) for name, one in both]


def registry_cases() -> dict[str, tuple[float | None, list[Side]]]:
    """Reading a registry, and entering and taking out."""
    agent, least = Agent(), Least()
    made = (AgentRegistry(), legacy.AgentRegistry())
    for registry in made:
        registry.register("a", agent)
    turn = "made.register('b', agent); made.unregister('b')"
    return {
        "registry get": (2.5, [*pair("made.get('a')", made), Side("least", "made.get('a')", {"made": least})]),
        "registry register + unregister": (
            45,
            [*pair(turn, made, agent=agent), Side("least", turn, {"made": least, "agent": agent})],
        ),
    }


def cache_cases() -> dict[str, tuple[float | None, list[Side]]]:
    """A value that is there."""
    made = (TTLCache(), legacy.TTLCache())
    for cache in made:
        cache.set("a", 1)
    sides = [*pair("made.get('a')", made), Side("least", "made.hit('a')", {"made": Least()})]
    if installed("cachetools"):
        import cachetools

        held: Any = cachetools.TTLCache(1000, 600)
        held["a"] = 1
        sides.append(
            Side("cachetools + Lock", "with lock: made.get('a')", {"made": held, "lock": threading.Lock()}),
        )
    return {"cache hit": (6.5, sides)}


def context_cases() -> dict[str, tuple[float | None, list[Side]]]:
    """A block with one value."""
    block = "with made({'order': 7}): pass"
    sides = pair(block, (error_context.with_context, legacy.error_context.with_context))
    sides.append(Side("least", block, {"made": LeastBlock}))
    if installed("structlog"):
        from structlog.contextvars import bound_contextvars

        sides.append(Side("structlog bound_contextvars", "with made(order=7): pass", {"made": bound_contextvars}))
    return {"error context block": (33, sides)}


def event_cases() -> dict[str, tuple[float | None, list[Side]]]:
    """Events that nobody hears, that are repeated, and that wait for others."""
    heard = Telemetry()
    heard.attach("benchmark", (), lambda *_: None)
    made = (SampledEvents(heard, batch_size=100), legacy.SampledEvents(heard, batch_size=100))
    once, together = "made.emit_once_per(name, 3600.0)", "made.emit_batched(name, 1)"
    name, least = ("seen",), Least()
    return {
        "event idle": (2.5, [Side("new", "made.execute(name)", {"made": Telemetry(), "name": name})]),
        "event deduplicated": (
            6,
            [*pair(once, made, name=name), Side("least", "made.repeated(name)", {"made": least, "name": name})],
        ),
        "event batched": (
            8,
            [*pair(together, made, name=name), Side("least", "made.batched(1)", {"made": least})],
        ),
    }


def span_cases() -> dict[str, tuple[float | None, list[Side]]]:
    """Begin and end, as two calls and as a block."""
    made = (Tracer(), legacy.Tracer())
    calls, block = "made.end_span(made.start_span('work'))", "with made.span('work'): pass"
    in_thread, in_block = pair(calls, made), pair(block, made)
    if installed("opentelemetry.sdk"):
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter

        # The nearest to our two calls: a span that is made current and is not any more when it ends.
        current = "with made.start_as_current_span('work'): pass"
        bare, batched = TracerProvider(), TracerProvider()
        batched.add_span_processor(BatchSpanProcessor(SpanExporter()))
        for name, provider in (("OpenTelemetry SDK", bare), ("OpenTelemetry SDK, batched", batched)):
            in_thread.append(Side(name, current, {"made": provider.get_tracer("benchmark")}))
    return {
        "span start + end in a thread": (65, in_thread),
        "span start + end in a task": (78, pair(calls, made, in_task=True)),
        "span as a block": (None, in_block),
    }


# -- measuring ---------------------------------------------------------------------------------------------------------


def run(timer: timeit.Timer, number: int, *, in_task: bool) -> float:
    """Return the processor seconds of so many operations."""

    async def task() -> float:
        return timer.timeit(number)

    return asyncio.run(task()) if in_task else timer.timeit(number)


def measure(cases: dict[str, tuple[float | None, list[Side]]], rounds: int, number: int) -> tuple[float, list[Figure]]:
    """Return the nanoseconds of a bare `dict.get`, and a figure for every side."""
    bare = timeit.Timer("table.get('a')", globals={"table": {"a": 1}}, timer=time.process_time)
    sides = [(case, side) for case, (_, these) in cases.items() for side in these]
    timers = [timeit.Timer(side.statement, globals=side.names, timer=time.process_time) for _, side in sides]
    for timer, (_, side) in zip(timers, sides, strict=True):
        run(timer, number // 4, in_task=side.in_task)  # the interpreter specialises what is warm
    ratios: list[list[float]] = [[] for _ in sides]
    bares = []
    for turn in range(rounds):
        gc.collect()  # while it measures, timeit turns the collector off
        order = range(len(sides)) if turn % 2 == 0 else reversed(range(len(sides)))
        for which in order:
            before = bare.timeit(number)
            spent = run(timers[which], number, in_task=sides[which][1].in_task)
            beside = (before + bare.timeit(number)) / 2
            bares.append(beside / number)
            ratios[which].append(spent / beside)
        sys.stderr.write(f"round {turn + 1}/{rounds}\n")
    figures = []
    for (case, side), found in zip(sides, ratios, strict=True):
        low, median, high = statistics.quantiles(found, n=4) if len(found) > 1 else found * 3
        figures.append(
            Figure(case, side.name, median, low, high, min(found), cases[case][0] if side.name == "new" else None)
        )
    return statistics.median(bares) * 1e9, figures


def depth_ratio(rounds: int, number: int) -> float:
    """Return what a span costs 1,000 deep against 10 deep, the median of the rounds."""
    ratios = []
    with Tracer() as tracer:
        timer = timeit.Timer(
            "made.end_span(made.start_span('work'))", globals={"made": tracer}, timer=time.process_time
        )
        for _ in range(rounds):
            costs = {}
            for depth in (10, 1000):
                opened = [tracer.start_span("level") for _ in range(depth)]
                timer.timeit(number // 4)
                costs[depth] = timer.timeit(number)
                for span in reversed(opened):
                    tracer.end_span(span)
            ratios.append(costs[1000] / costs[10])
    return statistics.median(ratios)


def threads_ratio(read: Callable[[str], object], rounds: int, number: int) -> float:
    """Return the rate of reads of 8 threads against that of one, by wall clock, the median of the rounds."""

    def reads(count: int) -> None:
        for _ in range(count):
            read("a")

    def spent(threads: int) -> float:
        made = [threading.Thread(target=reads, args=(8 * number // threads,)) for _ in range(threads)]
        start = time.perf_counter()
        for thread in made:
            thread.start()
        for thread in made:
            thread.join()
        return time.perf_counter() - start

    spent(8)
    return statistics.median(spent(1) / spent(8) for _ in range(rounds))


def against(figures: list[Figure], case: str, peer: str) -> float | None:
    """Return how many times the cost of the new implementation a peer costs; None when it is not installed."""
    found = {figure.side: figure.median for figure in figures if figure.case == case}
    return found[peer] / found["new"] if peer in found and "new" in found else None


def bounds(figures: list[Figure], rounds: int, number: int) -> dict[str, tuple[float | None, float, bool]]:
    """Return, for everything that is not a ratio to `dict.get`: value, goal, and whether the goal is met."""
    agent, registry, cache = Agent(), AgentRegistry(), TTLCache()
    registry.register("a", agent)
    cache.set("a", 1)
    least = {
        "cachetools + Lock against cache hit": (against(figures, "cache hit", "cachetools + Lock"), 10.0),
        "structlog against error context block": (
            against(figures, "error context block", "structlog bound_contextvars"),
            7.0,
        ),
        "OpenTelemetry SDK against span start + end": (
            against(figures, "span start + end in a thread", "OpenTelemetry SDK"),
            11.0,
        ),
        "registry reads, 8 threads against one": (threads_ratio(registry.get, rounds, number), 0.9),
        "cache reads, 8 threads against one": (threads_ratio(cache.get, rounds, number), 0.9),
    }
    found = {name: (value, goal, value is not None and value >= goal) for name, (value, goal) in least.items()}
    deep = depth_ratio(rounds, number)
    found["span 1,000 deep against 10 deep (at most)"] = (deep, 1.1, deep <= 1.1)
    registry.close()
    cache.close()
    return found


# -- telling -----------------------------------------------------------------------------------------------------------


def tell(bare: float, figures: list[Figure], others: dict[str, tuple[float | None, float, bool]]) -> None:
    """Print a table."""
    print(f"Python {platform.python_version()}, a bare dict.get: {bare:.1f} ns; ratios to it, processor time")
    print(f"{'operation':32}{'side':37}{'median':>8}{'quartiles':>18}{'best':>8}{'goal':>7}")
    for f in figures:
        most = "" if f.goal is None else f"{f.goal:g}"
        spread, missed = f"{f.low:.1f} to {f.high:.1f}", " missed" if f.goal is not None and f.median > f.goal else ""
        print(f"{f.case:32}{f.side:37}{f.median:8.1f}{spread:>18}{f.best:8.1f}{most:>7}{missed}")
    for name, (value, goal, met) in others.items():
        shown = "not measured: the peer is not installed" if value is None else f"{value:.2f}"
        print(f"{name}: {shown} (goal {goal:g}{'' if met or value is None else ', missed'})")


def main() -> int:
    """Measure, tell the figures, and exit 1 when a goal is missed, 3 when a peer was not there to be measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15, help="samples of each side (default: 15)")
    parser.add_argument("--number", type=int, default=20_000, help="operations a sample (default: 20000)")
    parser.add_argument("--only", default="", help="only the operations whose name contains this")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args()
    if options.rounds < 1 or options.number < 100:
        parser.error("--rounds takes a number from 1, --number one from 100")
    made = [registry_cases(), cache_cases(), context_cases(), event_cases(), span_cases()]
    cases = {name: case for group in made for name, case in group.items() if options.only in name}
    if not cases:
        parser.error(f"no operation's name contains {options.only!r}")
    bare, figures = measure(cases, options.rounds, options.number)
    others = {} if options.only else bounds(figures, min(options.rounds, 7), options.number)
    if options.json:
        ratios = {name: {"value": value, "goal": goal, "met": met} for name, (value, goal, met) in others.items()}
        told = {"python": platform.python_version(), "dict_get_ns": bare, "figures": list(map(asdict, figures))}
        print(json.dumps(told | {"ratios": ratios}))
    else:
        tell(bare, figures, others)
    if any(value is None for value, _, _ in others.values()):
        return 3
    return int(any(f.goal is not None and f.median > f.goal for f in figures) or not all(o[2] for o in others.values()))


if __name__ == "__main__":
    sys.exit(main())
