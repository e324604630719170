"""A tracer that can be switched between its new and its legacy implementation while it is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from overt.runtime.legacy.tracer import Tracer as LegacyTracer
from overt.runtime.span import Span, Status
from overt.runtime.span_block import SpanBlock
from overt.runtime.switch import Pair, Switch
from overt.runtime.switched import Switched
from overt.runtime.telemetry import Telemetry
from overt.runtime.tracer import Tracer


class SwitchedTracer(Switched):
    """The interface of `Tracer` over both implementations.

    A span ends in the implementation that it began in, and what begins inside it begins there too; the switch decides
    where the next trace begins.

    Args:
        switch: True for the new implementation; asked when no span is open here.
        telemetry: Given to both.
        clock: Given to both.
    """

    def __init__(
        self, switch: Switch, telemetry: Telemetry | None = None, clock: Callable[[], float] | None = None
    ) -> None:
        new, legacy = Tracer(telemetry, clock), LegacyTracer(telemetry, clock)
        self._pair: Pair[Tracer] = Pair(new=new, legacy=legacy, switch=switch)

    def _tracer(self) -> Tracer:
        for side in (self._pair.new, self._pair.legacy):
            if side.current_trace_id() is not None:
                return side
        return self._pair.now()

    def start_span(self, name: str, attributes: Mapping[str, Any] | None = None) -> Span:
        """Begin a span inside the current one and make it current."""
        return self._tracer().start_span(name, attributes)

    def end_span(self, span: Span | None, status: Status = "ok", attributes: Mapping[str, Any] | None = None) -> None:
        """End a span where it began.

        Raises:
            SpanEnded: It has ended already.
        """
        (self._pair.now() if span is None else span.tracer).end_span(span, status, attributes)

    def span(self, name: str, /, **attributes: Any) -> SpanBlock:
        """Return a span for a `with` block, or for every call of a function, plain or async."""
        return SpanBlock(self, name, attributes)

    def current_span(self) -> Span | None:
        """Return the innermost open span here; None when there is none."""
        return self._tracer().current_span()

    def current_trace_id(self) -> str | None:
        """Return the id of the current trace; None when there is none."""
        return self._tracer().current_trace_id()

    def propagate(self) -> dict[str, str]:
        """Return the headers that let another program go on with the trace; empty when there is none."""
        return self._tracer().propagate()

    def continue_from(self, carrier: Mapping[str, str]) -> AbstractContextManager[None]:
        """Go on with the trace of another program for a block; headers that are not valid change nothing."""
        return self._tracer().continue_from(carrier)

    def live_spans(self) -> tuple[Span, ...]:
        """Return the open spans of both."""
        return self._pair.new.live_spans() + self._pair.legacy.live_spans()
