"""Items that are announced together: none lost, none twice, in the order of each writer."""

from __future__ import annotations

from typing import Any

from overt.runtime.figures import Tally
from overt.runtime.forks import ForkLock
from overt.runtime.owners import PROCESS
from overt.runtime.telemetry import Name, Telemetry


class Batch:
    """What waits under one name.

    Args:
        name: Whole name of the event.
    """

    __slots__ = ("batches", "delivered", "items", "lock", "name", "taken")

    def __init__(self, name: Name) -> None:
        self.name = name
        self.items: list[Any] = []
        self.taken = self.delivered = self.batches = 0  # changed under the lock
        self.lock = ForkLock()


class Batches:
    """What waits under all names.

    A writer appends to the items of a batch and calls `deliver` when there are `size` of them; it does so itself,
    because a call more would be a quarter of the time. It counts nothing: how many items came is how many were taken
    out to be announced and how many wait.

    Args:
        telemetry: Where batches are announced: measurement `count`, metadata `items`.
        prefix: Put before every name.
        size: Items of a full batch.
    """

    __slots__ = (
        "__weakref__",
        "_lock",
        "_prefix",
        "_telemetry",
        "dropped",
        "pid",
        "size",
        "waiting",
    )

    def __init__(self, telemetry: Telemetry, prefix: Name, size: int) -> None:
        self._telemetry, self._prefix, self.size = telemetry, prefix, size
        self._lock = ForkLock()
        self._begin(PROCESS.pid)

    def _begin(self, pid: int) -> None:
        self.waiting: dict[Name, Batch] = {}
        """By name without the prefix."""
        self.dropped = Tally()
        self.pid = pid
        """The process that the items are of."""

    @property
    def batched(self) -> int:
        """How many items came; while another thread takes a batch out, that one may count twice for a moment."""
        return sum(batch.taken + len(batch.items) for batch in list(self.waiting.values()))

    @property
    def pending(self) -> int:
        """How many items wait."""
        return sum(len(batch.items) for batch in list(self.waiting.values()))

    @property
    def delivered(self) -> int:
        """How many items were announced."""
        return sum(batch.delivered for batch in list(self.waiting.values()))

    @property
    def batches(self) -> int:
        """How many events they were announced in."""
        return sum(batch.batches for batch in list(self.waiting.values()))

    def under(self, name: Name) -> Batch:
        """Return what waits under a name, also when nothing ever did."""
        return self.waiting.setdefault(name, Batch(self._prefix + name))

    def forget(self) -> None:
        """Drop what waited at a fork, and begin to count anew: that is the parent's, which announces it."""
        pid = PROCESS.pid
        with self._lock.bare():
            if self.pid != pid:
                self._begin(pid)

    def flush(self) -> None:
        """Announce everything that waits now and return when it is announced; what comes meanwhile may wait."""
        if self.pid != PROCESS.pid:
            self.forget()
        for batch in list(self.waiting.values()):
            with batch.lock.bare():
                left = len(batch.items)
                while left > 0 and batch.items:
                    left -= self._announce(batch)

    def deliver(self, batch: Batch, least: int) -> None:
        """Announce what waits under a name while at least so many items do.

        One thread at a time does so under a name, so that batches keep their order; a writer that finds another one at
        it leaves its items to that one, which looks again after letting go.
        """
        items, lock = batch.items, batch.lock.bare()
        while len(items) >= least and lock.acquire(False):  # noqa: FBT003  # a keyword costs more
            try:
                while len(items) >= least:
                    self._announce(batch)
            finally:
                lock.release()

    def _announce(self, batch: Batch) -> int:
        """Announce a batch and return how many items it had; called with its lock held."""
        # Writers only append, and nobody else takes away: two steps that each happen at once will do.
        items, before = batch.items, batch.taken
        taken = items[: self.size]
        count = len(taken)
        try:
            batch.taken += count
            del items[:count]
            self._telemetry.execute(batch.name, {"count": count}, {"items": taken})
        except BaseException:
            if batch.taken != before:  # interrupted by Ctrl-C or an exit: it is announced again rather than lost
                items[:0] = taken
                batch.taken = before
            raise
        batch.batches += 1
        batch.delivered += count
        return count
