"""What a process holds: memory to the page, threads, descriptors and children."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

DESCRIPTORS = "/proc/self/fd" if sys.platform == "linux" else "/dev/fd"
"""Folder that names the open descriptors of whoever lists it."""

_SET_NO_HUGE_PAGES = 41  # PR_SET_THP_DISABLE
_TASKS = "/proc/self/task"


def resident_bytes() -> int:
    """Return the resident memory of this process, in bytes: also what no Python object holds; in pages (Linux).

    It is counted page by page, with what was swapped out: the kernel's quick counters lag behind by many pages.
    """
    try:
        told = Path("/proc/self/smaps_rollup").read_bytes()
    except OSError:
        return int(Path("/proc/self/statm").read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    kilobytes = 0
    for line in told.splitlines():
        if line.startswith((b"Rss:", b"Swap:")):
            kilobytes += int(line.split()[1])
    return 1024 * kilobytes


def can_tell_resident() -> bool:
    """Tell whether this system says how much memory is resident."""
    with suppress(OSError, ValueError, IndexError):
        return resident_bytes() > 0
    return False


def trimmer() -> Callable[[], object]:
    """Return what gives pages back that the C library holds and nobody uses; it does nothing where there is none."""
    trim = getattr(_c_library(), "malloc_trim", None)
    if trim is None:
        return lambda: None
    return lambda: trim(0)


def native_reader() -> Callable[[], int] | None:
    """Return what tells the bytes that the C library has given out; None where it does not tell (other than glibc).

    What is given out may fill holes of the heap that are resident already: the resident memory does not show it then.
    """
    import ctypes  # only those who measure memory need it

    tell = getattr(_c_library(), "mallinfo2", None)
    if tell is None:
        return None
    # Ten sizes; of them `hblkhd`, in maps of its own, is the fifth, and `uordblks`, in the heap, the eighth.
    tell.restype = type("mallinfo2", (ctypes.Structure,), {"_fields_": [(f"n{n}", ctypes.c_size_t) for n in range(10)]})

    def read() -> int:
        told = tell()
        return int(told.n4 + told.n7)

    return read


@contextmanager
def small_pages() -> Iterator[None]:
    """Let memory come by single pages in the block: a huge one would be a step of two megabytes."""
    control = getattr(_c_library(), "prctl", None) if sys.platform == "linux" else None
    changed = control is not None and control(_SET_NO_HUGE_PAGES + 1, 0, 0, 0, 0) == 0
    if control is None or not changed:
        yield
        return
    control(_SET_NO_HUGE_PAGES, 1, 0, 0, 0)
    try:
        yield
    finally:
        control(_SET_NO_HUGE_PAGES, 0, 0, 0, 0)


def threads() -> int:
    """Return how many threads this process has, also those that Python did not start (Linux)."""
    with suppress(OSError):
        return len(os.listdir(_TASKS))  # noqa: PTH208  # a count, no paths
    return threading.active_count()


def descriptors() -> int:
    """Return how many descriptors are open."""
    return len(os.listdir(DESCRIPTORS))  # noqa: PTH208  # Path.iterdir opens more than it tells


def children() -> int:
    """Return how many children this process has that nobody has waited for; what multiprocessing knows elsewhere."""
    with suppress(OSError):
        return sum(len(Path(_TASKS, task, "children").read_bytes().split()) for task in _tasks())
    with suppress(OSError):
        return sum(_parent(name) == os.getpid() for name in os.listdir("/proc") if name.isdigit())  # noqa: PTH208
    multiprocessing: Any = sys.modules.get("multiprocessing")
    return len(multiprocessing.active_children()) if multiprocessing else 0


def _tasks() -> list[str]:
    return os.listdir(_TASKS)  # noqa: PTH208  # names are all that is wanted


def _parent(process: str) -> int:
    """Return the parent of a process; 0 when it is gone."""
    with suppress(OSError, IndexError, ValueError):
        return int(Path("/proc", process, "stat").read_bytes().rpartition(b")")[2].split()[1])
    return 0


def _c_library() -> Any:
    import ctypes  # only those who measure memory need it

    with suppress(OSError, TypeError):
        return ctypes.CDLL(None)
    return None
