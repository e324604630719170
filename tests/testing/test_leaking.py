"""Real leaks are found and their size told, in Python and below it; what fills, or comes once, is no leak."""

from __future__ import annotations

import ctypes
import os
import random
import threading
import tracemalloc
from collections import OrderedDict
from collections.abc import Callable, Iterator

import pytest

from overt.testing.leaking import measure_leaks

Clean = Callable[[Callable[[], object]], None]


@pytest.fixture
def later() -> Iterator[Clean]:
    """Give what remembers how to take back what a test leaks."""
    todo: list[Callable[[], object]] = []
    yield todo.append
    for undo in todo:
        undo()


@pytest.fixture
def native(later: Clean) -> Callable[[], None]:
    """Give what takes a kilobyte from the C library and forgets it; at the end all is given back."""
    library = ctypes.CDLL(None)
    library.malloc.restype, library.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    library.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
    library.free.argtypes = [ctypes.c_void_p]
    taken = (ctypes.c_void_p * 100_000)()  # no Python object for any of them
    count = iter(range(100_000))

    def leak() -> None:
        number = next(count)
        taken[number] = library.malloc(1024)
        library.memset(taken[number], 1, 1024)

    later(lambda: [library.free(one) for one in taken if one])
    return leak


def test_a_kilobyte_of_python_is_found_and_told_within_a_tenth() -> None:
    """With the line that allocates it."""
    kept: list[bytes] = []
    found = measure_leaks("keeps", lambda: kept.append(bytes(1024 - 33)), cycles=50)
    assert found.verdict == "leaks"
    assert found.growth.held is not None
    assert found.growth.held.value == pytest.approx(1024, rel=0.1)
    assert "test_leaking.py:" in found.suspects[0]
    assert "bytes stay behind after each iteration" in str(found)
    assert f"allocated at {found.suspects[0]}" in str(found)
    assert not tracemalloc.is_tracing()


def test_a_kilobyte_of_the_c_library_is_found_and_told_within_a_tenth(native: Callable[[], None]) -> None:
    """Where Python's own memory stays flat; also when it fills holes of the heap, which are resident already."""
    size = random.Random(6)
    holes = [bytes(size.randrange(600, 4000)) for _ in range(10_000)]
    del holes[::2]
    found = measure_leaks("forgets", native, cycles=50)
    assert found.verdict == "leaks"
    assert found.growth.held is not None
    assert found.growth.held.value == pytest.approx(1024, rel=0.1)
    assert found.growth.blocks is not None
    assert abs(found.growth.blocks.value) < 0.01
    assert len(holes) == 5_000


def test_a_list_that_grows_is_found_and_told_within_a_tenth() -> None:
    """Without a new object: only its own room becomes larger, by steps."""
    grown: list[None] = []
    found = measure_leaks("grows", lambda: grown.extend([None] * 128), cycles=100)
    assert found.verdict == "leaks"
    assert found.growth.held is not None
    assert found.growth.held.value == pytest.approx(1024, rel=0.1)


def test_a_cache_that_fills_and_a_burst_are_no_leaks() -> None:
    """The cache fills within the first round and a half, the burst is as if a module were imported."""
    cache: OrderedDict[int, bytes] = OrderedDict()
    numbers, once = iter(range(10**9)), list[bytes]()

    def work() -> None:
        number = next(numbers)
        cache[number] = bytes(1000)
        if len(cache) > 1500:
            cache.popitem(last=False)
        if number == 800:
            once.extend(bytes(5000) for _ in range(500))

    found = measure_leaks("fills", work, cycles=50)
    assert max(curve.round for curve in found.curves) > 1
    assert (found.verdict, found.suspects) == ("flat", ())


def test_work_that_leaves_nothing_is_flat_at_once() -> None:
    """After one round, and no tracing."""
    count = iter(range(10**9))
    found = measure_leaks("works", lambda: next(count), cycles=20)
    assert found.verdict == "flat"
    assert next(count) == 20 * (1 + 24)
    assert (found.curves[0].x[0], found.curves[0].x[-1]) == (20, 480)
    assert {curve.round for curve in found.curves} == {1}
    assert "traced" not in {curve.sort for curve in found.curves}
    assert [len(curve.x) for curve in found.curves[:3]] == [24, 24, 24]


def test_threads_that_stay_are_counted(later: Clean) -> None:
    """Each iteration of the last point starts one; those that end in time are none."""
    stop, count = threading.Event(), iter(range(10**9))
    later(stop.set)

    def work() -> None:
        if next(count) in {10, 15}:
            threading.Thread(target=stop.wait).start()

    found = measure_leaks("starts", work, cycles=1, grace=0.05)
    assert found.verdict == "leaks"
    assert "2 more threads than before" in found.growth.reason


def test_descriptors_that_stay_open_are_counted(later: Clean) -> None:
    """Opened once, and never closed."""
    count = iter(range(10**9))

    def work() -> None:
        if next(count) == 10:
            opened = os.open(os.devnull, os.O_RDONLY)
            later(lambda: os.close(opened))

    assert "1 more descriptors than before" in measure_leaks("opens", work, cycles=1, grace=0.05).growth.reason


def test_children_that_nobody_waited_for_are_counted(later: Clean) -> None:
    """Also when they have ended: the system keeps their status; the second one is waited for."""
    count = iter(range(10**9))

    def work() -> None:
        number = next(count)
        if number in {10, 12}:
            child = os.posix_spawn("/bin/true", ["true"], {})
            if number == 12:
                os.waitpid(child, 0)
            else:
                later(lambda: os.waitpid(child, 0))

    assert "1 more children than before" in measure_leaks("spawns", work, cycles=1, grace=0.05).growth.reason


def test_what_cannot_be_a_check_is_refused() -> None:
    """A name that claims cannot use, too few points, no tolerance at all."""
    with pytest.raises(ValueError, match="is no name"):
        measure_leaks("Not a name", list)
    for wrong in ({"points": 19}, {"cycles": 0}, {"tolerance": 0}):
        with pytest.raises(ValueError, match="at least 20 points"):
            measure_leaks("some", list, **wrong)


def test_an_error_of_the_work_comes_through_and_leaves_nothing_traced() -> None:
    """The one that measures must not hide what is measured."""
    with pytest.raises(ZeroDivisionError):
        measure_leaks("fails", lambda: 1 / 0)
