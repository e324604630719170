"""What a cache holds under a key."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from overt.runtime.owners import Life

NEVER = float("inf")
"""When a value expires that is kept for as long as there is room."""


class Entry:
    """A value and when it expires, seconds of the cache's clock."""

    __slots__ = ("expires", "key", "used", "value")

    life: Life | None = None
    """What its life is tied to."""

    def __init__(self, key: Hashable, value: Any, expires: float) -> None:
        self.key, self.value, self.expires, self.used = key, value, expires, False


class TiedEntry(Entry):
    """A value that expires with its owner, if not before."""

    __slots__ = ("_until", "life")

    def __init__(self, key: Hashable, value: Any, expires: float, life: Life) -> None:
        self.key, self.value, self._until, self.life, self.used = key, value, expires, life, False

    @property
    def expires(self) -> float:  # type: ignore[override]
        """When it expires: long ago, when its owner is dead."""
        return self._until if self.life() is not None else -NEVER  # type: ignore[misc]
