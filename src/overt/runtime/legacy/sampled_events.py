"""Events as they were before: each thread keeps its own keys and batches in a `threading.local`."""

from __future__ import annotations

import threading
from collections.abc import Hashable

from overt.runtime import sampled_events
from overt.runtime.batches import Batches


class _Local(threading.local):
    """The keys and batches of one thread."""

    def __init__(self, events: SampledEvents) -> None:
        self.next: dict[Hashable, tuple[float, float]] = {}
        self.batches = events.new_batches()


class SampledEvents(sampled_events.SampledEvents):
    """The interface of `overt.runtime.SampledEvents` on hidden state, for rollback and comparison.

    Each thread deduplicates and batches for itself and flushes its own batches; what a thread has not flushed when it
    ends is lost, and nothing is flushed by time.
    """

    IMPLEMENTATION = "legacy"

    def _begin(self) -> None:
        self._local = _Local(self)

    def new_batches(self) -> Batches:
        """Return the batches of another thread."""
        return Batches(self._telemetry, self._prefix, self._size)

    @property
    def _next(self) -> dict[Hashable, tuple[float, float]]:
        return self._local.next

    @_next.setter
    def _next(self, table: dict[Hashable, tuple[float, float]]) -> None:
        self._local.next = table

    @property
    def _batches(self) -> Batches:  # type: ignore[override]
        return self._local.batches
