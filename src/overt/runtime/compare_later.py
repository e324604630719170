"""Candidates that are called after the caller has gone on: in a helper thread, or in tasks of the caller's loop."""

from __future__ import annotations

import weakref
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from overt.runtime.helper import Helper

if TYPE_CHECKING:
    import asyncio

    from overt.runtime.compare import Comparison

_MOST_WAITING = 100


class Later:
    """Does what is put in, in order, one by one; what is too much is skipped and counted.

    Args:
        comparison: Whose candidates these are.
    """

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = weakref.ref(comparison)
        self._waiting: deque[Callable[[], None]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._helper = Helper("overt-compare", self._work)
        self._closed = False

    @property
    def pending(self) -> int:
        """How many wait or are under way."""
        return len(self._waiting) + len(self._tasks)

    def put(self, work: Callable[[], None]) -> None:
        """Do something in the helper thread."""
        if self._is_full():
            return
        self._waiting.append(work)
        self._helper.ensure()
        self._helper.ring()

    def put_task(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something in a task of the running loop."""
        import asyncio

        if self._is_full():
            work.close()
            return
        task = asyncio.get_running_loop().create_task(work, name="overt-compare")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _is_full(self) -> bool:
        full = self._closed or self.pending >= _MOST_WAITING
        comparison = self._comparison()
        if full and comparison is not None:
            comparison.count("skipped")
        return full

    def _work(self) -> float | None:
        while self._waiting:
            # Taken out only when done: until then it is pending.
            work = self._waiting[0]
            try:
                work()
            finally:
                self._waiting.popleft()
        return None

    def close(self) -> None:
        """Wait for what is under way; what still waits after that is skipped."""
        self._closed = True
        self._helper.stop()
        comparison = self._comparison()
        while self._waiting and comparison is not None:
            self._waiting.popleft()
            comparison.count("skipped")
        for task in list(self._tasks):
            with suppress(RuntimeError):  # its loop is closed, and so it has ended
                task.get_loop().call_soon_threadsafe(task.cancel)
