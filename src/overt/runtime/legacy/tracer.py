"""Spans as they were before: the current one stands in a `threading.local`, shared by all tasks of a thread."""

from __future__ import annotations

import threading
from typing import Any

from overt.runtime import tracer
from overt.runtime.owners import this_thread


class _Local(threading.local):
    current: tracer.Current = None


class Tracer(tracer.Tracer):
    """The interface of `overt.runtime.Tracer` on hidden state, for rollback and comparison.

    Tasks do not inherit, they share; a span belongs to its thread, never to a task.
    """

    IMPLEMENTATION = "legacy"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._local = _Local()

    def _get(self) -> tracer.Current:
        return self._local.current

    def _put(self, span: tracer.Current) -> object:
        self._local.current = span
        return None

    def _owner(self) -> Any:
        return this_thread()
