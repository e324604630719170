"""What must be as many after a block as before it."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator, Sequence, Sized
from contextlib import contextmanager, suppress
from typing import Any

from overt.testing.held import descriptors
from overt.testing.waiting import wait_for


def _tasks() -> int:
    asyncio = sys.modules.get("asyncio")
    if asyncio is None:
        return 0
    with suppress(RuntimeError):
        return len(asyncio.all_tasks())
    return 0


def _rows(table: Any) -> int:
    """Return how many rows a table holds, also those that reads no longer show."""
    stats = getattr(table, "stats", None)
    if callable(stats):
        figures = stats()
        return sum(figures.get(name, 0) for name in ("rows", "watchers"))
    return len(table)


def _counts(tables: Sequence[Any], objects: Sequence[type]) -> dict[str, int]:
    gc.collect()
    counts = {
        "threads": threading.active_count(),
        "tasks": _tasks(),
        "file descriptors": descriptors(),
    }
    for position, table in enumerate(tables):
        counts[f"rows of {type(table).__name__} {position + 1}"] = _rows(table)
    for kind in objects:
        counts[f"objects of {kind.__qualname__}"] = sum(isinstance(thing, kind) for thing in gc.get_objects())
    return counts


@contextmanager
def assert_no_leaks(*tables: Sized | Any, objects: Sequence[type] = (), grace: float = 1.0) -> Iterator[None]:
    """Fail when a block leaves more behind than it found.

    Counted: threads, tasks of the running loop, file descriptors, the rows and watchers of the given tables, and the
    living objects of the given classes (those that the garbage collector knows).

    Args:
        tables: Registries, caches, anything with `stats()` or a length.
        objects: Classes whose instances are counted.
        grace: Seconds that threads and rows have to go away.

    Raises:
        AssertionError: Something is more than it was; it says what, and how many.

    Example:
        >>> with assert_no_leaks():
        ...     thread = threading.Thread(target=lambda: None)
        ...     thread.start()
    """
    before = _counts(tables, objects)
    yield

    def leaked() -> dict[str, str]:
        after = _counts(tables, objects)
        return {what: f"{before[what]} before, {now} after" for what, now in after.items() if now > before[what]}

    with suppress(AssertionError):
        wait_for(lambda: not leaked(), grace, interval=0.02)
    left = leaked()
    if left:
        raise AssertionError("left behind: " + "; ".join(f"{what}: {how}" for what, how in left.items()))
