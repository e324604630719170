"""What a process holds is read as the system tells it."""

from __future__ import annotations

import ctypes
import mmap
import os
import threading

import pytest

from overt.testing import held
from overt.testing.held import children, descriptors, native_reader, resident_bytes, small_pages, threads, trimmer


def test_pages_that_are_written_to_are_resident_at_once() -> None:
    """Page by page: not one is missing, or too many by a huge one."""
    size = 1_000 * mmap.PAGESIZE
    text = b"x" * size
    with mmap.mmap(-1, size) as pages, small_pages():
        before = resident_bytes()
        pages.write(text)
        assert resident_bytes() - before == pytest.approx(size, rel=0.05)


def test_without_the_exact_figure_the_quick_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """It lags behind by some pages at most."""
    exact, paths = resident_bytes(), held.Path
    monkeypatch.setattr(held, "Path", lambda name: paths(name.replace("smaps_rollup", "gone")))
    assert resident_bytes() == pytest.approx(exact, rel=0.3)


def test_what_the_c_library_gives_out_is_told_to_the_byte() -> None:
    """With its own few bytes beside each piece; and what is given back is gone."""
    read, library = native_reader(), ctypes.CDLL(None)
    library.malloc.restype, library.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    library.free.argtypes = [ctypes.c_void_p]
    assert read is not None
    read()
    before = read()
    taken = [library.malloc(100_000) for _ in range(100)]
    assert read() - before == pytest.approx(10_000_000, rel=0.01)
    for one in taken:
        library.free(one)
    assert abs(read() - before) < 200_000


def test_huge_pages_are_off_in_the_block_only() -> None:
    """The setting of the process is what it was."""
    control = ctypes.CDLL(None).prctl
    assert control(42, 0, 0, 0, 0) == 0
    with small_pages():
        assert control(42, 0, 0, 0, 0) == 1
        with small_pages():
            pass
        assert control(42, 0, 0, 0, 0) == 1
    assert control(42, 0, 0, 0, 0) == 0


def test_trimming_gives_free_pages_back() -> None:
    """Those in the middle of the heap too."""
    pieces = [b"%d" % (number % 10) * 100_000 for number in range(400)]
    last = b"x" * 100_000
    before = resident_bytes()
    del pieces
    trimmer()()
    assert before - resident_bytes() > 30_000_000
    assert len(last) == 100_000


def test_threads_descriptors_and_children_are_counted() -> None:
    """Each as long as it is there."""
    stop, before = threading.Event(), (descriptors(), children())
    thread = threading.Thread(target=stop.wait)
    thread.start()
    opened = os.open(os.devnull, os.O_RDONLY)
    child = os.posix_spawn("/bin/true", ["true"], {})
    try:
        assert (descriptors(), children()) == tuple(number + 1 for number in before)
        assert threads() >= threading.active_count() >= 2
    finally:
        stop.set()
        thread.join()
        os.close(opened)
        os.waitpid(child, 0)
    assert (descriptors(), children()) == before
