"""Spans that end in the order they should, whoever forgets them."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from os import getpid
from time import monotonic_ns
from types import TracebackType
from typing import Any, Self, TypeVar

from overt.runtime import traceparent
from overt.runtime.figures import Figures, Tally, shown
from overt.runtime.helper import Helper
from overt.runtime.owners import ObjectLife, TaskLife, this_thread
from overt.runtime.span import Remote, Span, SpanEnded, Status
from overt.runtime.telemetry import Telemetry

Function = TypeVar("Function", bound=Callable[..., Any])
Current = Span | Remote | None

_CURRENT: ContextVar[Current] = ContextVar("overt_span", default=None)


class Scope:
    """The spans that are open in one thread or task."""

    __slots__ = ("__weakref__", "life", "open", "owner")

    def __init__(self, owner: ObjectLife) -> None:
        self.owner, self.open = owner, dict[Span, bool]()
        self.life: TaskLife | None = None


class SpanBlock:
    """A span for a `with` block or for every call of a function, plain or async."""

    __slots__ = ("_attributes", "_name", "_spans", "_tracer")

    def __init__(self, tracer: Any, name: str, attributes: Mapping[str, Any]) -> None:
        self._tracer, self._name, self._attributes = tracer, name, attributes
        self._spans: list[Span] = []

    def __enter__(self) -> Span:
        span: Span = self._tracer.start_span(self._name, self._attributes)
        self._spans.append(span)
        return span

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        span = self._spans.pop()
        if span.status != "open":
            return  # ended by hand, or with the span around it
        if error is None or isinstance(error, GeneratorExit):
            self._tracer.end_span(span)
            return
        span.add_event("exception", {"type": type(error).__qualname__, "message": shown(error)})
        self._tracer.end_span(span, "error")

    def __call__(self, function: Function) -> Function:
        """Return a function of which every call is a span of its own."""
        import inspect

        again: Any = function
        tracer, name, attributes = self._tracer, self._name, self._attributes
        if inspect.iscoroutinefunction(function):

            @wraps(function)
            async def waited(*args: Any, **kwargs: Any) -> Any:
                with SpanBlock(tracer, name, attributes):
                    return await again(*args, **kwargs)

            return waited  # type: ignore[return-value]

        @wraps(function)
        def called(*args: Any, **kwargs: Any) -> Any:
            with SpanBlock(tracer, name, attributes):
                return again(*args, **kwargs)

        return called  # type: ignore[return-value]


class Tracer:
    """Begins and ends spans; the current one is a context variable, so tasks inherit it.

    A span belongs to the thread or task that began it: when that dies, the span is closed as `abandoned` with the
    duration it had. Begin and end are announced as `("overt", "span", "start")` and `("overt", "span", "stop")`.

    Args:
        telemetry: Where spans are announced.
        clock: Returns seconds that never go back; the monotonic clock by default.

    Example:
        >>> with Tracer() as tracer:
        ...     with tracer.span("order", customer=7) as order:
        ...         with tracer.span("payment") as payment:
        ...             payment.parent_id == order.span_id, payment.trace_id == order.trace_id
        ...     order.status
        (True, True)
        'ok'
    """

    IMPLEMENTATION = "new"

    def __init__(self, telemetry: Telemetry | None = None, clock: Callable[[], float] | None = None) -> None:
        self.now_ns: Callable[[], int] = monotonic_ns if clock is None else lambda: round(clock() * 1e9)
        """Returns nanoseconds of the clock."""
        self._telemetry = telemetry
        self._scopes: dict[Scope, bool] = {}
        self._untold: deque[Span] = deque()
        self._helper = Helper("overt-tracer", self._tell_untold)
        self._started, self._ended, self._abandoned = Tally(), Tally(), Tally()
        self._pid = 0
        self._random: Callable[[int], int] = lambda bits: bits
        self._closed = False

    # -- the place of the current span: what the legacy implementation replaces ----------------------------------

    def _get(self) -> Current:
        return _CURRENT.get()

    def _put(self, span: Current) -> object:
        """Make a span current. What was before is put back by span, not by token: spans may end out of order."""
        return _CURRENT.set(span)

    def _owner(self) -> Any:
        """Return the running task, else something that dies with the running thread."""
        asyncio = sys.modules.get("asyncio")
        if asyncio is not None and asyncio._get_running_loop() is not None:  # noqa: SLF001  # public in all but name
            task = asyncio.current_task()
            if task is not None:
                return task
        return this_thread()

    # -- the interface -------------------------------------------------------------------------------------------

    def start_span(self, name: str, attributes: Mapping[str, Any] | None = None) -> Span:
        """Begin a span inside the current one and make it current.

        Args:
            name: What is done.
            attributes: What is known about it; copied.
        """
        if self._closed:
            raise RuntimeError("the tracer is closed")
        if self._pid != getpid():
            self._seed()
        outer, owner = self._current(), self._owner()
        scope = outer.scope if type(outer) is Span and outer.scope.owner() is owner else self._scope(owner)
        trace = outer.trace if outer is not None else self._random(128) or 1
        span = Span(self, name, trace, self._random(64) or 1, outer, scope, self.now_ns(), attributes)
        scope.open[span] = True
        self._scopes[scope] = True
        scope.owner.key = scope
        self._put(span)
        self._started.hit()
        if self._telemetry is not None and self._telemetry.active:
            self._helper.ensure()
            self._telemetry.execute(("overt", "span", "start"), {"count": 1, "start_ns": span.start_ns}, _about(span))
        return span

    def end_span(self, span: Span | None, status: Status = "ok", attributes: Mapping[str, Any] | None = None) -> None:
        """End a span, and first, as abandoned, what is still open inside it in the same thread or task.

        Args:
            span: The span; with None nothing is ended and a `RuntimeWarning` is given.
            status: `ok` or `error`.
            attributes: Added to it.

        Raises:
            SpanEnded: It has ended already; the error names it.
        """
        if span is None:
            import warnings

            warnings.warn("there is no open span to end", RuntimeWarning, stacklevel=2)
            return
        if span.tracer is not self:
            span.tracer.end_span(span, status, attributes)
            return
        if span.status != "open":
            raise SpanEnded(span)
        if attributes:
            span.set_attributes(attributes)
        now = self.now_ns()
        for child in self._inside(span):
            if self._finish(child, "abandoned", now):
                _say_abandoned(child, span)
                self._tell(child)
        if not self._finish(span, status, now):
            raise SpanEnded(span)
        if self._get() is span:
            self._put(span.outer)
        if self._telemetry is not None:
            self._tell(span)

    def span(self, name: str, /, **attributes: Any) -> SpanBlock:
        """Return a span for a `with` block, or for every call of a function, plain or async.

        An exception that leaves the block ends it as `error` and is noted as an event.
        """
        return SpanBlock(self, name, attributes)

    def current_span(self) -> Span | None:
        """Return the innermost open span of this tracer here, in this thread or task; None when there is none."""
        span = self._current()
        while span is not None and (type(span) is Remote or span.tracer is not self or span.status != "open"):  # type: ignore[union-attr]
            span = span.outer
        return span  # type: ignore[return-value]

    def current_trace_id(self) -> str | None:
        """Return the id of the current trace, also of one that another program began; None when there is none."""
        current = self._current()
        return None if current is None else f"{current.trace:032x}"

    def propagate(self) -> dict[str, str]:
        """Return the headers that let another program go on with the trace; empty when there is none."""
        current = self._current()
        return {} if current is None else traceparent.write(current.trace, current.number)

    @contextmanager
    def continue_from(self, carrier: Mapping[str, str]) -> Iterator[None]:
        """Go on with the trace of another program for a block; headers that are not valid change nothing."""
        numbers = traceparent.read(carrier)
        if numbers is None:
            yield
            return
        remote = Remote(*numbers, self._current())
        self._put(remote)
        try:
            yield
        finally:
            remote.status = "ended"
            if self._get() is remote:
                self._put(remote.outer)

    def live_spans(self) -> tuple[Span, ...]:
        """Return the open spans of all threads and tasks."""
        return tuple(span for scope in list(self._scopes) for span in list(scope.open))

    def stats(self) -> Figures:
        """Return how many spans were started, ended, abandoned, are live, and were dropped (none ever is).

        Without other threads at work, started = ended + abandoned + live + dropped.
        """
        return Figures(
            started=self._started.value(),
            ended=self._ended.value(),
            abandoned=self._abandoned.value(),
            live=len(self.live_spans()),
            dropped=0,
        )

    def close(self) -> None:
        """Close what is open as abandoned and stop the helper thread; again is harmless."""
        self._closed = True
        for scope in list(self._scopes):
            self._abandon(scope)
        self._helper.stop()
        self._tell_untold()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    # -- inside --------------------------------------------------------------------------------------------------

    def _current(self) -> Current:
        """Return what is current; what has ended elsewhere is passed over."""
        current = self._get()
        while current is not None and current.status != "open":
            current = current.outer
        return current

    def _seed(self) -> None:
        """Give this process random numbers of its own: a forked child must not repeat its parent's ids."""
        import random

        self._random, self._pid = random.Random().getrandbits, getpid()  # noqa: S311  # ids, no secrets

    def _scope(self, owner: Any) -> Scope:
        """Return a new scope that is abandoned when its owner dies."""
        scope = Scope(ObjectLife(owner, self._owner_died))
        if hasattr(owner, "add_done_callback"):
            scope.life = TaskLife(scope, owner, self._task_ended)
            scope.life.start()
        return scope

    def _inside(self, span: Span) -> list[Span]:
        """Return what is open inside a span in its own thread or task, the innermost first."""
        opened = span.scope.open
        if next(reversed(opened), None) is span:
            return []
        found = []
        for other in reversed(list(opened)):
            if other is span:
                break
            outer = other.outer
            while outer is not None and outer is not span:
                outer = outer.outer
            if outer is span:
                found.append(other)
        return found

    def _finish(self, span: Span, status: Status, now: int) -> bool:
        """End a span; False when another thread was first. Takes no lock: may run inside the garbage collector."""
        scope = span.scope
        if not scope.open.pop(span, False):
            return False
        span.finish(status, now)
        (self._abandoned if status == "abandoned" else self._ended).hit()
        if not scope.open:
            self._scopes.pop(scope, None)
            scope.owner.key = None  # the two hold each other while spans are open
            if scope.life is not None:
                scope.life.cancel()
        return True

    def _owner_died(self, owner: ObjectLife) -> None:
        if owner.key is not None:
            self._abandon(owner.key)

    def _task_ended(self, life: TaskLife) -> None:
        self._abandon(life.key)

    def _abandon(self, scope: Scope) -> None:
        now = self.now_ns()
        for span in reversed(list(scope.open)):
            if self._finish(span, "abandoned", now) and self._telemetry is not None:
                self._untold.append(span)
        self._helper.ring()

    def _tell_untold(self) -> float | None:
        while self._untold:
            self._tell(self._untold.popleft())
        return None

    def _tell(self, span: Span) -> None:
        if self._telemetry is not None and self._telemetry.active:
            about = {**_about(span), "status": span.status, "implementation": self.IMPLEMENTATION}
            measured = {"count": 1, "duration_ns": span.duration_ns}
            self._telemetry.execute(("overt", "span", "stop"), measured, about)


def _about(span: Span) -> dict[str, Any]:
    """Return what is said about a span; attributes stand apart, so that none can pass for what the system says."""
    return {
        "name": span.name,
        "span_id": span.span_id,
        "trace_id": span.trace_id,
        "parent_id": span.parent_id,
        "attributes": dict(span.attributes),
    }


def _say_abandoned(child: Span, outer: Span) -> None:
    import logging

    logging.getLogger("overt.spans").warning(
        "span %r was still open when the span around it, %r, ended: closed as abandoned", child.name, outer.name
    )
