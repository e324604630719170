"""Two ways to do one thing, measured in turns: what is slow for a while is slow for both.

A round measures the baseline, the candidate and the baseline again, the next one in the opposite order. The second
measurement of the baseline is a control: the same code against itself must not differ.
"""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from overt.testing.measures import checked_name
from overt.testing.ratio import BAND, FEWEST, Ratio, Verdict, ratio

Side = Callable[[int], object]
"""Does so many operations."""

PROPERTY = "overt.benchmark"
"""Name of the test property that carries the measurements to the ledger."""

_FIRST = 10
"""Rounds before the width of the interval is looked at."""


class Spent(NamedTuple):
    """What one side took in one round, in nanoseconds."""

    wall_ns: int
    cpu_ns: int


class Round(NamedTuple):
    """One round: the baseline, the candidate, and the baseline again."""

    baseline: Spent
    candidate: Spent
    control: Spent


class Timers(NamedTuple):
    """Where times come from, in nanoseconds."""

    wall_ns: Callable[[], int] = time.perf_counter_ns
    cpu_ns: Callable[[], int] = time.process_time_ns


@dataclass(frozen=True, slots=True)
class Compared:
    """What comparing two sides came to.

    Args:
        name: What was done.
        baseline: Name of the side that is compared with.
        candidate: Name of the side that is judged.
        rounds: What was measured.
        operations: How often it was done in each measurement.
        band: Share by which sides may differ and still count as the same.
    """

    name: str
    baseline: str
    candidate: str
    rounds: tuple[Round, ...]
    operations: int
    band: float

    @property
    def ratio(self) -> Ratio:
        """Processor time of the candidate by that of the baseline."""
        return ratio([(one.candidate.cpu_ns, one.baseline.cpu_ns) for one in self.rounds])

    @property
    def control(self) -> Ratio:
        """Processor time of the baseline by that of the baseline."""
        return ratio([(one.control.cpu_ns, one.baseline.cpu_ns) for one in self.rounds])

    @property
    def verdict(self) -> Verdict:
        """What the comparison decides; `not comparable` when the control differs from itself."""
        if len(self.rounds) < FEWEST:
            return "not measured"
        if self.control.verdict(self.band) in {"slower", "faster"}:
            return "not comparable"
        return self.ratio.verdict(self.band)

    def property_text(self) -> str:
        """Return the measurements as a text that a test's property can hold."""
        told = {
            "name": self.name,
            "sides": [self.baseline, self.candidate],
            "operations": self.operations,
            "band_ppm": round(self.band * 1e6),
            "rounds": [[number for spent in one for number in spent] for one in self.rounds],
        }
        return json.dumps(told, separators=(",", ":"))


def compare(
    name: str,
    *,
    band: float = BAND,
    rounds: int = 60,
    at_least_ns: int = 5_000_000,
    timers: Timers | None = None,
    **sides: Side,
) -> Compared:
    """Measure two sides in turns.

    It ends when the interval is narrower than the band, never because of what it says, or after so many rounds.

    Args:
        name: What both do, as a dotted name; claims speak of it as `benchmarks.<name>.ratio`.
        band: Share by which sides may differ and still count as the same.
        rounds: Most rounds.
        at_least_ns: How long a measurement of the baseline takes at least, in nanoseconds of processor time; so many
            operations are done in each.
        timers: Where times come from.
        sides: The two sides by name, the baseline first, then the candidate; each is called with a number of
            operations to do.

    Raises:
        ValueError: Not two sides, or a name that claims cannot use.

    Example:
        >>> done = compare("sum", loop=lambda n: [sum(range(9)) for _ in range(n)], closed=lambda n: [9 * 4] * n)
        >>> done.verdict
        'faster'
    """
    checked_name(name)
    if len(sides) != 2:
        raise ValueError(f"name two sides, the baseline first: {name!r} has {len(sides)}")
    clock = timers or Timers()
    (baseline, old), (candidate, new) = sides.items()
    done: list[Round] = []
    with _no_collector():
        operations = _operations(old, at_least_ns, clock)
        new(operations)
        while len(done) < rounds and not (len(done) >= _FIRST and _narrow(done, band)):
            done.append(_round(old, new, operations, clock, forwards=len(done) % 2 == 0))
    return Compared(name, baseline, candidate, tuple(done), operations, band)


def _round(old: Side, new: Side, operations: int, clock: Timers, *, forwards: bool) -> Round:
    first, middle, last = (_spent(side, operations, clock) for side in (old, new, old))
    return Round(first, middle, last) if forwards else Round(last, middle, first)


def _narrow(done: list[Round], band: float) -> bool:
    found = ratio([(one.candidate.cpu_ns, one.baseline.cpu_ns) for one in done])
    return found.width() < band


def _spent(side: Side, operations: int, clock: Timers) -> Spent:
    wall, cpu = clock.wall_ns(), clock.cpu_ns()
    side(operations)
    cpu, wall = clock.cpu_ns() - cpu, clock.wall_ns() - wall
    return Spent(max(1, wall), max(1, cpu))


def _operations(side: Side, at_least_ns: int, clock: Timers) -> int:
    """Return how many operations take long enough to be measured."""
    operations = 1
    while _spent(side, operations, clock).cpu_ns < at_least_ns:
        operations *= 2
        if operations >= 2**30:
            break
    return operations


@contextmanager
def _no_collector() -> Iterator[None]:
    """Keep the garbage collector from striking one side only."""
    was_on = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
