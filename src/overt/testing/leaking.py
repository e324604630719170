"""Measuring whether work leaves memory, threads, descriptors or children behind, and how much."""

from __future__ import annotations

import gc
import json
import tracemalloc
from array import array
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from overt.testing.growth import COUNTED, FEWEST, TOLERANCE, Curve, Growth, Sort, Verdict, judge, suspicious
from overt.testing.held import (
    can_tell_resident,
    children,
    descriptors,
    native_reader,
    resident_bytes,
    small_pages,
    threads,
    trimmer,
)
from overt.testing.measures import checked_name
from overt.testing.slope import Read, blocks, only_new_objects_collected
from overt.testing.suspects import suspects_between
from overt.testing.waiting import wait_for

Work = Callable[[], object]

LEAKS = "overt.leaks"
"""Name of the test property that carries the curves of a check to the ledger."""

CYCLES: Final = 200
"""Iterations between two points, unless a check says otherwise."""

_ROUNDS: Final = 3
"""Rounds at most, each of double length: one, one that confirms, and another one when that decides nothing."""

_READERS: Final = {"threads": threads, "descriptors": descriptors, "children": children}


@dataclass(frozen=True, slots=True, repr=False)
class Leaks:
    """What a check for leaks measured.

    Args:
        name: What was done, as a dotted name.
        curves: Everything that was read.
        tolerance: Bytes an iteration that count as none.
        suspects: Where what leaks was allocated, the largest first; empty when nothing does, or nobody can tell.
        note: Why nobody can tell; empty otherwise.
    """

    name: str
    curves: tuple[Curve, ...]
    tolerance: int
    suspects: tuple[str, ...] = ()
    note: str = ""

    @property
    def growth(self) -> Growth:
        """What the curves come to."""
        return judge(self.curves, self.tolerance)

    @property
    def verdict(self) -> Verdict:
        """`leaks`, `flat`, `inconclusive` or `not measured`."""
        return self.growth.verdict

    def __repr__(self) -> str:
        """Return the verdict, why, and where it comes from: what an assertion shows."""
        growth = self.growth
        slope = f" [{growth.held.low:,.1f} to {growth.held.high:,.1f} bytes]" if growth.held else ""
        lines = [f"{self.name}: {growth.verdict}{slope}" + (f": {growth.reason}" if growth.reason else "")]
        return "\n".join([*lines, *(f"  allocated at {one}" for one in self.suspects), *filter(None, [self.note])])

    def property_text(self) -> str:
        """Return the measurements as a text that a test's property can hold."""
        told = {
            "name": self.name,
            "tolerance": self.tolerance,
            "curves": [list(curve) for curve in self.curves],
            "suspects": list(self.suspects),
        }
        return json.dumps(told, separators=(",", ":"))


def measure_leaks(
    name: str,
    work: Work,
    *,
    tolerance: int = TOLERANCE,
    cycles: int = CYCLES,
    points: int = 24,
    grace: float = 2.0,
) -> Leaks:
    """Do something again and again and return whether it leaves anything behind.

    After every so many iterations, and a garbage collection, it reads the blocks of Python's allocators, the bytes
    that the C library has given out, and the resident memory. When a curve may rise by more than is allowed it goes
    on for a round of double length, whose last half decides; when that leaks, or does not decide, Python's memory is
    traced to tell how much, and from where.

    Args:
        name: What is done, as a dotted name; claims speak of it as `leaks.<name>.verdict`.
        work: What is done; called without arguments.
        tolerance: Bytes an iteration that count as none.
        cycles: Iterations between two points; as many are done before, to get warm.
        points: Points of the first round, at least 20.
        grace: Seconds that threads, descriptors and children have to go away at the end.

    Raises:
        ValueError: A name that claims cannot use, or too few points or cycles.

    Example:
        >>> kept = []
        >>> found = measure_leaks("cart.add", lambda: kept.append(bytes(1000)), cycles=50)
        >>> found.verdict
        'leaks'
        >>> 1000 < found.growth.held.value < 1100
        True
    """
    checked_name(name)
    if points < FEWEST or cycles < 1 or tolerance < 1:
        raise ValueError(f"{name}: a check takes at least {FEWEST} points, one cycle, and a tolerance of one byte")
    with small_pages():
        measuring = _Measuring(work, cycles, points)
        measuring.warm_up()
        before = {sort: _READERS[sort]() for sort in COUNTED}
        with only_new_objects_collected():
            curves = measuring.rounds(tolerance)
            suspects: tuple[str, ...] = ()
            if judge(curves, tolerance).verdict != "flat":
                traced, suspects = measuring.traced()
                curves.append(traced)
        curves += _counted(before, measuring.done, grace)
    return Leaks(name, tuple(curves), tolerance, suspects)


def _counted(before: dict[Sort, int], done: int, grace: float) -> list[Curve]:
    """Return how many threads, descriptors and children there are, once those that go away have gone."""
    after = dict(before)

    def gone() -> bool:
        after.update({sort: _READERS[sort]() for sort in before})
        return all(after[sort] <= number for sort, number in before.items())

    with suppress(AssertionError):
        wait_for(gone, grace, interval=0.02)
    return [Curve(sort, 1, (0, done), (number, after[sort])) for sort, number in before.items()]


class _Measuring:
    """Goes on and on with one piece of work.

    Args:
        work: What is done.
        cycles: Iterations between two points.
        points: Points of the first round.
    """

    def __init__(self, work: Work, cycles: int, points: int) -> None:
        self._work, self._cycles, self._points = work, cycles, points
        self._trim = trimmer()
        self._readers: dict[Sort, Read] = {"blocks": blocks}
        native = native_reader()
        if native is not None:
            self._readers["native"] = native
        if can_tell_resident():
            self._readers["resident"] = resident_bytes
        self.done = 0

    def warm_up(self) -> None:
        """Let imports, pools and first readings be over."""
        self._go_on(self._readers.values())
        self.done = 0

    def rounds(self, tolerance: int) -> list[Curve]:
        """Return the curves of one round, and of longer ones as long as they look like growth and none is sure."""
        curves: list[Curve] = []
        for number in range(1, _ROUNDS + 1):
            latest = self._round(number, self._readers, self._points * 2 ** (number - 1))
            curves += latest
            if not suspicious(latest, tolerance) or judge(curves, tolerance).verdict == "leaks":
                break
        return curves

    def traced(self) -> tuple[Curve, tuple[str, ...]]:
        """Return the curve of the bytes that Python's allocators have given out, and where most of them went."""
        tracemalloc.start(8)
        try:
            self._go_on([])
            begin, first = self.done, tracemalloc.take_snapshot()
            (curve,) = self._round(1, {"traced": lambda: tracemalloc.get_traced_memory()[0]}, FEWEST)
            found = suspects_between(first, tracemalloc.take_snapshot(), self.done - begin)
        finally:
            tracemalloc.stop()
        return curve, found

    def _round(self, number: int, readers: dict[Sort, Read], points: int) -> list[Curve]:
        # Made before, so that measuring holds no more at the end than at the beginning.
        at, held = array("q", bytes(8 * points)), {sort: array("q", bytes(8 * points)) for sort in readers}
        for point in range(points):
            amounts = self._go_on(readers.values())
            at[point] = self.done
            for sort, amount in zip(readers, amounts, strict=True):
                held[sort][point] = amount
        return [Curve(sort, number, tuple(at), tuple(amounts)) for sort, amounts in held.items()]

    def _go_on(self, readers: Iterable[Read]) -> list[int]:
        for _ in range(self._cycles):
            self._work()
        self.done += self._cycles
        gc.collect()
        self._trim()
        return [read() for read in readers]
