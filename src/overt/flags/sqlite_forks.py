"""Connections to SQLite are closed before the process is forked.

A child inherits what the library knows of its locks, but not the locks: with a transaction under way it would wait for
ever, and with a connection open it would write without being seen.
"""

from __future__ import annotations

import os
import threading
import weakref
from typing import Protocol


class Held(Protocol):
    """What can be brought to a halt."""

    def hold(self) -> None:
        """Wait until nothing is under way, let go of everything, and begin nothing more."""

    def go_on(self) -> None:
        """End what `hold` has begun."""


class Forks:
    """The stores of the process, and what happens to them around a fork.

    One for the process, with one hook: hooks cannot be taken out again, so a hook for each store would stay for good.
    """

    def __init__(self) -> None:
        self._stores: weakref.WeakSet[Held] = weakref.WeakSet()
        self._held: list[Held] = []
        self._lock = threading.Lock()

    def add(self, store: Held) -> None:
        """Hold a store while the process is forked, for as long as there is the store."""
        with self._lock:
            self._stores.add(store)

    def before(self) -> None:
        """Hold every store; no other comes and nobody else forks until it is over."""
        self._lock.acquire()
        for store in list(self._stores):
            store.hold()
            self._held.append(store)

    def in_parent(self) -> None:
        """Let the stores go on."""
        while self._held:
            self._held.pop().go_on()
        self._lock.release()

    def in_child(self) -> None:
        """Forget what was held: in the child a store begins anew by itself."""
        self._held.clear()
        self._lock.release()


FORKS = Forks()

if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=FORKS.before, after_in_parent=FORKS.in_parent, after_in_child=FORKS.in_child)


def let_go_at_forks(store: Held) -> None:
    """Hold a store while the process is forked, for as long as there is the store."""
    FORKS.add(store)
