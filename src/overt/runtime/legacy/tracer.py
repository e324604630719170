"""Spans as they were before: the current one stands in a `threading.local`, shared by all tasks of a thread."""

from __future__ import annotations

import threading
from collections.abc import Callable

from overt.runtime import tracer
from overt.runtime.scopes import Probes


class _Local(threading.local):
    current: tracer.Current = None


class Tracer(tracer.Tracer):
    """The interface of `overt.runtime.Tracer` on hidden state, for rollback and comparison.

    Tasks do not inherit, they share; a span belongs to its thread, never to a task.
    """

    IMPLEMENTATION = "legacy"

    def _place(self) -> tuple[Callable[[], tracer.Current], Callable[[tracer.Current], object]]:
        local = _Local()

        def put(span: tracer.Current) -> None:
            local.current = span

        return lambda: local.current, put

    def _find_probes(self) -> Probes:
        return lambda: None, lambda _: None
