"""What the runtime's operations cost, as ratios to a bare `dict.get`, beside legacy, peers and the least possible.

Run it with `python validation/benchmarks/runtime.py --rounds 15`. How it measures says `interleaved.py`, next to this
file; a figure is the median of the rounds, with the quartiles, the smallest, and the median without the empty loop
beside it. Sides are

- `new` and `legacy`: the implementations of this project;
- `least`: the calls into the interpreter that the operation cannot do without, see `runtime_least.py`;
- the peers, where they are installed.

Besides: what a span costs 10 and 1,000 deep, and the rate of reads of 8 threads against one, by wall clock, beside that
of a bare `dict.get`. Ends with 1 when a goal is missed, with 3 when a peer is not installed.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict

from interleaved import Figure, against, measure, timer, told
from runtime_cases import CACHETOOLS, OPENTELEMETRY, STRUCTLOG, all_cases
from runtime_least import Agent

from overt.runtime import AgentRegistry, Tracer, TTLCache

Bound = tuple[float | None, float | None, bool]
"""A value, its goal, and whether that is met; None for what was not measured, and for no goal."""


def depth_ratio(rounds: int, number: int) -> float:
    """Return what a span costs 1,000 deep against 10 deep, the median of the rounds."""
    ratios = []
    with Tracer() as tracer:
        clock = timer("made.end_span(made.start_span('work'))", {"made": tracer})
        for _ in range(rounds):
            costs = {}
            for depth in (10, 1000):
                opened = [tracer.start_span("level") for _ in range(depth)]
                clock.timeit(number // 4)
                costs[depth] = clock.timeit(number)
                for span in reversed(opened):
                    tracer.end_span(span)
            ratios.append(costs[1000] / costs[10])
    return statistics.median(ratios)


def threads_ratio(read: Callable[[str], object], rounds: int, number: int) -> float:
    """Return the rate of reads of 8 threads against that of one, by wall clock, the median of the rounds.

    A sample is 80 times the number, so that it takes many of the interpreter's turns of 5 ms.
    """

    def reads(count: int) -> None:
        for _ in range(count):
            read("a")

    def taken(threads: int) -> float:
        made = [threading.Thread(target=reads, args=(80 * number // threads,)) for _ in range(threads)]
        start = time.perf_counter()
        for thread in made:
            thread.start()
        for thread in made:
            thread.join()
        return time.perf_counter() - start

    taken(1), taken(8)
    return statistics.median(taken(1) / taken(8) for _ in range(rounds))


def bounds(figures: list[Figure], rounds: int, number: int) -> dict[str, Bound]:
    """Return everything that is not a ratio to `dict.get`."""
    agent, registry, cache = Agent(), AgentRegistry(), TTLCache()
    registry.register("a", agent)
    cache.set("a", 1)
    one, three = "error context block, one value", "error context block, three values"
    least: dict[str, tuple[float | None, float | None]] = {
        f"{CACHETOOLS} against cache hit": (against(figures, "cache hit", CACHETOOLS), 10.0),
        f"{STRUCTLOG} against a block of one value": (against(figures, one, STRUCTLOG), None),
        f"{STRUCTLOG} against a block of three values": (against(figures, three, STRUCTLOG), 7.0),
        f"{OPENTELEMETRY} against span start + end": (
            against(figures, "span start + end in a thread", OPENTELEMETRY),
            11.0,
        ),
        "registry reads, 8 threads against one": (threads_ratio(registry.get, rounds, number), 0.9),
        "cache reads, 8 threads against one": (threads_ratio(cache.get, rounds, number), 0.9),
        "bare dict.get, 8 threads against one": (threads_ratio({"a": 1}.get, rounds, number), None),
    }
    found = {
        name: (value, goal, value is not None and (goal is None or value >= goal))
        for name, (value, goal) in least.items()
    }
    deep = depth_ratio(rounds, number)
    found["span 1,000 deep against 10 deep (at most)"] = (deep, 1.1, deep <= 1.1)
    registry.close()
    cache.close()
    return found


def tell(bare: float, figures: list[Figure], others: dict[str, Bound]) -> None:
    """Print a table."""
    print(f"Python {platform.python_version()}, a bare dict.get: {bare:.1f} ns; ratios to it, processor time")
    print("\n".join(told(figures)))
    for name, (value, goal, met) in others.items():
        shown = "not measured: the peer is not installed" if value is None else f"{value:.2f}"
        wanted = "" if goal is None else f" (goal {goal:g}{'' if met or value is None else ', missed'})"
        print(f"{name}: {shown}{wanted}")


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
    cases = all_cases(options.only)
    if not cases:
        parser.error(f"no operation's name contains {options.only!r}")
    bare, figures = measure(cases, options.rounds, options.number)
    others = {} if options.only else bounds(figures, min(options.rounds, 7), options.number)
    if options.json:
        ratios = {name: {"value": value, "goal": goal, "met": met} for name, (value, goal, met) in others.items()}
        document = {"python": platform.python_version(), "dict_get_ns": bare, "figures": list(map(asdict, figures))}
        print(json.dumps(document | {"ratios": ratios}))
    else:
        tell(bare, figures, others)
    if any(value is None for value, _, _ in others.values()):
        return 3
    return int(any(figure.missed for figure in figures) or not all(met for _, _, met in others.values()))


if __name__ == "__main__":
    sys.exit(main())
