"""Whether what was measured again and again grows: curves in, a verdict out, nothing measured here.

A cache fills and then is flat, a leak keeps its slope. So when the first round looks like growth a second one of double
length goes on where it ended, and its last half decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from overt.testing.slope import Slope, slope

Verdict = Literal["leaks", "flat", "inconclusive", "not measured"]
Sort = Literal["blocks", "native", "resident", "traced", "threads", "descriptors", "children"]

FEWEST = 20
"""Points below which no slope is looked at."""

TOLERANCE = 16
"""Bytes an iteration that count as none: Python's allocators give out no less."""

COUNTED: tuple[Sort, ...] = ("threads", "descriptors", "children")
"""What must be as many at the end as at the beginning."""

IN_BYTES: tuple[Sort, ...] = ("traced", "native", "resident")
"""Curves in bytes, the most exact first: the C library adds to what it gives out, and pages are taken as a whole."""

_NEAR = 0.75
"""Share of the steepest curve from which on another one sees the same leak."""

_WIDE = 0.25
"""Width of an interval by its slope, from which on a curve goes by steps and tells the size badly."""

_SMALL_BLOCK = 512
"""Most bytes that a block of Python's small-object allocator holds."""


class Curve(NamedTuple):
    """What was held after so many iterations.

    Args:
        sort: What was read.
        round: 1 for the first one, 2 and more for those that confirm.
        x: Iterations done.
        y: What was held then: bytes, or for blocks and what is counted, how many.
    """

    sort: Sort
    round: int
    x: tuple[int, ...]
    y: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Growth:
    """What curves come to.

    Args:
        verdict: `leaks`, `flat`, `inconclusive` or `not measured`.
        reason: One sentence that says why; empty when it is flat.
        held: Bytes held more after each iteration, with their 99 % interval; None when that was not measured.
        blocks: Blocks of Python's allocators that are more after each iteration; None when not measured.
        traced: Bytes that Python's allocators have given out more after each; None unless it was suspicious.
        iterations: Iterations that were measured.
    """

    verdict: Verdict
    reason: str
    held: Slope | None
    blocks: Slope | None
    traced: Slope | None
    iterations: int


class _Looked(NamedTuple):
    """One curve, looked at: its slope where it decides, and what that says."""

    sort: Sort
    found: Slope
    state: Verdict


def settled(curve: Curve) -> Slope:
    """Return the slope that decides: of the last half, once there are points enough, else of all.

    Args:
        curve: At least three points.
    """
    points = list(zip(curve.x, curve.y, strict=True))
    # What was traced begins after the rounds that confirm: everything had filled by then.
    later = curve.round > 1 and curve.sort != "traced" and len(points) >= 2 * FEWEST
    return slope(points[len(points) // 2 :] if later else points)


def limit(sort: Sort, tolerance: int) -> float:
    """Return the most that a curve may rise with each iteration: bytes, or as many blocks as could hold them.

    Args:
        sort: What the curve shows.
        tolerance: Bytes an iteration.
    """
    return tolerance / _SMALL_BLOCK if sort == "blocks" else float(tolerance)


def suspicious(curves: Iterable[Curve], tolerance: int) -> bool:
    """Tell whether a curve may rise by more than is allowed, so that it is worth while to look again.

    Args:
        curves: Those of one round.
        tolerance: Bytes an iteration that count as none.
    """
    return any(settled(one).high > limit(one.sort, tolerance) for one in curves if one.sort not in COUNTED)


def judge(curves: Sequence[Curve], tolerance: int = TOLERANCE) -> Growth:
    """Return what curves come to.

    Args:
        curves: Everything that was measured, of all rounds, in any order.
        tolerance: Bytes an iteration that count as none.

    Example:
        >>> x = tuple(range(100, 2100, 100))
        >>> blocks = Curve("blocks", 1, x, (7,) * 20)
        >>> judge([blocks, Curve("resident", 1, x, (4096,) * 20)]).verdict
        'flat'
        >>> judge([blocks]).reason
        'the resident memory was not measured'
    """
    last = {one.sort: one for one in sorted(curves, key=lambda one: one.round) if one.sort not in COUNTED}
    looked = {sort: _look(one, tolerance) for sort, one in last.items() if len(one.x) >= FEWEST}
    left = _left(curves)
    blocks, traced = looked.get("blocks"), looked.get("traced")
    held = _held([one for one in looked.values() if one.sort != "blocks"])
    verdict, reason = _decide(looked, left)
    done = max((one.x[-1] for one in curves if one.x), default=0)
    return Growth(
        verdict,
        reason,
        held=held.found if held else None,
        blocks=blocks.found if blocks else None,
        traced=traced.found if traced else None,
        iterations=done,
    )


def _look(curve: Curve, tolerance: int) -> _Looked:
    found, most = settled(curve), limit(curve.sort, tolerance)
    if found.high <= most:
        return _Looked(curve.sort, found, "flat")
    # One round alone may have seen a cache fill.
    sure = found.low > most and (curve.round > 1 or curve.sort == "traced")
    return _Looked(curve.sort, found, "leaks" if sure else "inconclusive")


def _left(curves: Iterable[Curve]) -> list[str]:
    """Return what is more at the end than it was at the beginning, in words."""
    return [
        f"{one.y[-1] - one.y[0]} more {one.sort} than before: {one.y[0]}, then {one.y[-1]}"
        for one in curves
        if one.sort in COUNTED and one.y and one.y[-1] > one.y[0]
    ]


def _held(looked: Sequence[_Looked]) -> _Looked | None:
    """Return the curve in bytes that tells the size: each sees a part, so of the steepest ones the most exact."""
    by_trust = sorted(looked, key=lambda one: IN_BYTES.index(one.sort))
    leaking = [one for one in by_trust if one.state == "leaks"]
    if not leaking:
        return by_trust[-1] if by_trust else None
    most = max(one.found.value for one in leaking)
    near = [one for one in leaking if one.found.value >= _NEAR * most]
    narrow = [one for one in near if _width(one) <= _WIDE]
    return narrow[0] if narrow else min(near, key=_width)


def _width(one: _Looked) -> float:
    return (one.found.high - one.found.low) / one.found.value


def _decide(looked: dict[Sort, _Looked], left: Sequence[str]) -> tuple[Verdict, str]:
    leaking = [one for one in looked.values() if one.state == "leaks" and one.sort != "blocks"]
    if left or leaking:
        steepest = _held(leaking)
        said = [f"{steepest.found.value:,.0f} bytes stay behind after each iteration"] if steepest else []
        return "leaks", "; ".join([*said, *left])
    for sort, name in (("resident", "the resident memory was"), ("blocks", "the blocks of Python's allocators were")):
        if sort not in looked:
            return "not measured", f"{name} not measured"
    doubtful = [one for one in looked.values() if one.state != "flat" and not _explained(one, looked)]
    if doubtful:
        one = doubtful[0]
        return "inconclusive", f"the {one.sort} curve does not decide: {one.found}"
    return "flat", ""


def _explained(one: _Looked, looked: dict[Sort, _Looked]) -> bool:
    """Tell whether blocks that rise are too small to count: what was traced in bytes is flat."""
    traced = looked.get("traced")
    return one.sort == "blocks" and traced is not None and traced.state == "flat"
