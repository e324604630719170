"""How the entries of dead owners leave a table without waiting for anybody."""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

from overt.runtime.forks import ForkLock
from overt.runtime.owners import Life

Row = TypeVar("Row")


class Reaping(Generic[Row]):
    """A table that takes dead entries out: at once, or when the thread that holds its lock lets go.

    A subclass says how an entry is taken out under the lock, and what is to happen to it without the lock. Whoever
    takes the lock calls `_drain()` after giving it back.
    """

    def __init__(self) -> None:
        self._lock = ForkLock()
        self._dead: deque[Life] = deque()

    def _remove(self, life: Life) -> Row | None:
        """Take the entry of a life out and return it; None when the key has a newer one or none."""
        raise NotImplementedError

    def _let_go(self, row: Row) -> None:
        """Do what is to be done for an entry that was taken out."""
        raise NotImplementedError

    def _reap(self, life: Life) -> None:
        """Note that an owner died; may run inside the garbage collector, in any thread, under any lock."""
        self._dead.append(life)
        self._drain()

    def _drain(self) -> None:
        """Take out the entries of dead owners, unless another thread holds the lock: it drains when it lets go."""
        dead, rows = self._dead, []
        while dead and self._lock.acquire(blocking=False):
            try:
                while dead:
                    rows.append(self._removed(dead.popleft()))
            except IndexError:  # a collection in the middle of this took the last one out
                continue
            finally:
                self._lock.release()
        # Entries are let go of without the lock: what they held may run any code when it is finalised.
        for row in rows:
            if row is not None:
                self._let_go(row)

    def _removed(self, life: Life) -> Row | None:
        try:
            return self._remove(life)
        except Exception:  # noqa: BLE001  # a key whose hash or comparison raises harms only its own entry
            return None
