"""One behaviour for spans, whatever implements them."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import threading
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.runtime import legacy, traceparent
from overt.runtime.owners import PROCESS
from overt.runtime.scopes import Scope
from overt.runtime.span import Span, SpanEnded
from overt.runtime.switched_tracer import SwitchedTracer
from overt.runtime.telemetry import Telemetry
from overt.runtime.tracer import Tracer
from overt.testing import FrozenClock, assert_no_leaks, capture_telemetry, wait_for, wait_for_events

MAKERS: dict[str, Any] = {
    "new": Tracer,
    "legacy": legacy.Tracer,
    "switched-new": lambda telemetry=None, clock=None: SwitchedTracer(lambda: True, telemetry, clock),
    "switched-legacy": lambda telemetry=None, clock=None: SwitchedTracer(lambda: False, telemetry, clock),
}


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def tracer(implementation: str, telemetry: Telemetry, clock: FrozenClock) -> Iterator[Any]:
    """Give a tracer of each implementation, and see that its books balance."""
    with MAKERS[implementation](telemetry, clock) as made:
        yield made
        stats = made.stats()
        assert stats.started == stats.ended + stats.abandoned + stats.live + stats.dropped


def test_spans_nest(tracer: Any, clock: FrozenClock) -> None:
    """Parent, trace, status and duration are as they should be; ids have their W3C form."""
    with tracer.span("outer", customer=7) as outer:
        assert tracer.current_span() is outer
        assert (outer.status, outer.duration_ns, outer.parent_id) == ("open", None, None)
        clock.advance(1.0)
        with tracer.span("inner") as inner:
            clock.advance(0.5)
        assert tracer.current_span() is outer
    assert tracer.current_span() is None
    assert (inner.parent_id, inner.trace_id) == (outer.span_id, outer.trace_id)
    assert (inner.duration_ns, outer.duration_ns) == (500_000_000, 1_500_000_000)
    assert (inner.status, outer.status, outer.attributes) == ("ok", "ok", {"customer": 7})
    assert (len(outer.span_id), len(outer.trace_id)) == (16, 32)
    assert int(outer.span_id, 16) != int(inner.span_id, 16)


def test_two_traces_are_two(tracer: Any) -> None:
    """A span that begins inside nothing begins a trace."""
    with tracer.span("one") as one:
        pass
    with tracer.span("two") as two:
        assert tracer.current_trace_id() == two.trace_id
    assert one.trace_id != two.trace_id
    assert tracer.current_trace_id() is None


def test_ending_an_outer_span_closes_what_is_open_inside_it(
    tracer: Any, clock: FrozenClock, caplog: pytest.LogCaptureFixture
) -> None:
    """Children first, as abandoned, and it is said; a sibling outside is left alone."""
    sibling_of_none = tracer.start_span("root")
    outer = tracer.start_span("outer")
    child = tracer.start_span("child")
    grandchild = tracer.start_span("grandchild")
    clock.advance(2.0)
    with caplog.at_level(logging.WARNING, "overt.spans"):
        tracer.end_span(outer)
    assert [span.status for span in (sibling_of_none, outer, child, grandchild)] == [
        "open",
        "ok",
        "abandoned",
        "abandoned",
    ]
    assert grandchild.duration_ns == 2_000_000_000
    assert "'child' was still open when the span around it, 'outer', ended" in caplog.text
    assert tracer.current_span() is sibling_of_none
    tracer.end_span(sibling_of_none)
    assert tracer.live_spans() == ()


def test_ending_twice_names_the_span(tracer: Any) -> None:
    """The error says which, and the first ending stands."""
    span = tracer.start_span("order")
    tracer.end_span(span, "error", {"why": "late"})
    with pytest.raises(SpanEnded, match=f"'order' \\({span.span_id}\\) has ended already, as error"):
        tracer.end_span(span)
    assert (span.status, span.attributes) == ("error", {"why": "late"})


def test_ending_with_nothing_open_warns_and_harms_nothing(tracer: Any) -> None:
    """The current span may be none."""
    with pytest.warns(RuntimeWarning, match="no open span"):
        tracer.end_span(tracer.current_span())
    with tracer.span("next") as span:
        pass
    assert span.status == "ok"


@pytest.mark.parametrize(("error", "status"), [(ValueError("no"), "error"), (KeyboardInterrupt(), "error")])
def test_an_exception_ends_a_span_as_error(tracer: Any, error: BaseException, status: str) -> None:
    """It is noted as an event and comes through."""
    block = tracer.span("order")
    with pytest.raises(type(error)), block as span:
        raise error
    assert (span.status, tracer.current_span()) == (status, None)
    assert span.events[0].name == "exception"
    assert span.events[0].attributes["type"] == type(error).__name__


def test_a_span_that_was_ended_by_hand_ends_its_block_quietly(tracer: Any) -> None:
    """The block does not end it a second time."""
    with tracer.span("order") as span:
        tracer.end_span(span, "error")
    assert span.status == "error"


def test_as_a_decorator_every_call_is_a_span(tracer: Any, telemetry: Telemetry) -> None:
    """Plain, recursive and async functions."""

    @tracer.span("plain", kind="call")
    def plain(depth: int) -> int:
        return plain(depth - 1) + 1 if depth else 0

    @tracer.span("waited")
    async def waited() -> str:
        await asyncio.sleep(0)
        return "done"

    with capture_telemetry(telemetry, ("overt", "span", "stop")) as events:
        assert plain(2) == 2
        assert asyncio.run(waited()) == "done"
    assert [event.metadata["name"] for event in events] == ["plain"] * 3 + ["waited"]
    assert events[0].metadata["attributes"] == {"kind": "call"}


def test_start_and_stop_are_announced(tracer: Any, telemetry: Telemetry, clock: FrozenClock) -> None:
    """User attributes stand apart from what the system says, whatever they are called."""
    with capture_telemetry(telemetry, ("overt", "span")) as events, tracer.span("order", name="x", status="y") as span:
        clock.advance(0.25)
    start, stop = events
    assert (start.name[-1], stop.name[-1]) == ("start", "stop")
    assert stop.measurements["duration_ns"] == 250_000_000
    assert (stop.metadata["name"], stop.metadata["status"]) == ("order", "ok")
    assert stop.metadata["span_id"] == start.metadata["span_id"] == span.span_id
    assert stop.metadata["attributes"] == {"name": "x", "status": "y"}


def test_attributes_events_and_links(tracer: Any, clock: FrozenClock, caplog: pytest.LogCaptureFixture) -> None:
    """Values may be of any type; after the end nothing is added, which is said."""

    class Unprintable:
        def __repr__(self) -> str:
            raise RuntimeError("no text")

    with tracer.span("other") as other:
        pass
    with tracer.span("order") as span:
        span.set_attributes({"a b": Unprintable()}, count=[1])
        clock.advance(1)
        span.add_event("paid", {"amount": 3})
        span.add_link(other, {"why": "retry"})
    assert set(span.attributes) == {"a b", "count"}
    assert [(event.name, event.attributes) for event in span.events] == [("paid", {"amount": 3})]
    assert [(link.span_id, link.trace_id) for link in span.links] == [(other.span_id, other.trace_id)]
    span.set_attributes(late=1)
    span.add_event("late")
    span.add_link(other)
    assert (len(span.attributes), len(span.events), len(span.links)) == (2, 1, 1)
    assert caplog.text.count("after the end of span 'order'") == 3


def test_a_span_left_open_by_a_dying_thread_is_abandoned_with_its_true_duration(
    tracer: Any, telemetry: Telemetry, clock: FrozenClock
) -> None:
    """It is gone from the live spans when the thread has been joined, and announced."""
    kept: list[Span] = []

    def work() -> None:
        kept.append(tracer.start_span("outer"))
        kept.append(tracer.start_span("inner"))
        clock.advance(3.0)

    with capture_telemetry(telemetry, ("overt", "span", "stop")) as events:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        clock.advance(100.0)
        assert tracer.live_spans() == ()
        wait_for_events(events, [(("overt", "span", "stop"), None)] * 2)
    assert [(span.status, span.duration_ns) for span in kept] == [("abandoned", 3_000_000_000)] * 2
    assert [event.metadata["name"] for event in events] == ["inner", "outer"]


def test_a_span_may_end_in_another_thread(tracer: Any) -> None:
    """Its thread then has nothing open any more."""
    span = tracer.start_span("order")
    thread = threading.Thread(target=tracer.end_span, args=(span,))
    thread.start()
    thread.join()
    assert span.status == "ok"
    assert tracer.current_span() is None


def test_only_one_of_many_threads_ends_a_span(tracer: Any) -> None:
    """The others get the error; the books balance."""
    errors: list[SpanEnded] = []

    def end(span: Span, barrier: threading.Barrier) -> None:
        barrier.wait()
        try:
            tracer.end_span(span)
        except SpanEnded as error:
            errors.append(error)

    for _ in range(50):
        span, barrier = tracer.start_span("order"), threading.Barrier(4)
        threads = [threading.Thread(target=end, args=(span, barrier)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(errors) == 150
    assert tracer.stats().ended == 50


def test_a_trace_goes_on_in_another_program(tracer: Any) -> None:
    """What propagate() says, continue_from() takes; the block puts everything back."""
    assert tracer.propagate() == {}
    with tracer.span("client") as client:
        carrier = tracer.propagate()
    with tracer.continue_from(carrier):
        assert tracer.current_span() is None
        assert tracer.current_trace_id() == client.trace_id
        with tracer.span("server") as server:
            pass
    assert (server.parent_id, server.trace_id) == (client.span_id, client.trace_id)
    assert tracer.current_trace_id() is None
    with tracer.continue_from({"traceparent": "nonsense"}), tracer.span("fresh") as fresh:
        assert fresh.parent_id is None


@given(st.text(max_size=60), st.integers(1, 2**128 - 1), st.integers(1, 2**64 - 1))
def test_headers_are_read_or_refused_and_never_raise(text: str, trace: int, number: int) -> None:
    """What was written is read; anything else gives None or two numbers."""
    assert traceparent.read(traceparent.write(trace, number)) == (trace, number)
    found = traceparent.read({"traceparent": text})
    assert found is None or (0 < found[0] < 2**128 and 0 < found[1] < 2**64)


@pytest.mark.parametrize(
    "header",
    [
        "00-" + "0" * 32 + "-" + "1" * 16 + "-01",
        "00-" + "1" * 32 + "-" + "0" * 16 + "-01",
        "ff-" + "1" * 32 + "-" + "1" * 16 + "-01",
        "00-" + "1" * 32 + "-" + "1" * 16 + "-01-more",
        "00-" + "A" * 32 + "-" + "1" * 16 + "-01",
        "00-" + "1" * 31 + "-" + "1" * 16 + "-01",
    ],
)
def test_headers_that_w3c_forbids_are_refused(header: str) -> None:
    """Zero ids, version ff, extra parts in version 00, capitals, wrong lengths."""
    assert traceparent.read({"traceparent": header}) is None


def test_a_later_version_is_read_as_far_as_it_is_known() -> None:
    """As the standard asks."""
    assert traceparent.read({"TraceParent": "cc-" + "1" * 32 + "-" + "1" * 16 + "-01-what-else"}) is not None


def test_close_abandons_what_is_open(tracer: Any) -> None:
    """And refuses to begin more."""
    span = tracer.start_span("order")
    tracer.close()
    assert (span.status, tracer.live_spans()) == ("abandoned", ())
    with pytest.raises(RuntimeError, match="closed"):
        tracer.start_span("next")


def test_cycles_leave_nothing_behind(tracer: Any) -> None:
    """Threads, spans and files are as many as before."""
    with tracer.span("warm"):
        pass

    def work() -> None:
        with tracer.span("one"), tracer.span("two"):
            tracer.start_span("left open")

    with assert_no_leaks(objects=(Span,)):
        for _ in range(30):
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
    assert tracer.live_spans() == ()


def test_an_abandoned_span_that_nobody_hears_of_is_not_kept(tracer: Any) -> None:
    """There is a telemetry, but no listener, so no thread that would ever tell."""
    thread = threading.Thread(target=lambda: tracer.start_span("left open"))
    with assert_no_leaks(objects=(Span,)):
        thread.start()
        thread.join()
    assert tracer.stats().abandoned == 1


# -- tasks: only the new implementation keeps them apart ---------------------------------------------------------


@pytest.mark.parametrize("name", ["new", "switched-new"])
def test_tasks_inherit_and_keep_to_themselves(name: str) -> None:
    """Tasks that run at the same time have the right parents."""
    tracer = MAKERS[name]()

    async def child(number: int) -> tuple[str | None, str | None]:
        with tracer.span(f"child {number}") as span:
            await asyncio.sleep(0)
            with tracer.span("inner") as inner:
                await asyncio.sleep(0)
        return span.parent_id, inner.parent_id if inner.parent_id == span.span_id else "wrong"

    async def run() -> None:
        with tracer.span("parent") as parent:
            results = await asyncio.gather(*[child(number) for number in range(5)])
            assert tracer.current_span() is parent
        assert {result[0] for result in results} == {parent.span_id}
        assert "wrong" not in {result[1] for result in results}

    asyncio.run(run())
    assert tracer.live_spans() == ()


@pytest.mark.parametrize("name", ["new", "switched-new"])
def test_spans_of_cancelled_tasks_are_abandoned_and_callbacks_do_not_pile_up(name: str) -> None:
    """When the task is done, also one that somebody still holds."""
    tracer = MAKERS[name]()

    async def child() -> None:
        for _ in range(20):
            with tracer.span("short"):
                pass
        assert repr(asyncio.current_task()).count("TaskLife") <= 1
        tracer.start_span("left open")
        await asyncio.sleep(60)

    async def run() -> None:
        tasks = [asyncio.create_task(child()) for _ in range(5)]
        await asyncio.sleep(0)
        assert len(tracer.live_spans()) == 5
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        await asyncio.sleep(0)
        assert tracer.live_spans() == ()
        assert tracer.current_span() is None

    asyncio.run(run())
    assert tracer.stats().abandoned == 5


@pytest.mark.parametrize("name", ["new", "switched-new"])
def test_after_async_generators_left_early_no_later_span_has_a_wrong_parent(name: str) -> None:
    """The generator's span ends with it, in whatever task it is closed."""
    tracer = MAKERS[name]()

    async def stream() -> Any:
        with tracer.span("stream"):
            yield 1
            yield 2

    async def run() -> None:
        for _ in range(20):
            async for _item in stream():
                break
            gc.collect()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            with tracer.span("later") as later:
                assert later.parent_id is None

    asyncio.run(run())
    assert tracer.live_spans() == ()


def test_a_forked_child_has_ids_of_its_own() -> None:
    """The child does not repeat the ids of its parent."""
    tracer = Tracer()
    with tracer.span("warm"):
        pass
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        with tracer.span("child") as span:
            os.write(writer, span.trace_id.encode())
        os._exit(0)
    os.waitpid(pid, 0)
    with tracer.span("parent") as span:
        assert os.read(reader, 32).decode() != span.trace_id
    os.close(reader)
    os.close(writer)


def test_a_chain_of_tasks_does_not_keep_its_past() -> None:
    """Each span that ends lets go of the ancestors that have ended."""
    tracer = Tracer()

    async def generation(number: int, done: asyncio.Event) -> None:
        with tracer.span(f"generation {number}"):
            if number:
                following.append(asyncio.create_task(generation(number - 1, done)))
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        if not number:
            done.set()

    following: list[Any] = []

    async def run() -> Any:
        done = asyncio.Event()
        following.append(asyncio.create_task(generation(50, done)))
        await done.wait()
        await asyncio.gather(*following)
        following.clear()

    asyncio.run(run())
    gc.collect()
    assert sum(isinstance(thing, Span) and thing.tracer is tracer for thing in gc.get_objects()) <= 2


# -- the switch --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [True, False])
def test_a_flip_between_start_and_end_loses_nothing(first: bool, telemetry: Telemetry) -> None:
    """A span ends where it began, and so does what begins inside it."""
    chosen = [first]
    tracer = SwitchedTracer(lambda: chosen[0], telemetry)
    with capture_telemetry(telemetry, ("overt", "span", "stop")) as events:
        outer = tracer.start_span("outer")
        chosen[0] = not first
        with tracer.span("inner") as inner:
            assert tracer.current_span() is inner
        tracer.end_span(outer)
        with tracer.span("next"):
            pass
    sides = {True: "new", False: "legacy"}
    assert inner.parent_id == outer.span_id
    assert [event.metadata["implementation"] for event in events] == [sides[first]] * 2 + [sides[not first]]
    wait_for(lambda: tracer.live_spans() == ())
    tracer.close()


# -- what a thread or task keeps ---------------------------------------------------------------------------------


def test_tracers_that_take_turns_in_one_thread_keep_one_scope_each() -> None:
    """Each finds its own again, however often another one was used between."""
    one, other = Tracer(), Tracer()
    for _ in range(10):
        for tracer in (one, other):
            with tracer.span("outer"), tracer.span("inner"):
                pass
    with one.span("mine") as mine, other.span("inside of another's") as inside:
        pass
    assert inside.parent_id == mine.span_id
    assert inside.scope is not mine.scope
    assert [
        scope.tracer() for made in (one, other) for scope in gc.get_referrers(made._self) if type(scope) is Scope
    ] == [
        one,
        other,
    ]


@pytest.mark.parametrize("name", ["new", "legacy"])
def test_a_thread_does_not_keep_a_tracer_alive(name: str) -> None:
    """What stands in its place of the current span refers to the tracer weakly."""
    tracer = MAKERS[name]()
    with tracer.span("work"):
        pass
    gone = weakref.ref(tracer)
    del tracer
    gc.collect()
    assert gone() is None


def test_a_task_is_asked_once_to_tell_of_its_end_and_no_longer_after_close() -> None:
    """However many traces begin in it."""

    async def run() -> None:
        task = asyncio.current_task()
        with Tracer() as tracer:
            for _ in range(5):
                with tracer.span("work"):
                    assert repr(task).count("TaskLife") == 1
        assert repr(task).count("TaskLife") == 0

    asyncio.run(run())


def test_a_span_of_a_thread_goes_on_in_the_first_task_of_its_loop() -> None:
    """The task inherits the current span and owns what begins in it."""
    tracer = Tracer()

    async def run() -> None:
        tracer.start_span("left open")

    with tracer.span("outer") as outer:
        asyncio.run(run())
        assert tracer.live_spans() == (outer,)
    assert (tracer.stats().ended, tracer.stats().abandoned) == (1, 1)


def test_an_open_span_has_the_same_id_in_a_forked_child() -> None:
    """So that what the child does is part of it, with ids of its own."""
    with Tracer() as tracer, tracer.span("outer") as outer:
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            with tracer.span("inner") as inner:
                os.write(writer, f"{inner.parent_id} {inner.trace_id} {inner.span_id}".encode())
            os._exit(0)
        os.waitpid(pid, 0)
        with tracer.span("inner") as inner:
            parent, trace, own = os.read(reader, 200).decode().split()
        assert (parent, trace) == (outer.span_id, outer.trace_id)
        assert own != inner.span_id
        os.close(reader)
        os.close(writer)


def test_threads_of_a_forked_child_know_its_process() -> None:
    """The thread that forked, and those that the child starts."""
    before = PROCESS.pid
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        found = [PROCESS.pid]
        thread = threading.Thread(target=lambda: found.append(PROCESS.pid))
        thread.start()
        thread.join()
        os.write(writer, repr([number == os.getpid() for number in found]).encode())
        os._exit(0)
    os.waitpid(pid, 0)
    assert os.read(reader, 100) == b"[True, True]"
    assert PROCESS.pid == before == os.getpid()
    os.close(reader)
    os.close(writer)


def test_a_block_may_be_entered_inside_itself(tracer: Any) -> None:
    """Each entering is a span of its own, and they end in their order."""
    block = tracer.span("again")
    with block as first, block as second, block as third:
        assert (third.parent_id, second.parent_id) == (second.span_id, first.span_id)
    assert [span.status for span in (first, second, third)] == ["ok"] * 3
    with block as fourth:
        assert fourth.parent_id is None
    assert (fourth.status, tracer.live_spans()) == ("ok", ())


def test_a_span_that_begins_between_two_others_is_closed_with_the_outer_one(tracer: Any) -> None:
    """Also when the newest span of the thread has ended meanwhile, and when another program's trace is in between."""
    outer = tracer.start_span("outer")
    with tracer.continue_from({"traceparent": "00-" + "1" * 32 + "-" + "2" * 16 + "-01"}):
        forgotten = tracer.start_span("forgotten")
        with tracer.span("newest"):
            pass
    tracer.end_span(outer)
    assert (forgotten.status, forgotten.parent_id, outer.status) == ("abandoned", "2" * 16, "ok")
    with tracer.span("next") as following:
        assert following.parent_id is None


def test_a_span_that_ends_while_another_thread_looks_for_the_innermost_one_harms_nothing(tracer: Any) -> None:
    """The open spans change between the first and the second step of the look."""

    ended: list[str] = []

    class Changed(dict[Span, bool]):
        def __reversed__(self) -> Any:
            steps = super().__reversed__()
            if not ended:
                ended.append("inner")
                tracer.end_span(inner)
            return steps

    outer = tracer.start_span("outer")
    inner = tracer.start_span("inner")
    outer.scope.open = Changed(outer.scope.open)
    tracer.end_span(outer)
    assert (ended, inner.status, outer.status) == (["inner"], "ok", "ok")
