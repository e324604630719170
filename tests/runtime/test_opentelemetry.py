"""Spans in the hands of the real OpenTelemetry SDK, and traces that go on from one into the other."""

from __future__ import annotations

import enum
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry import trace as otel
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from overt.runtime import Telemetry, Tracer, legacy, traceparent
from overt.runtime.opentelemetry import SpanBridge, as_current, attributes, continue_current, plain
from overt.runtime.switched_tracer import SwitchedTracer
from overt.testing import FrozenClock, wait_for

EPOCH_NS = 1_700_000_000_000_000_000
AFAR = "00-" + "a" * 32 + "-" + "b" * 16


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(50.0)


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def bridge(telemetry: Telemetry, exporter: InMemorySpanExporter, clock: FrozenClock) -> Iterator[SpanBridge]:
    """Give a bridge on which it is EPOCH_NS when the tracers' clock shows 50 seconds."""
    with SpanBridge(
        telemetry,
        SimpleSpanProcessor(exporter),
        resource=Resource({"service.name": "shop"}),
        now_ns=lambda: EPOCH_NS + clock.monotonic_ns() - 50_000_000_000,
    ) as made:
        yield made


@pytest.fixture(params=["new", "legacy", "switched"])
def tracer(request: pytest.FixtureRequest, telemetry: Telemetry, clock: FrozenClock, bridge: SpanBridge) -> Any:
    """Give a tracer of each implementation, heard by the bridge."""
    makers: dict[str, Any] = {
        "new": Tracer,
        "legacy": legacy.Tracer,
        "switched": lambda *options: SwitchedTracer(lambda: True, *options),
    }
    with makers[request.param](telemetry, clock) as made:
        yield made


def by_name(exporter: InMemorySpanExporter) -> dict[str, Any]:
    """Return what was exported."""
    return {span.name: span for span in exporter.get_finished_spans()}


def test_a_span_arrives_with_everything_it_has(tracer: Any, exporter: InMemorySpanExporter, clock: FrozenClock) -> None:
    """Ids, parent, times since 1970, attributes, events, links, status, resource, scope."""
    with tracer.span("other") as other:
        pass
    with tracer.span("order", customer=7, items=["a", "b"]) as order:
        clock.advance(1.5)
        with tracer.span("pay") as pay:
            pay.add_event("asked", {"bank": "x"})
            pay.add_link(other, {"why": "retry"})
            clock.advance(0.25)
    sent = by_name(exporter)
    for span in (other, order, pay):
        context = sent[span.name].context
        assert (f"{context.trace_id:032x}", f"{context.span_id:016x}") == (span.trace_id, span.span_id)
        assert context.trace_flags.sampled
        assert not context.is_remote
    assert sent["order"].parent is None
    assert (sent["pay"].parent.span_id, sent["pay"].parent.is_remote) == (sent["order"].context.span_id, False)
    assert (sent["order"].start_time, sent["order"].end_time) == (EPOCH_NS, EPOCH_NS + 1_750_000_000)
    assert (sent["pay"].start_time, sent["pay"].end_time) == (EPOCH_NS + 1_500_000_000, EPOCH_NS + 1_750_000_000)
    implementation = sent["order"].attributes["overt.implementation"]
    assert implementation in {"new", "legacy"}
    assert dict(sent["order"].attributes) == {
        "overt.status": "ok",
        "overt.implementation": implementation,
        "customer": 7,
        "items": ("a", "b"),
    }
    (event,), (link,) = sent["pay"].events, sent["pay"].links
    assert (event.name, event.timestamp, dict(event.attributes)) == ("asked", EPOCH_NS + 1_500_000_000, {"bank": "x"})
    assert (f"{link.context.span_id:016x}", dict(link.attributes)) == (other.span_id, {"why": "retry"})
    assert sent["order"].status.status_code is StatusCode.OK
    assert sent["order"].resource.attributes["service.name"] == "shop"
    assert sent["order"].instrumentation_scope.name == "overt"
    assert sent["order"].kind is otel.SpanKind.INTERNAL


def test_an_error_and_an_abandoned_span_say_what_happened(tracer: Any, exporter: InMemorySpanExporter) -> None:
    """The exception is named as OpenTelemetry names it; what a dead thread left open arrives too."""
    block = tracer.span("pay")
    with pytest.raises(KeyError), block:
        raise KeyError("card")
    thread = threading.Thread(target=lambda: tracer.start_span("left open"))
    thread.start()
    thread.join()
    wait_for(lambda: len(exporter.get_finished_spans()) == 2)
    sent = by_name(exporter)
    failed, left = sent["pay"], sent["left open"]
    assert (failed.status.status_code, failed.status.description) == (StatusCode.ERROR, "KeyError('card')")
    assert dict(failed.events[0].attributes) == {"exception.type": "KeyError", "exception.message": "KeyError('card')"}
    assert left.status.status_code is StatusCode.ERROR
    assert left.status.description.startswith("abandoned")
    assert left.attributes["overt.status"] == "abandoned"


def test_no_attribute_takes_another_ones_place() -> None:
    """Neither the user's the system's, nor the other way round, nor the user's each other's."""
    user = {"overt.status": 1, "user.overt.status": 2, "user.user.overt.status": 3, "status": 4, 5: "five", "5": 6}
    both = attributes(user, {"overt.status": "ok"})
    assert both["overt.status"] == "ok"
    assert (both["user.overt.status"], both["user.user.overt.status"], both["status"]) == (2, 3, 4)
    assert both["5"] == 6
    assert sorted(map(str, both.values())) == sorted(["ok", "1", "2", "3", "4", "five", "6"])


class Colour(enum.IntEnum):
    RED = 1


class Word(str):
    __slots__ = ()


class Unprintable:
    def __repr__(self) -> str:
        raise RuntimeError("no text")


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (True, True),
        (7, 7),
        (1.5, 1.5),
        ("a", "a"),
        (Colour.RED, 1),
        (Word("a"), "a"),
        (2**63, str(2**63)),
        (-(2**63), -(2**63)),
        ("\ud800", "?"),
        (None, "None"),
        (b"a", "b'a'"),
        ([1, 2], (1, 2)),
        ([], ()),
        ([1, "a"], "[1, 'a']"),
        ([1, True], "[1, True]"),
        ([2**63], f"[{2**63}]"),
        ({"a": [1]}, "{'a': [1]}"),
        (Unprintable(), "<unprintable Unprintable>"),
    ],
)
def test_a_value_of_any_type_becomes_one_that_can_be_sent(value: Any, sent: Any) -> None:
    """And is of exactly that type."""
    assert plain(value) == sent
    assert type(plain(value)) is type(sent)


@settings(max_examples=30)
@given(
    st.dictionaries(
        st.text() | st.integers(), st.recursive(st.text() | st.integers() | st.floats() | st.none(), st.lists)
    )
)
def test_attributes_of_any_type_break_no_span(given_attributes: dict[Any, Any]) -> None:
    """Each arrives, and the next span too; all of it can be written as JSON by the SDK."""
    telemetry, exporter = Telemetry(), InMemorySpanExporter()
    processor, of = SimpleSpanProcessor(exporter), Resource({})
    with SpanBridge(telemetry, processor, resource=of) as bridge, Tracer(telemetry) as tracer:
        with tracer.span("odd") as odd:
            odd.set_attributes(given_attributes)
            odd.add_event("odd", given_attributes)
        with tracer.span("next"):
            pass
        sent = exporter.get_finished_spans()
        assert [span.name for span in sent] == ["odd", "next"]
        assert len(sent[0].attributes or {}) == len(given_attributes) + 2
        assert sent[0].to_json()
        assert bridge.stats() == {"exported": 2, "failed": 0}


def test_spans_stand_to_each_other_as_they_were_until_the_clocks_drift(
    telemetry: Telemetry, exporter: InMemorySpanExporter, clock: FrozenClock
) -> None:
    """A wall clock that trembles moves nothing; one that was set, or a machine that slept, does."""
    wall = [EPOCH_NS]
    with (
        SpanBridge(telemetry, SimpleSpanProcessor(exporter), now_ns=lambda: wall[0]),
        Tracer(telemetry, clock) as tracer,
    ):
        for tremble in (0, 9_000_000, -9_000_000, 3_600_000_000_000):
            wall[0] = EPOCH_NS + tremble
            with tracer.span("work"):
                pass
    begins = [span.start_time for span in exporter.get_finished_spans()]
    assert begins == [EPOCH_NS] * 3 + [EPOCH_NS + 3_600_000_000_000]


def test_real_clocks_give_real_times(telemetry: Telemetry, exporter: InMemorySpanExporter) -> None:
    """Beside a span of the SDK itself, within 20 milliseconds."""
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with SpanBridge(telemetry, SimpleSpanProcessor(exporter)), Tracer(telemetry) as tracer:
        theirs = provider.get_tracer("shop").start_span("theirs")
        with tracer.span("ours"):
            pass
        theirs.end()
    sent = by_name(exporter)
    assert abs(sent["ours"].start_time - sent["theirs"].start_time) < 20_000_000
    assert abs(sent["ours"].end_time - sent["theirs"].end_time) < 20_000_000


def test_an_exporter_gets_a_batch_processor_and_close_sends_what_waits(telemetry: Telemetry) -> None:
    """flush() sends too; after close() nothing is heard, and nothing is left behind."""
    exporter = InMemorySpanExporter()
    bridge = SpanBridge(telemetry, exporter)
    with Tracer(telemetry) as tracer:
        with tracer.span("one"):
            pass
        assert bridge.flush()
        assert [span.name for span in exporter.get_finished_spans()] == ["one"]
        with tracer.span("two"):
            pass
        bridge.close()
        bridge.close()
        with tracer.span("three"):
            pass
    assert [span.name for span in exporter.get_finished_spans()] == ["one", "two"]
    assert not telemetry.active


def test_a_processor_that_fails_is_told_once_and_counted(
    telemetry: Telemetry, caplog: pytest.LogCaptureFixture
) -> None:
    """The tracer goes on, and the bridge keeps listening."""

    class Broken(SimpleSpanProcessor):
        def on_end(self, span: ReadableSpan) -> None:
            raise OSError("no disk")

    class Nowhere(SpanExporter):
        def export(self, spans: Any) -> SpanExportResult:
            return SpanExportResult.SUCCESS

    with (
        caplog.at_level(logging.WARNING, "overt.opentelemetry"),
        SpanBridge(telemetry, Broken(Nowhere())) as bridge,
        Tracer(telemetry) as tracer,
    ):
        for _ in range(3):
            with tracer.span("work") as span:
                pass
        assert span.status == "ok"
        assert bridge.stats() == {"exported": 0, "failed": 3}
    assert [record.message for record in caplog.records] == ["a span was not exported: OSError('no disk')"]


# -- the trace goes on -------------------------------------------------------------------------------------------


def test_our_headers_are_what_opentelemetry_reads(tracer: Any) -> None:
    """Span, trace, flags and what other systems say about the trace."""
    with (
        tracer.continue_from({"traceparent": f"{AFAR}-01", "tracestate": "shop=1, bank=2"}),
        tracer.span("ours") as ours,
    ):
        context = TraceContextTextMapPropagator().extract(tracer.propagate())
    found = otel.get_current_span(context).get_span_context()
    assert (f"{found.trace_id:032x}", f"{found.span_id:016x}") == ("a" * 32, ours.span_id)
    assert found.trace_flags == 1
    assert dict(found.trace_state) == {"shop": "1", "bank": "2"}
    with tracer.span("alone"):
        assert TraceContextTextMapPropagator().extract(tracer.propagate())


def test_their_headers_are_what_we_read(tracer: Any) -> None:
    """A span of the SDK is the parent of ours."""
    carrier: dict[str, str] = {}
    with TracerProvider().get_tracer("shop").start_as_current_span("theirs") as theirs:
        TraceContextTextMapPropagator().inject(carrier)
    with tracer.continue_from(carrier), tracer.span("ours") as ours:
        pass
    context = theirs.get_span_context()
    assert (ours.trace_id, ours.parent_id) == (f"{context.trace_id:032x}", f"{context.span_id:016x}")


def test_a_trace_that_is_not_recorded_stays_so(tracer: Any, exporter: InMemorySpanExporter) -> None:
    """The flag is handed on, and the processor leaves the span out, as it does with OpenTelemetry's own."""
    with tracer.continue_from({"traceparent": f"{AFAR}-00"}), tracer.span("outer"), tracer.span("inner"):
        assert tracer.propagate()["traceparent"].endswith("-00")
    with tracer.span("ours"):
        assert tracer.propagate()["traceparent"].endswith("-01")
    assert list(by_name(exporter)) == ["ours"]


def test_a_span_from_afar_has_a_remote_parent(tracer: Any, exporter: InMemorySpanExporter) -> None:
    """And the spans inside it have a local one; the trace's state is on all of them."""
    with (
        tracer.continue_from({"traceparent": f"{AFAR}-01", "tracestate": "shop=1"}),
        tracer.span("outer"),
        tracer.span("inner"),
    ):
        pass
    sent = by_name(exporter)
    assert (sent["outer"].parent.is_remote, f"{sent['outer'].parent.span_id:016x}") == (True, "b" * 16)
    assert not sent["inner"].parent.is_remote
    assert [dict(span.context.trace_state) for span in sent.values()] == [{"shop": "1"}] * 2


@pytest.mark.parametrize(
    "state", ["", "nonsense", "=1", "a=", "a=1\nb: 2", "ä=1", ",".join(f"k{n}=1" for n in range(33)), "a=" + "x" * 9000]
)
def test_a_state_that_is_not_valid_is_left_out(state: str) -> None:
    """The trace goes on without it."""
    carrier = {"traceparent": f"{AFAR}-01", "tracestate": state}
    assert traceparent.read(carrier) == (int("a" * 32, 16), int("b" * 16, 16))
    assert traceparent.read_rest(carrier) == (1, "")


@given(st.text(max_size=80))
def test_a_state_of_any_text_is_read_or_left_out(state: str) -> None:
    """What is handed on, OpenTelemetry can read, and nothing raises."""
    flags, kept = traceparent.read_rest({"traceparent": f"{AFAR}-03", "TraceState": state})
    assert flags == 3
    carrier = traceparent.write(1, 1, flags, kept)
    assert otel.get_current_span(TraceContextTextMapPropagator().extract(carrier)).get_span_context().is_valid


def test_their_spans_begin_inside_ours(tracer: Any, exporter: InMemorySpanExporter) -> None:
    """In the block, and no longer; without a span of ours nothing is different."""
    theirs = TracerProvider().get_tracer("shop")
    with tracer.span("ours") as ours, as_current(tracer), theirs.start_as_current_span("theirs") as inside:
        assert f"{inside.parent.span_id:016x}" == ours.span_id  # type: ignore[attr-defined]
        assert f"{inside.get_span_context().trace_id:032x}" == ours.trace_id
    with as_current(tracer), theirs.start_as_current_span("alone") as alone:
        assert alone.parent is None  # type: ignore[attr-defined]


def test_our_spans_begin_inside_theirs(tracer: Any) -> None:
    """In the block, and no longer; without a span of theirs nothing is different."""
    theirs = TracerProvider().get_tracer("shop")
    with theirs.start_as_current_span("theirs") as around, continue_current(tracer), tracer.span("ours") as ours:
        assert ours.parent_id == f"{around.get_span_context().span_id:016x}"
    with continue_current(tracer), tracer.span("alone") as alone:
        assert alone.parent_id is None
    assert tracer.current_trace_id() is None


def test_there_and_back_again_is_one_trace(tracer: Any, exporter: InMemorySpanExporter) -> None:
    """Ours, theirs inside, ours inside of that: each has the one around it for a parent."""
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with (
        tracer.span("first"),
        as_current(tracer),
        provider.get_tracer("shop").start_as_current_span("second"),
        continue_current(tracer),
        tracer.span("third"),
    ):
        pass
    sent = by_name(exporter)
    assert len({span.context.trace_id for span in sent.values()}) == 1
    assert sent["third"].parent.span_id == sent["second"].context.span_id
    assert sent["second"].parent.span_id == sent["first"].context.span_id


def test_nothing_of_opentelemetry_is_imported_before_it_is_used() -> None:
    """The module can be imported where OpenTelemetry is not; the bridge then says what is missing."""
    program = (
        "import sys, overt.runtime.opentelemetry as bridges\n"
        "assert not [name for name in sys.modules if name.split('.')[0] == 'opentelemetry']\n"
        "sys.modules['opentelemetry'] = None\n"
        "from overt.runtime import Telemetry\n"
        "try:\n    bridges.SpanBridge(Telemetry(), None)\n"
        "except ModuleNotFoundError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert "opentelemetry" in done.stdout
