"""Measuring statements against a bare `dict.get`, interleaved in one process; shared by the benchmarks here.

Each sample of each side stands between two samples of `table.get("a")`, and its ratio is to the mean of the two, so
that a drift of the machine weighs on both. Times are processor time. Both sides are run by the same loop of `timeit`,
`for _ in it: STATEMENT`, with what they speak of as globals of that loop, and nothing is subtracted on either side: a
ratio says what a user sees who writes the one in place of the other. `Figure.net` is the same without what the empty
loop takes, on both sides. The garbage collector runs between rounds and is off while it is measured.
"""

from __future__ import annotations

import asyncio
import gc
import importlib.util
import statistics
import sys
import time
import timeit
from contextvars import Context
from dataclasses import dataclass
from typing import Any

BARE = "table.get('a')"


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
    names: dict[str, Any]
    in_task: bool = False


Cases = dict[str, tuple[float | None, list[Side]]]
"""By name of an operation: the goal of the side `new`, None where none is set, and its sides."""


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
        net: Median ratio without what the empty loop takes on either side.
        goal: The most that the median may come to; None where none is set.
    """

    case: str
    side: str
    median: float
    low: float
    high: float
    best: float
    net: float
    goal: float | None

    @property
    def missed(self) -> bool:
        """Whether there is a goal and it is not met."""
        return self.goal is not None and self.median > self.goal


def installed(name: str) -> bool:
    """Tell whether a package is there."""
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:  # the package around it is missing
        return False


def timer(statement: str, names: dict[str, Any]) -> timeit.Timer:
    """Return what times a statement by processor time."""
    return timeit.Timer(statement, globals=names, timer=time.process_time)


def spent(clock: timeit.Timer, number: int, *, in_task: bool) -> float:
    """Return the processor seconds of so many operations, run where no context variable is set."""

    async def task() -> float:
        return clock.timeit(number)

    return Context().run(lambda: asyncio.run(task()) if in_task else clock.timeit(number))


def measure(cases: Cases, rounds: int, number: int) -> tuple[float, list[Figure]]:
    """Return the nanoseconds of a bare `dict.get`, and a figure for every side.

    Args:
        cases: What to measure.
        rounds: Samples of each side.
        number: Operations a sample.
    """
    bare, empty = timer(BARE, {"table": {"a": 1}}), timer("pass", {})
    sides = [(case, side) for case, (_, these) in cases.items() for side in these]
    timers = [timer(side.statement, side.names) for _, side in sides]
    for clock, (_, side) in zip(timers, sides, strict=True):
        spent(clock, number // 4, in_task=side.in_task)  # the interpreter specialises what is warm
    ratios: list[list[float]] = [[] for _ in sides]
    bares, loops = [], []
    for turn in range(rounds):
        gc.collect()
        order = range(len(sides)) if turn % 2 == 0 else reversed(range(len(sides)))
        for which in order:
            before = bare.timeit(number)
            taken = spent(timers[which], number, in_task=sides[which][1].in_task)
            beside = (before + bare.timeit(number)) / 2
            bares.append(beside / number)
            ratios[which].append(taken / beside)
        loops.append(empty.timeit(number) / number)
        sys.stderr.write(f"round {turn + 1}/{rounds}\n")
    loop = statistics.median(loops) / statistics.median(bares)
    figures = [
        summed_up(case, side, found, loop, cases[case][0]) for (case, side), found in zip(sides, ratios, strict=True)
    ]
    return statistics.median(bares) * 1e9, figures


def summed_up(case: str, side: Side, ratios: list[float], loop: float, goal: float | None) -> Figure:
    """Return the figure of one side; `loop` is the empty loop's share of a bare `dict.get`."""
    low, median, high = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else ratios * 3
    net = (median - loop) / (1 - loop)
    return Figure(case, side.name, median, low, high, min(ratios), net, goal if side.name == "new" else None)


def against(figures: list[Figure], case: str, peer: str) -> float | None:
    """Return how many times the cost of the new implementation a peer costs; None when it is not installed."""
    found = {figure.side: figure.median for figure in figures if figure.case == case}
    return found[peer] / found["new"] if peer in found and "new" in found else None


def told(figures: list[Figure]) -> list[str]:
    """Return the lines of a table."""
    lines = [f"{'operation':36}{'side':28}{'median':>8}{'quartiles':>18}{'best':>8}{'no loop':>9}{'goal':>6}"]
    for f in figures:
        most, missed = "" if f.goal is None else f"{f.goal:g}", " missed" if f.missed else ""
        spread = f"{f.low:.1f} to {f.high:.1f}"
        lines.append(f"{f.case:36}{f.side:28}{f.median:8.1f}{spread:>18}{f.best:8.1f}{f.net:9.1f}{most:>6}{missed}")
    return lines
