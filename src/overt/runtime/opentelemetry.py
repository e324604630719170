"""Spans for OpenTelemetry: finished ones go to its exporters, and traces go on from one into the other.

Needs `opentelemetry-sdk` for `SpanBridge`, `opentelemetry-api` for the rest; neither is imported before it is used.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from weakref import WeakKeyDictionary

from overt.runtime.figures import Figures, Tally, shown
from overt.runtime.span import Remote, Span, SpanEvent, remote
from overt.runtime.telemetry import Name, Telemetry, Values
from overt.runtime.traceparent import SAMPLED

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import SpanContext, TraceState

_OURS = "overt."
_LARGEST = 2**63
_JUMP_NS = 10_000_000
_STEADY_NS = 1_000_000


def plain(value: object) -> Any:
    """Return a value that OpenTelemetry takes: a text, number or truth value, a sequence of one kind of them, or text.

    Example:
        >>> plain(7), plain((1, 2)), plain({"a": 1}), plain(2**80), plain([1, "a"]), plain(None)
        (7, (1, 2), "{'a': 1}", '1208925819614629174706176', "[1, 'a']", 'None')
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value).encode("utf-8", "replace").decode("utf-8")  # a lone surrogate cannot be sent
    if isinstance(value, int):
        return int.__add__(value, 0) if -_LARGEST <= value < _LARGEST else shown(int.__add__(value, 0))
    if isinstance(value, float):
        return float.__add__(value, 0.0)
    if isinstance(value, list | tuple):
        items = tuple(plain(item) for item in value)
        kinds = {type(item) for item in value}
        if len(kinds) < 2 and kinds == {type(item) for item in items} and kinds <= {bool, str, int, float}:
            return items
    return shown(value)


def attributes(given: Mapping[Any, Any], system: Mapping[str, Any]) -> dict[str, Any]:
    """Return a user's attributes with those of the system; a user's key `overt....` gets `user.` before it.

    Example:
        >>> attributes({"order": 7, "overt.status": "mine"}, {"overt.status": "ok"})
        {'overt.status': 'ok', 'order': 7, 'user.overt.status': 'mine'}
    """
    both = dict(system)
    for key, value in given.items():
        name = key if isinstance(key, str) else shown(key)
        if name.startswith(_OURS):
            name = f"user.{name}"
        while name in both or (name != key and name in given):
            name = f"user.{name}"
        both[name] = plain(value)
    return both


class _WallClock:
    """Nanoseconds of tracers' clocks as nanoseconds since 1970.

    One difference is kept for each tracer, so that spans stand to each other as they were, and taken anew when the two
    clocks have drifted apart by more than ten milliseconds: the wall clock was set, or the machine slept.
    """

    def __init__(self, now_ns: Callable[[], int]) -> None:
        self._now_ns = now_ns
        self._ahead: WeakKeyDictionary[Any, int] = WeakKeyDictionary()

    def ahead(self, tracer: Any) -> int:
        """Return by how many nanoseconds the wall clock is ahead of a tracer's."""
        kept = self._ahead.get(tracer)
        for _ in range(3):
            before = tracer.now_ns()
            wall = self._now_ns()
            after = tracer.now_ns()
            if after - before <= _STEADY_NS or kept is None:
                now = wall - (before + after) // 2
                if kept is None or abs(now - kept) > _JUMP_NS:
                    kept = self._ahead[tracer] = now
                return kept
        return kept or 0  # the processor is busy: three times something came between the two clocks


def _context(trace: int, number: int, came: Remote | None, *, is_remote: bool = False) -> SpanContext:
    from opentelemetry.trace import SpanContext, TraceFlags

    flags = TraceFlags(SAMPLED if came is None else came.flags)
    return SpanContext(trace, number, is_remote, flags, _state(came.state if came else ""))


def _state(text: str) -> TraceState:
    from opentelemetry.trace import TraceState

    return TraceState.from_header([text]) if text else TraceState()


def _event(event: SpanEvent) -> tuple[str, dict[str, Any]]:
    """Return name and attributes of an event; an exception's are named as OpenTelemetry names them."""
    if event.name == "exception" and event.attributes.keys() == {"type", "message"}:
        return event.name, {f"exception.{name}": plain(value) for name, value in event.attributes.items()}
    return event.name, attributes(event.attributes, {})


class SpanBridge:
    """Hands the spans that tracers finish to OpenTelemetry, with their own ids, times and parents.

    A span's status `ok` is OK; `error` and `abandoned` are ERROR, with what happened as description. The attributes
    `overt.status` and `overt.implementation` are the system's; a user's attribute of such a name is kept as
    `user.overt....`. A trace that another program began without recording it is not exported, as OpenTelemetry's
    processors have it. Spans are told of when they end: a processor's `on_start` is not called.

    Args:
        telemetry: What the tracers announce to.
        to: A span processor; or a span exporter, which is then given a `BatchSpanProcessor` of its own.
        resource: What the spans are of; OpenTelemetry's default resource when None.
        now_ns: Returns nanoseconds since 1970.

    Raises:
        ModuleNotFoundError: `opentelemetry-sdk` is not installed.

    Example:
        >>> from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
        >>> from overt.runtime import Telemetry, Tracer
        >>> telemetry, exporter = Telemetry(), InMemorySpanExporter()
        >>> with SpanBridge(telemetry, exporter), Tracer(telemetry) as tracer, tracer.span("order") as order:
        ...     pass
        >>> exporter.get_finished_spans()[0].context.span_id == int(order.span_id, 16)
        True
    """

    def __init__(
        self,
        telemetry: Telemetry,
        to: SpanProcessor | SpanExporter,
        *,
        resource: Resource | None = None,
        now_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import SpanProcessor
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.sdk.util.instrumentation import InstrumentationScope

        from overt import __version__

        self._processor = to if isinstance(to, SpanProcessor) else BatchSpanProcessor(to)
        self._resource = Resource.create() if resource is None else resource
        self._scope = InstrumentationScope("overt", __version__)
        self._clock = _WallClock(now_ns)
        self._exported, self._failed = Tally(), Tally()
        self._handle = telemetry.attach(f"opentelemetry-{id(self)}", ("overt", "span", "stop"), self._stop)

    def _stop(self, _name: Name, _measurements: Values, metadata: Values) -> None:
        try:
            self._processor.on_end(self.readable(metadata["span"], metadata["implementation"]))
            self._exported.hit()
        except Exception as error:  # noqa: BLE001  # one span that cannot be sent must not end the sending of others
            if self._failed.value() == 0:
                import logging

                logging.getLogger("overt.opentelemetry").warning("a span was not exported: %s", shown(error))
            self._failed.hit()

    def readable(self, span: Span, implementation: str = "new") -> ReadableSpan:
        """Return a finished span as the SDK has it."""
        from opentelemetry.sdk.trace import Event, ReadableSpan
        from opentelemetry.trace import Link, Status, StatusCode

        came, ahead = remote(span), self._clock.ahead(span.tracer)
        events = [Event(*_event(event), timestamp=event.at_ns + ahead) for event in span.events]
        links = [
            Link(_context(int(link.trace_id, 16), int(link.span_id, 16), None), attributes(link.attributes, {}))
            for link in span.links
        ]
        system = {"overt.status": span.status, "overt.implementation": implementation}
        status = Status(StatusCode.OK) if span.status == "ok" else Status(StatusCode.ERROR, _description(span))
        from_afar = came is not None and came.number == span.parent
        return ReadableSpan(
            name=str(plain(span.name)),
            context=_context(span.trace, span.number, came),
            parent=_context(span.trace, span.parent, came, is_remote=from_afar) if span.parent else None,
            resource=self._resource,
            attributes=attributes(span.attributes, system),
            events=events,
            links=links,
            status=status,
            start_time=span.start_ns + ahead,
            end_time=span.start_ns + ahead + span.duration,
            instrumentation_scope=self._scope,
        )

    def flush(self, timeout: float = 30.0) -> bool:
        """Send what waits in the processor; False when that took longer than so many seconds."""
        return self._processor.force_flush(round(timeout * 1000))

    def stats(self) -> Figures:
        """Return how many spans were handed on, and how many could not be."""
        return Figures(exported=self._exported.value(), failed=self._failed.value())

    def close(self) -> None:
        """Stop listening, send what waits and shut the processor down; again is harmless."""
        if self._handle.detach():
            self._processor.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _description(span: Span) -> str:
    if span.status == "abandoned":
        return "abandoned: what it belonged to ended before it"
    errors = [event.attributes for event in span.events if event.name == "exception"]
    return str(plain(errors[-1].get("message", ""))) if errors else ""


@contextmanager
def as_current(tracer: Any) -> Iterator[Context]:
    """Make a tracer's current span the parent of what OpenTelemetry begins in a block.

    Args:
        tracer: A `Tracer`, of either implementation or switched.

    Returns:
        OpenTelemetry's context for the block.

    Example:
        >>> from opentelemetry import trace
        >>> from overt.runtime import Tracer
        >>> with Tracer() as tracer, tracer.span("order") as order, as_current(tracer):
        ...     trace.get_current_span().get_span_context().span_id == int(order.span_id, 16)
        True
    """
    from opentelemetry.context import attach, detach, get_current
    from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

    context, carrier = get_current(), tracer.propagate()
    if carrier:
        _, trace, number, flags = carrier["traceparent"].split("-")
        state = _state(carrier.get("tracestate", ""))
        parent = SpanContext(int(trace, 16), int(number, 16), False, TraceFlags(int(flags, 16)), state)  # noqa: FBT003
        context = set_span_in_context(NonRecordingSpan(parent), context)
    token = attach(context)
    try:
        yield context
    finally:
        detach(token)


@contextmanager
def continue_current(tracer: Any) -> Iterator[None]:
    """Begin a tracer's spans inside OpenTelemetry's current span for a block; without one, nothing is different.

    Example:
        >>> from opentelemetry.sdk.trace import TracerProvider
        >>> from overt.runtime import Tracer
        >>> theirs = TracerProvider().get_tracer("shop")
        >>> with Tracer() as tracer, theirs.start_as_current_span("request") as request, continue_current(tracer):
        ...     with tracer.span("order") as order:
        ...         order.trace_id == f"{request.get_span_context().trace_id:032x}"
        True
    """
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    with tracer.continue_from(carrier):
        yield
