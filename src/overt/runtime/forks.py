"""Locks that a forked child finds free."""

from __future__ import annotations

from threading import RLock
from types import TracebackType
from typing import Any

from overt.runtime.owners import PROCESS


class ForkLock:
    """A re-entrant lock; when the process was forked while another thread held it, the child gets a free one.

    Example:
        >>> lock = ForkLock()
        >>> with lock, lock:
        ...     print("held twice by one thread")
        held twice by one thread
    """

    __slots__ = ("_lock", "_pid")

    def __init__(self) -> None:
        self._lock, self._pid = RLock(), PROCESS.pid

    def _replace(self) -> None:
        """Make a lock for this process: whoever held the old one stayed in the parent."""
        with PROCESS.lock:
            if self._pid != PROCESS.pid:
                self._lock = RLock()
                self._pid = PROCESS.pid  # last: another thread looks here first

    def bare(self) -> Any:
        """Return the lock itself, for a `with` block: no Ctrl-C can come between the taking and the block."""
        if self._pid != PROCESS.pid:
            self._replace()
        return self._lock

    def acquire(self, *, blocking: bool = True) -> bool:
        """Take the lock; False when it is held elsewhere and `blocking` is false."""
        acquired: bool = self.bare().acquire(blocking)
        return acquired

    def release(self) -> None:
        """Give the lock back."""
        self._lock.release()

    def __enter__(self) -> None:
        if self._pid != PROCESS.pid:
            self._replace()
        self._lock.acquire()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._lock.release()
