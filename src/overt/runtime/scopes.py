"""The spans that are open in one thread or task."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from weakref import ref

from overt.runtime.owners import ObjectLife, TaskLife

if TYPE_CHECKING:
    from overt.runtime.span import Span
    from overt.runtime.tracer import Tracer


class Scope(ObjectLife):
    """The spans that are open in one thread or task; refers weakly to that, and is found by it.

    It stands where the current span stands when none is open, so that the next one finds it without searching. What
    it refers to its tracer by is weak, because a thread may keep it longer than anybody keeps the tracer.
    """

    __slots__ = ("last", "life", "open", "status", "tracer")

    open: dict[Span, bool]
    status: str
    """Always `open`, so that a search for the innermost open span ends here."""
    tracer: ref[Tracer]
    life: TaskLife | None
    last: Span | None


def scope_of(owner: Any, tracer: ref[Tracer]) -> Scope:
    """Return a scope of which the tracer is told when its owner dies."""
    scope = Scope(owner, _ended)
    scope.status = "open"
    scope.open, scope.tracer, scope.life, scope.last = {}, tracer, None, None
    if hasattr(owner, "add_done_callback"):
        scope.life = TaskLife(scope, owner, _task_ended)
        scope.life.start()
    return scope


def _ended(scope: Any) -> None:
    tracer = scope.tracer()
    scope.life = None  # the two refer to each other
    if tracer is not None:
        tracer.abandon(scope)


def _task_ended(life: TaskLife) -> None:
    _ended(life.key)


Probes = tuple[Callable[[], Any], Callable[[Any], Any]]
"""What returns the running event loop, None when there is none; and what returns the task that runs in a loop."""


def probes() -> Probes | None:
    """Return how to find the running task; None while nobody has imported asyncio."""
    asyncio = sys.modules.get("asyncio")
    found = getattr(asyncio, "_get_running_loop", None), getattr(asyncio, "current_task", None)
    return None if None in found else found  # type: ignore[return-value]
