"""A span: one timed piece of work, part of a trace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from overt.runtime.tracer import Scope, Tracer

Status = Literal["open", "ok", "error", "abandoned"]


class SpanEnded(ValueError):
    """A span was to be ended that has ended.

    Args:
        span: The span.
    """

    def __init__(self, span: Span) -> None:
        super().__init__(f"span {span.name!r} ({span.span_id}) has ended already, as {span.status}")
        self.span = span


class SpanEvent(NamedTuple):
    """Something that happened during a span.

    Args:
        name: What.
        at_ns: When, nanoseconds of the monotonic clock.
        attributes: More about it.
    """

    name: str
    at_ns: int
    attributes: Mapping[str, Any]


class SpanLink(NamedTuple):
    """Another span that this one has to do with.

    Args:
        trace_id: 32 hexadecimal digits.
        span_id: 16 hexadecimal digits.
        attributes: More about it.
    """

    trace_id: str
    span_id: str
    attributes: Mapping[str, Any]


class Remote:
    """The span of another program that a trace goes on from.

    Args:
        trace: Number of the trace.
        number: Number of the span.
        outer: What was current before.
    """

    __slots__ = ("number", "outer", "status", "trace")

    def __init__(self, trace: int, number: int, outer: Span | Remote | None) -> None:
        self.trace, self.number, self.outer, self.status = trace, number, outer, "open"


class Span:
    """One timed piece of work; made by a `Tracer`.

    Args:
        tracer: The tracer that it begins and ends in.
        name: What is done.
        trace: Number of the trace.
        number: Number of the span.
        outer: What it is a part of; None for the first of a trace.
        scope: The thread or task that it belongs to.
        start_ns: When it began, nanoseconds of the monotonic clock.
        attributes: What is known about it; copied.
    """

    __slots__ = (
        "__weakref__",
        "_duration_ns",
        "_events",
        "_links",
        "_parent",
        "attributes",
        "name",
        "number",
        "outer",
        "scope",
        "start_ns",
        "status",
        "trace",
        "tracer",
    )

    def __init__(
        self,
        tracer: Tracer,
        name: str,
        trace: int,
        number: int,
        outer: Span | Remote | None,
        scope: Scope,
        start_ns: int,
        attributes: Mapping[str, Any] | None,
    ) -> None:
        self.tracer, self.name, self.trace, self.number = tracer, name, trace, number
        self.outer, self.scope, self.start_ns = outer, scope, start_ns
        self._parent = outer.number if outer is not None else 0
        self.attributes: dict[str, Any] = dict(attributes) if attributes else {}
        self.status: Status = "open"
        self._duration_ns = -1
        self._events: tuple[SpanEvent, ...] = ()
        self._links: tuple[SpanLink, ...] = ()

    @property
    def span_id(self) -> str:
        """16 hexadecimal digits."""
        return f"{self.number:016x}"

    @property
    def trace_id(self) -> str:
        """32 hexadecimal digits, the same in all spans of a trace."""
        return f"{self.trace:032x}"

    @property
    def parent_id(self) -> str | None:
        """The id of the span that it is a part of; None for the first of a trace."""
        return f"{self._parent:016x}" if self._parent else None

    @property
    def duration_ns(self) -> int | None:
        """How long it took, nanoseconds; None while it is open."""
        return None if self._duration_ns < 0 else self._duration_ns

    @property
    def events(self) -> tuple[SpanEvent, ...]:
        """What happened, the oldest first."""
        return self._events

    @property
    def links(self) -> tuple[SpanLink, ...]:
        """The spans that it has to do with."""
        return self._links

    def set_attributes(self, attributes: Mapping[str, Any] | None = None, /, **named: Any) -> None:
        """Add what is known about it; a value may be of any type. After its end nothing is added."""
        if self._is_open("attributes"):
            self.attributes.update(attributes or {}, **named)

    def add_event(self, name: str, attributes: Mapping[str, Any] | None = None) -> None:
        """Note that something happened. After its end nothing is added."""
        if self._is_open("an event"):
            self._events = (*self._events, SpanEvent(name, self.tracer.now_ns(), dict(attributes or {})))

    def add_link(self, span: Span, attributes: Mapping[str, Any] | None = None) -> None:
        """Note that another span has to do with it. After its end nothing is added."""
        if self._is_open("a link"):
            self._links = (*self._links, SpanLink(span.trace_id, span.span_id, dict(attributes or {})))

    def finish(self, status: Status, now_ns: int) -> None:
        """Set status and duration; for the tracer, which sees to it that this happens once."""
        self._duration_ns = max(0, now_ns - self.start_ns)
        self.status = status
        # Let go of ancestors that have ended: a chain of tasks would keep its whole past alive.
        outer = self.outer
        while outer is not None and outer.status != "open":
            outer = outer.outer
        self.outer = outer

    def _is_open(self, what: str) -> bool:
        if self.status == "open":
            return True
        import logging

        logging.getLogger("overt.spans").warning("%s came after the end of span %r and was left out", what, self.name)
        return False

    def __repr__(self) -> str:
        return f"<Span {self.name!r} {self.span_id} {self.status}>"
