"""Items that are announced together: none lost, none twice, in the order of each writer."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from os import getpid
from typing import Any

from overt.runtime.figures import Tally
from overt.runtime.forks import ForkLock
from overt.runtime.telemetry import Name, Telemetry


class Batch:
    """What waits under one name."""

    __slots__ = ("batches", "delivered", "items", "lock")

    def __init__(self) -> None:
        self.items: deque[Any] = deque()
        self.delivered = self.batches = 0  # changed under the lock
        self.lock = ForkLock()


class Batches:
    """What waits under all names.

    Args:
        telemetry: Where batches are announced: measurement `count`, metadata `items`.
        size: Items of a full batch.
        limit: Most items that wait under one name, what comes then is dropped and counted; None for no limit.
    """

    def __init__(self, telemetry: Telemetry, size: int, limit: int | None) -> None:
        self._telemetry, self._size, self._limit = telemetry, size, limit
        self._waiting: dict[Name, Batch] = {}
        self._pid = getpid()
        self.batched, self.dropped = Tally(), Tally()

    @property
    def pending(self) -> int:
        """How many items wait."""
        return sum(len(batch.items) for batch in list(self._waiting.values()))

    @property
    def delivered(self) -> int:
        """How many items were announced."""
        return sum(batch.delivered for batch in list(self._waiting.values()))

    @property
    def batches(self) -> int:
        """How many events they were announced in."""
        return sum(batch.batches for batch in list(self._waiting.values()))

    def add(self, name: Name, item: Any, first: Callable[[], object]) -> bool:
        """Add an item; announce the batch when it is full.

        Args:
            name: Name of the event.
            item: Anything.
            first: Called when nothing waited under the name.

        Returns:
            False when the item was dropped.
        """
        if self._pid != getpid():
            self._forget()
        batch = self._waiting.get(name)
        if batch is None:
            batch = self._waiting.setdefault(name, Batch())
        items = batch.items
        if self._limit is not None and len(items) >= self._limit:
            self.dropped.hit()
            return False
        items.append(item)
        self.batched.hit()
        count = len(items)
        if count >= self._size:
            self._flush(name, batch, self._size, blocking=False)
        elif count == 1:
            first()
        return True

    def flush(self, name: Name | None = None) -> None:
        """Announce everything that waits, under one name or all, and return when it is announced."""
        if self._pid != getpid():
            self._forget()
        for known, batch in list(self._waiting.items()):
            if name is None or known == name:
                self._flush(known, batch, 1, blocking=True)

    def _flush(self, name: Name, batch: Batch, least: int, *, blocking: bool) -> None:
        """Announce batches while at least so many items wait.

        One thread at a time does so under a name, so that batches keep their order; a writer that finds another one at
        it leaves its items to that one, which looks again after letting go.
        """
        items = batch.items
        while len(items) >= least and batch.lock.acquire(blocking=blocking):
            try:
                while len(items) >= least:
                    taken = [items.popleft() for _ in range(min(len(items), self._size))]
                    self._telemetry.execute(name, {"count": len(taken)}, {"items": taken})
                    batch.batches += 1
                    batch.delivered += len(taken)
            finally:
                batch.lock.release()

    def _forget(self) -> None:
        """Drop what waited at a fork: it is the parent's, which announces it."""
        self._waiting, self._pid = {}, getpid()
