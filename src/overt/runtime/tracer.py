"""Spans that end in the order they should, whoever forgets them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from sys import modules
from time import monotonic_ns
from typing import Any
from weakref import ref

from overt.runtime import traceparent
from overt.runtime.closing import Closing
from overt.runtime.figures import Figures, Tally
from overt.runtime.helper import Helper
from overt.runtime.owners import PROCESS, THREAD, this_thread
from overt.runtime.scopes import Probes, Scope, probes, scope_of
from overt.runtime.span import Remote, Span, SpanEnded, Status, remote
from overt.runtime.span_block import SpanBlock
from overt.runtime.telemetry import Telemetry

Current = Span | Remote | Scope | None

_CURRENT: ContextVar[Current] = ContextVar("overt_span", default=None)


class Tracer(Closing):
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
        self._self = ref(self)
        self._scopes: dict[ref[Any], Scope] = {}
        self._untold: deque[Span] = deque()
        self._helper = Helper("overt-tracer", self._tell_untold)
        self._started, self._ended, self._abandoned = Tally(), Tally(), Tally()
        self._starts, self._ends = self._started.ticks, self._ended.ticks
        self._pid = 0
        self._random: Callable[[int], int] = lambda bits: bits
        self._probes: Probes | None = None
        self._closed = False
        # What was before is put back by span, not by token: spans may end out of order.
        self._get, self._put = self._place()

    # -- what the legacy implementation replaces ------------------------------------------------------------------

    def _place(self) -> tuple[Callable[[], Current], Callable[[Current], object]]:
        """Return what gets and what puts the current span."""
        return _CURRENT.get, _CURRENT.set

    def _find_probes(self) -> Probes | None:
        """Return how to find the running task."""
        return probes()

    # -- the interface -------------------------------------------------------------------------------------------

    def start_span(self, name: str, attributes: Mapping[str, Any] | None = None) -> Span:
        """Begin a span inside the current one and make it current.

        Args:
            name: What is done.
            attributes: What is known about it; copied.
        """
        try:
            owner: Any = THREAD.life
        except AttributeError:
            owner = this_thread()
        if PROCESS.pid != self._pid:
            self._begin()
        found = self._probes
        if found is None and "asyncio" in modules:
            found = self._probes = self._find_probes()
        if found is not None:
            running_loop, current_task = found
            loop = running_loop()
            if loop is not None:
                owner = current_task(loop) or owner
        # Methods are called as local variables: that takes half of what an attribute of an object does.
        get, put, random, now_ns = self._get, self._put, self._random, self.now_ns
        outer: Any = get()
        if outer is not None and outer.status != "open":
            outer = self._innermost(outer)
        root = type(outer) is Scope or outer is None
        scope = outer if root else outer.scope
        if scope is None or scope.tracer is not self._self or scope() is not owner:
            scope = self._scope(owner)
        span = Span()
        span.tracer, span.name, span.scope = self, name, scope
        span.number = random(64) or 1
        if root:
            span.trace, span.parent, span.outer = random(128) or 1, 0, scope
        else:
            span.trace, span.parent, span.outer = outer.trace, outer.number, outer
        span.attributes = dict(attributes) if attributes else {}
        span.status = "open"
        span.start_ns = now_ns()
        scope.open[span] = True
        scope.last = span
        put(span)
        next(self._starts)
        if self._telemetry is not None and self._telemetry.active:
            self._helper.ensure()
            self._telemetry.execute(("overt", "span", "start"), {"count": 1, "start_ns": span.start_ns}, _about(span))
        return span

    def end_span(  # noqa: C901  # in one piece: each further call would show in what a span costs
        self, span: Span | None, status: Status = "ok", attributes: Mapping[str, Any] | None = None
    ) -> None:
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
        scope, now_ns, get = span.scope, self.now_ns, self._get
        now = now_ns()
        if scope.last is span:
            scope.last = None
        else:
            try:
                innermost = next(reversed(scope.open), None)
            except RuntimeError:  # another thread ended one in between
                innermost = None
            if innermost is not span:
                self._end_inside(span, now)
        if not scope.open.pop(span, False):
            raise SpanEnded(span)  # another thread was first
        duration = now - span.start_ns
        span.duration = duration if duration > 0 else 0  # noqa: FURB136  # half the time of max()
        span.status = status
        if span.outer.status != "open":  # never of the scope
            span.let_go()
        if status == "abandoned":
            self._abandoned.hit()
        else:
            next(self._ends)
        if get() is span:
            put = self._put
            put(span.outer)
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
            span = None if type(span.outer) is Scope else span.outer  # type: ignore[assignment]
        return span  # type: ignore[return-value]

    def current_trace_id(self) -> str | None:
        """Return the id of the current trace, also of one that another program began; None when there is none."""
        current = self._current()
        return None if current is None else f"{current.trace:032x}"

    def propagate(self) -> dict[str, str]:
        """Return the headers that let another program go on with the trace; empty when there is none."""
        current = self._current()
        if current is None:
            return {}
        came = remote(current)
        return traceparent.write(current.trace, current.number, *((came.flags, came.state) if came else ()))

    @contextmanager
    def continue_from(self, carrier: Mapping[str, str]) -> Iterator[None]:
        """Go on with the trace of another program for a block; headers that are not valid change nothing."""
        numbers = traceparent.read(carrier)
        if numbers is None:
            yield
            return
        outer = Remote(*numbers, self._get(), *traceparent.read_rest(carrier))
        self._put(outer)
        try:
            yield
        finally:
            outer.status = "ended"
            if self._get() is outer:
                self._put(outer.outer)

    def live_spans(self) -> tuple[Span, ...]:
        """Return the open spans of all threads and tasks."""
        return tuple(span for scope in list(self._scopes.values()) for span in list(scope.open))

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
        self._pid = 0
        for scope in list(self._scopes.values()):
            self.abandon(scope)
            if scope.life is not None:
                scope.life.cancel()
                scope.life = None
        self._helper.stop()
        self._tell_untold()

    # -- inside --------------------------------------------------------------------------------------------------

    def _innermost(self, current: Current) -> Current:
        """Return what is open at or around a span; what has ended elsewhere is passed over."""
        while current is not None and current.status != "open":
            current = None if type(current) is Scope else current.outer  # type: ignore[union-attr]
        return current

    def _current(self) -> Span | Remote | None:
        """Return what is current and open; None when nothing is."""
        current = self._innermost(self._get())
        return None if type(current) is Scope else current  # type: ignore[return-value]

    def _begin(self) -> None:
        """Give this process random numbers of its own: a forked child must not repeat its parent's ids.

        Raises:
            RuntimeError: The tracer is closed.
        """
        import random

        self._random, self._pid = random.Random().getrandbits, PROCESS.pid  # noqa: S311  # ids, no secrets
        if self._closed:  # looked at last, because closing waits for nobody
            self._pid = 0
            raise RuntimeError("the tracer is closed")

    def _scope(self, owner: Any) -> Scope:
        """Return the scope of an owner, which is found by anything that refers to the owner."""
        scope = self._scopes.get(ref(owner))
        if scope is None:
            scope = scope_of(owner, self._self)
            self._scopes[scope] = scope
        return scope

    def _inside(self, span: Span) -> list[Span]:
        """Return what is open inside a span in its own thread or task, the innermost first."""
        found = []
        for other in reversed(list(span.scope.open)):
            if other is span:
                break
            outer: Any = other.outer
            while outer is not None and outer is not span and type(outer) is not Scope:
                outer = outer.outer
            if outer is span:
                found.append(other)
        return found

    def _end_inside(self, span: Span, now: int) -> None:
        """Close what is open inside a span, and say so."""
        for child in self._inside(span):
            if self._abandon_one(child, now):
                _say_abandoned(child, span)
                self._tell(child)

    def _abandon_one(self, span: Span, now: int) -> bool:
        """Close a span as abandoned; False when another thread was first."""
        if not span.scope.open.pop(span, False):
            return False
        span.finish("abandoned", now)
        self._abandoned.hit()
        return True

    def abandon(self, scope: Scope) -> None:
        """Close what is open in a scope whose owner is dead; takes no lock: may run inside the garbage collector."""
        self._scopes.pop(scope, None)
        now = self.now_ns()
        # What nobody hears is not kept to be told: the helper thread that tells runs only while somebody listens.
        heard = self._telemetry is not None and self._telemetry.active
        for span in reversed(list(scope.open)):
            if self._abandon_one(span, now) and heard:
                self._untold.append(span)
        if self._untold:
            self._helper.ring()

    def _tell_untold(self) -> float | None:
        while self._untold:
            self._tell(self._untold.popleft())
        return None

    def _tell(self, span: Span) -> None:
        if self._telemetry is not None and self._telemetry.active:
            about = {**_about(span), "status": span.status, "implementation": self.IMPLEMENTATION, "span": span}
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
