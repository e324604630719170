"""The cache as it was before: each thread keeps its own values in a `threading.local`."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Hashable

from overt.runtime import ttl_cache
from overt.runtime.entries import Entry
from overt.runtime.flights import Flight


class _Local(threading.local):
    """The values of one thread."""

    def __init__(self) -> None:
        self.entries: dict[Hashable, Entry] = {}
        self.order: deque[Entry] = deque()
        self.flights: dict[Hashable, Flight] = {}


class TTLCache(ttl_cache.TTLCache):
    """The interface of `overt.runtime.TTLCache` on hidden state, for rollback and comparison.

    A value is seen by the thread that kept it, and by no other: each thread computes for itself, and its values are
    swept by its own calls of `sweep()`.
    """

    IMPLEMENTATION = "legacy"

    def _begin(self) -> None:
        self._local = _Local()

    @property
    def _entries(self) -> dict[Hashable, Entry]:  # type: ignore[override]
        return self._local.entries

    @property
    def _order(self) -> deque[Entry]:
        return self._local.order

    @_order.setter
    def _order(self, order: deque[Entry]) -> None:
        self._local.order = order

    @property
    def _flights(self) -> dict[Hashable, Flight]:  # type: ignore[override]
        return self._local.flights
