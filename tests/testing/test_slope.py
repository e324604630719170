"""A leak is found and its size told; what fills and then is flat is none."""

from __future__ import annotations

import gc
import mmap
import threading
from collections import deque
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.testing import slope as slopes
from overt.testing.slope import assert_flat, blocks, measure, resident_bytes, slope, traced_bytes


@given(
    st.integers(-1000, 1000), st.integers(-(10**9), 10**9), st.lists(st.integers(0, 10**6), min_size=20, max_size=20)
)
def test_the_slope_of_a_line_is_found_whatever_two_points_say(step: int, start: int, noise: list[int]) -> None:
    """Two outliers of twenty move it less than the interval says."""
    points: list[tuple[float, float]] = [(x, start + step * x) for x in range(20)]
    points[3], points[11] = (3, start + noise[3]), (11, start - noise[11])
    found = slope(points)
    assert found.value == step
    assert found.low <= step <= found.high


def test_the_interval_is_that_of_the_ranks() -> None:
    """Worked out by hand for ten points: 45 slopes, spread 2.5758 * sqrt(125) = 28.8, ranks 8 and 37."""
    points = [(x, x * x) for x in range(10)]
    steps = sorted(a + b for a in range(10) for b in range(a))
    assert (slope(points).low, slope(points).value, slope(points).high) == (steps[8], 9, steps[37])
    with pytest.raises(ValueError, match="three points, not 2"):
        slope(points[:2])


def test_a_planted_leak_of_a_kilobyte_is_measured_within_a_tenth() -> None:
    """In bytes; and with it the test fails and tells how much."""
    kept: list[bytes] = []

    def leak() -> None:
        kept.append(bytes(1024 - 33))  # an empty one takes 33 bytes

    with traced_bytes() as read:
        found = measure(leak, read, cycles=50)
        assert 0.9 * 1024 < found.low <= found.value <= found.high < 1.1 * 1024
        with pytest.raises(AssertionError, match=r"it leaks: 10[2-4]\d a cycle \(1\S+ to 1\S+\), where 16 is allowed"):
            assert_flat(leak, read, tolerance=16.0, cycles=20)


def test_one_block_in_ten_cycles_is_found() -> None:
    """Blocks are exact, so that small leaks show."""
    kept: list[Any] = []
    count = iter(range(10**9))

    def leak() -> None:
        if next(count) % 10 == 0:
            kept.append(object())

    assert measure(leak, cycles=100).value == pytest.approx(0.1, rel=0.1)
    with pytest.raises(AssertionError, match="it leaks"):
        assert_flat(leak, cycles=100)


def test_memory_that_no_python_object_holds_is_seen_in_the_resident_memory() -> None:
    """Pages that are mapped and written to: what is allocated may fill holes of the heap that are resident already."""
    size, kept = 262_144, list[mmap.mmap]()  # far more than the kernel's counters, one for each processor, may lag by

    def leak() -> None:
        kept.append(mmap.mmap(-1, size))
        if hasattr(mmap, "MADV_NOHUGEPAGE"):
            kept[-1].madvise(mmap.MADV_NOHUGEPAGE)  # else the first write may bring two megabytes
        kept[-1].write(b"x" * size)

    try:
        found = measure(leak, resident_bytes, cycles=5)
    finally:
        for pages in kept:
            pages.close()
    assert found.value == pytest.approx(size, rel=0.1)


def test_what_is_flat_passes() -> None:
    """Work that leaves nothing, also with threads; the slope is returned."""

    def work() -> None:
        thread = threading.Thread(target=list)
        thread.start()
        thread.join()

    assert assert_flat(work, cycles=20).high <= 0.02


def test_a_cache_that_fills_is_no_leak() -> None:
    """The first measurement sees it grow, the second one, of double length, sees it flat."""
    cache: deque[object] = deque(maxlen=300)
    assert measure(lambda: cache.append(object()), cycles=10).low > 0.5
    cache.clear()
    assert assert_flat(lambda: cache.append(object()), cycles=15).value == 0


def test_what_the_measurement_does_not_decide_is_no_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """An interval that reaches beyond the tolerance says so."""
    lengths: list[int] = []

    def undecided(*_: object, points: int, **__: object) -> slopes.Slope:
        lengths.append(points)
        return slopes.Slope(0.0, -1.0, 1.0)

    monkeypatch.setattr(slopes, "measure", undecided)
    with pytest.raises(AssertionError, match="may leak, the measurement does not decide"):
        assert_flat(list)
    assert lengths == [20, 40]


def test_the_collector_is_as_it_was_after_measuring() -> None:
    """Also when the cycle raises, and when somebody else has told it what to pass over."""
    gc.collect()
    before = gc.get_freeze_count()  # on Python 3.12 objects that never die
    steps = iter([1, 1, 1, 0])
    with pytest.raises(ZeroDivisionError):
        measure(lambda: 1 / next(steps), cycles=2, points=3)
    gc.collect()
    assert gc.get_freeze_count() == before
    gc.freeze()
    try:
        frozen = gc.get_freeze_count()
        measure(list, cycles=1, points=3)
        assert gc.get_freeze_count() >= frozen - 10
    finally:
        gc.unfreeze()


def test_what_was_there_before_is_passed_over_while_it_is_measured() -> None:
    """Otherwise most of the time is spent on it, at every point."""
    there = len(gc.get_objects())
    passed_over: list[int] = []
    measure(lambda: passed_over.append(gc.get_freeze_count()), cycles=1, points=3)
    assert min(passed_over[1:]) > there / 2


def test_measuring_itself_holds_nothing() -> None:
    """The points are kept in room that was made before."""
    assert measure(lambda: None, blocks, cycles=1, points=60).value == 0
