"""Connections to SQLite are closed before the process is forked.

A child inherits what the library knows of its locks, but not the locks: with a transaction under way it would wait for
ever, and with a connection open it would write without being seen.
"""

from __future__ import annotations

import os
import weakref
from typing import Protocol


class Held(Protocol):
    """What can be brought to a halt."""

    def hold(self) -> None:
        """Wait until nothing is under way, let go of everything, and begin nothing more."""

    def go_on(self) -> None:
        """End what `hold` has begun."""


def let_go_at_forks(store: Held) -> None:
    """Hold a store while the process is forked, for as long as there is the store."""
    if not hasattr(os, "register_at_fork"):
        return
    reference, held = weakref.ref(store), list[Held]()

    def before() -> None:
        found = reference()
        if found is not None:
            found.hold()
            held.append(found)

    def in_parent() -> None:
        if held:
            held.pop().go_on()

    # overt: allow OV410 until=2027-12-31 -- the library has no other way; it holds a weak reference only
    os.register_at_fork(before=before, after_in_parent=in_parent, after_in_child=held.clear)
