"""Whether memory grows with the number of cycles: a slope with an interval, confirmed by a run of double length."""

from __future__ import annotations

import gc
import sys
import tracemalloc
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from statistics import median

from overt.testing.held import resident_bytes

__all__ = ["Slope", "assert_flat", "blocks", "measure", "resident_bytes", "slope", "traced_bytes"]

Read = Callable[[], int]
"""Returns how much is held now; it must allocate nothing that stays."""

_Z = 2.5758  # two-sided 99 %
_IMMORTAL = 1_000
"""Python 3.12 itself sets objects aside that never die, some hundreds; whoever calls `gc.freeze` has thousands."""


@dataclass(frozen=True, slots=True)
class Slope:
    """How much more is held after each cycle.

    Args:
        value: Median of the slopes between all pairs of points (Theil and Sen), in the unit of the reading a cycle.
        low: Lower end of its 99 % interval.
        high: Upper end of its 99 % interval.
    """

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """Return the slope with its interval."""
        return f"{self.value:.4g} a cycle ({self.low:.4g} to {self.high:.4g})"


def slope(points: Sequence[tuple[float, float]]) -> Slope:
    """Return the slope through points by Theil and Sen: a few outliers do not move it.

    Args:
        points: (cycles, held) each, with cycles all different.

    Raises:
        ValueError: Fewer than three points.

    Example:
        >>> slope([(1, 10), (2, 12), (3, 99), (4, 16), (5, 18), (6, 20)]).value
        2.0
    """
    count = len(points)
    if count < 3:
        raise ValueError(f"a slope with an interval takes at least three points, not {count}")
    steps = sorted((y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in combinations(points, 2))
    # Ranks of the interval's ends, from the spread of Kendall's statistic (Sen, 1968).
    spread = _Z * (count * (count - 1) * (2 * count + 5) / 18) ** 0.5
    first = max(0, round((len(steps) - spread) / 2))
    last = min(len(steps) - 1, round((len(steps) + spread) / 2))
    return Slope(median(steps), steps[first], steps[last])


def blocks() -> int:
    """Return how many blocks Python's allocators have given out: exact, and costs nothing."""
    return sys.getallocatedblocks()


@contextmanager
def traced_bytes() -> Iterator[Read]:
    """Give a reading of the bytes that Python's allocators have given out since; makes code several times slower."""
    tracemalloc.start()
    try:
        yield lambda: tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()


@contextmanager
def only_new_objects_collected() -> Iterator[None]:
    """Let the collector pass over what is there already, which takes most of the time, unless it does so anyway."""
    gc.collect()
    if gc.get_freeze_count() > _IMMORTAL:
        yield
        return
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def measure(cycle: Callable[[], object], read: Read = blocks, *, cycles: int = 500, points: int = 20) -> Slope:
    """Run a cycle again and again and return how much more is held after each.

    Args:
        cycle: What is done again and again.
        read: What is held: `blocks`, `resident_bytes`, what `traced_bytes` gives, or any other number.
        cycles: Cycles between two points; the first so many are to get warm and are not measured.
        points: Points measured, after a garbage collection each.
    """
    held = array("q", bytes(8 * points))  # made before, so that measuring holds no more at the end than now
    for _ in range(cycles):
        cycle()
    with only_new_objects_collected():
        for point in range(points):
            for _ in range(cycles):
                cycle()
            gc.collect()
            held[point] = read()
    return slope([(cycles * point, amount) for point, amount in enumerate(held, 1)])


def assert_flat(
    cycle: Callable[[], object],
    read: Read = blocks,
    *,
    tolerance: float = 0.02,
    cycles: int = 500,
    points: int = 20,
) -> Slope:
    """Fail when what is held grows with the number of cycles.

    Growth that goes on is a leak; a cache fills and then is flat. So what looks like growth is measured again, at
    double length, and that decides.

    Args:
        cycle: What is done again and again.
        read: What is held, see `measure`.
        tolerance: Most that may be added by a cycle, in the unit of the reading.
        cycles: Cycles between two points.
        points: Points measured.

    Returns:
        The slope that was decided on; its whole interval is within the tolerance.

    Raises:
        AssertionError: The interval of the second measurement is above the tolerance, or reaches beyond it.

    Example:
        >>> kept = []
        >>> assert_flat(lambda: kept.append([0] * 100), cycles=10)
        Traceback (most recent call last):
        AssertionError: it leaks: ... a cycle (... to ...), where 0.02 is allowed
    """
    found = measure(cycle, read, cycles=cycles, points=points)
    if found.high > tolerance:
        found = measure(cycle, read, cycles=cycles, points=2 * points)
    if found.high > tolerance:
        verdict = "it leaks" if found.low > tolerance else "it may leak, the measurement does not decide"
        raise AssertionError(f"{verdict}: {found}, where {tolerance:g} is allowed")
    return found
