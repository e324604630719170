"""A span: one timed piece of work, part of a trace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from overt.runtime.scopes import Scope
    from overt.runtime.tracer import Tracer

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
        flags: Of the trace: 1 when it is recorded.
        state: What other systems say about the trace; handed on as it came.
    """

    __slots__ = ("flags", "number", "outer", "state", "status", "trace")

    scope = None

    def __init__(self, trace: int, number: int, outer: Span | Remote | Scope | None, flags: int, state: str) -> None:
        self.trace, self.number, self.outer, self.status = trace, number, outer, "open"
        self.flags, self.state = flags, state


def remote(current: Any) -> Remote | None:
    """Return the other program's span that the trace of a span came from; None when it began in this one."""
    while current is not None and type(current) is not Remote:
        current = getattr(current, "outer", None)  # a scope has none
    return current


class Span:
    """One timed piece of work; made by `Tracer.start_span`, which sets what stands here."""

    __slots__ = (
        "__weakref__",
        "_events",
        "_links",
        "attributes",
        "duration",
        "name",
        "number",
        "outer",
        "parent",
        "scope",
        "start_ns",
        "status",
        "trace",
        "tracer",
    )

    tracer: Tracer
    """The tracer that it begins and ends in."""
    name: str
    """What is done."""
    trace: int
    """Number of the trace."""
    number: int
    """Number of the span."""
    parent: int
    """Number of the span that it is a part of; 0 for the first of a trace."""
    outer: Span | Remote | Scope
    """What is current again when it ends: a span, or its scope."""
    scope: Scope
    """The thread or task that it belongs to."""
    start_ns: int
    """When it began, nanoseconds of the monotonic clock."""
    duration: int
    """How long it took, nanoseconds; set at its end."""
    attributes: dict[str, Any]
    """What is known about it."""
    status: Status
    """`open` until it ends."""

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
        return f"{self.parent:016x}" if self.parent else None

    @property
    def duration_ns(self) -> int | None:
        """How long it took, nanoseconds; None while it is open."""
        return None if self.status == "open" else self.duration

    @property
    def events(self) -> tuple[SpanEvent, ...]:
        """What happened, the oldest first."""
        return getattr(self, "_events", ())

    @property
    def links(self) -> tuple[SpanLink, ...]:
        """The spans that it has to do with."""
        return getattr(self, "_links", ())

    def set_attributes(self, attributes: Mapping[str, Any] | None = None, /, **named: Any) -> None:
        """Add what is known about it; a value may be of any type. After its end nothing is added."""
        if self._is_open("attributes"):
            self.attributes.update(attributes or {}, **named)

    def add_event(self, name: str, attributes: Mapping[str, Any] | None = None) -> None:
        """Note that something happened. After its end nothing is added."""
        if self._is_open("an event"):
            self._events = (*self.events, SpanEvent(name, self.tracer.now_ns(), dict(attributes or {})))

    def add_link(self, span: Span, attributes: Mapping[str, Any] | None = None) -> None:
        """Note that another span has to do with it. After its end nothing is added."""
        if self._is_open("a link"):
            self._links = (*self.links, SpanLink(span.trace_id, span.span_id, dict(attributes or {})))

    def finish(self, status: Status, now_ns: int) -> None:
        """Set status and duration; for the tracer, which sees to it that this happens once."""
        self.duration = max(0, now_ns - self.start_ns)
        self.status = status
        self.let_go()

    def let_go(self) -> None:
        """Let go of ancestors that have ended: a chain of tasks would keep its whole past alive."""
        outer: Any = self.outer
        while outer.status != "open":
            outer = outer.outer or self.scope  # nothing may have been around what another program began
        self.outer = outer

    def _is_open(self, what: str) -> bool:
        if self.status == "open":
            return True
        import logging

        logging.getLogger("overt.spans").warning("%s came after the end of span %r and was left out", what, self.name)
        return False

    def __repr__(self) -> str:
        return f"<Span {self.name!r} {self.span_id} {self.status}>"
