"""What curves come to: a leak keeps its slope, a cache flattens, and what was not measured proves nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.testing.growth import TOLERANCE, Curve, Sort, judge, limit, settled, suspicious

POINTS = 24


def line(
    sort: Sort, step: float, *, start: int = 4_000_000, number: int = 1, begin: int = 0, points: int = POINTS
) -> Curve:
    """Return a curve that rises by so much with each iteration, a point every hundred."""
    x = tuple(range(begin + 100, begin + 100 * points + 1, 100))
    return Curve(sort, number, x, tuple(start + round(step * (at - begin)) for at in x))


def flat(*sorts: Sort, number: int = 1) -> list[Curve]:
    """Return curves that do not rise."""
    return [line(sort, 0, number=number) for sort in sorts or ("blocks", "native", "resident")]


def test_what_does_not_rise_is_flat() -> None:
    """With the slope that says so, and without a reason."""
    found = judge(flat())
    assert (found.verdict, found.reason, found.iterations) == ("flat", "", 100 * POINTS)
    assert found.held is not None
    assert found.held.high == 0


def test_one_round_alone_is_no_proof_of_a_leak() -> None:
    """A cache may just fill: it is suspicious, and inconclusive until it is confirmed."""
    once = [line("blocks", 1), line("resident", 1000)]
    assert suspicious(once, TOLERANCE)
    assert judge(once).verdict == "inconclusive"
    again = [line("blocks", 1, number=2, points=48), line("resident", 1000, number=2, points=48)]
    assert judge([*once, *again]).verdict == "leaks"


@given(rate=st.integers(2 * TOLERANCE, 10**6), noise=st.lists(st.integers(0, 500), min_size=48, max_size=48))
def test_the_size_of_a_leak_is_that_of_its_slope(rate: int, noise: list[int]) -> None:
    """Also when readings scatter."""
    steady = line("resident", rate, number=2, points=48)
    curve = steady._replace(y=tuple(y + extra for y, extra in zip(steady.y, noise, strict=True)))
    found = judge([line("blocks", 0, number=2), curve])
    assert found.held is not None
    assert found.held.low <= rate + 10
    assert found.held.high >= rate - 10
    assert found.verdict == "leaks"


def test_what_rises_at_first_and_is_flat_in_the_second_half_is_flat() -> None:
    """Of a round that confirms only the last half decides, and that as a whole is flat."""
    rising = line("resident", 1000, number=2)
    top = rising.y[-1]
    curve = rising._replace(x=(*rising.x, *(at + 2400 for at in rising.x)), y=(*rising.y, *(top,) * POINTS))
    assert settled(curve).high == 0
    assert judge([*flat("blocks"), line("resident", 1000), curve]).verdict == "flat"
    first = curve._replace(round=1)
    assert settled(first).high > 0


def test_blocks_alone_are_suspicious_but_do_not_decide() -> None:
    """They may be many and tiny: what was traced in bytes says."""
    blocks = [line("blocks", 0.5), line("blocks", 0.5, number=2, points=48)]
    others = [*flat("resident"), *flat("resident", number=2)]
    assert judge([*blocks, *others]).verdict == "inconclusive"
    assert judge([*blocks, *others, line("traced", 2, points=20)]).verdict == "flat"
    found = judge([*blocks, *others, line("traced", 64, points=20)])
    assert found.verdict == "leaks"
    assert found.reason == "64 bytes stay behind after each iteration"


def test_as_few_blocks_as_could_hold_the_tolerance_are_suspicious() -> None:
    """512 bytes fit into one, so 16 bytes an iteration are one block in 32."""
    assert limit("blocks", 16) == 1 / 32
    assert suspicious([line("blocks", 0.05)], 16)
    assert not suspicious([line("blocks", 0.01)], 16)


def test_the_size_is_told_by_the_most_exact_of_the_steepest_curves() -> None:
    """The C library adds a header, pages are whole; but a curve that sees only a part of it tells nothing."""
    blocks = line("blocks", 1, number=2, points=48)
    native, resident = line("native", 1040, number=2, points=48), line("resident", 1056, number=2, points=48)
    python = judge([blocks, native, resident, line("traced", 1024)])
    assert python.held is not None
    assert python.held.value == 1024
    mixed = judge([blocks, native, line("resident", 5000, number=2, points=48), line("traced", 24)])
    assert mixed.held is not None
    assert mixed.held.value == 5000


def test_a_curve_that_goes_by_steps_does_not_tell_the_size() -> None:
    """A list that doubles its room now and then: the pages that it fills are steady."""
    steps = line("traced", 1024, points=20)
    steps = steps._replace(y=tuple(y // 600_000 * 600_000 for y in steps.y))
    alone = judge([line("blocks", 0, number=2), steps])
    assert alone.verdict == "leaks"
    assert alone.held is not None
    assert alone.held.value != 1024
    found = judge([line("blocks", 0, number=2), line("resident", 1024, number=2, points=48), steps])
    assert found.held is not None
    assert found.held.value == 1024


@pytest.mark.parametrize("sort", ["threads", "descriptors", "children"])
def test_what_is_more_than_before_is_left_behind(sort: Sort) -> None:
    """However flat the memory is; what is less is nothing."""
    found = judge([*flat(), Curve(sort, 1, (0, 2400), (3, 5))])
    assert (found.verdict, found.reason) == ("leaks", f"2 more {sort} than before: 3, then 5")
    assert judge([*flat(), Curve(sort, 1, (0, 2400), (5, 3))]).verdict == "flat"


@pytest.mark.parametrize(
    ("curves", "reason"),
    [
        ([], "the resident memory was not measured"),
        (flat("blocks"), "the resident memory was not measured"),
        (flat("resident"), "the blocks of Python's allocators were not measured"),
        ([line("blocks", 0, points=19), line("resident", 0, points=19)], "the resident memory was not measured"),
    ],
)
def test_what_was_not_measured_is_not_flat(curves: list[Curve], reason: str) -> None:
    """A curve that is missing, or has fewer than twenty points."""
    found = judge(curves)
    assert (found.verdict, found.reason) == ("not measured", reason)


def test_a_leak_is_a_leak_whatever_else_was_not_measured() -> None:
    """On a system that does not tell its resident memory."""
    assert judge([line("blocks", 1), line("traced", 100)]).verdict == "leaks"
