"""One behaviour for sampled, deduplicated and batched events, whatever implements them."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from overt.runtime import legacy, samplers
from overt.runtime.sampled_events import SampledEvents
from overt.runtime.switched_events import SwitchedEvents
from overt.runtime.telemetry import Telemetry
from overt.testing import Event, FrozenClock, assert_no_leaks, capture_telemetry, wait_for

MAKERS: dict[str, Any] = {
    "new": SampledEvents,
    "legacy": legacy.SampledEvents,
    "switched-new": lambda *args, **kwargs: SwitchedEvents(lambda: True, *args, **kwargs),
    "switched-legacy": lambda *args, **kwargs: SwitchedEvents(lambda: False, *args, **kwargs),
}


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def heard(telemetry: Telemetry) -> Iterator[list[Event]]:
    """Give the list of what is announced."""
    with capture_telemetry(telemetry) as events:
        yield events


@pytest.fixture
def events(implementation: str, telemetry: Telemetry, clock: FrozenClock, heard: list[Event]) -> Iterator[Any]:
    """Give events of each implementation: batches of three."""
    with MAKERS[implementation](telemetry, ("shop",), batch_size=3, flush_interval=60.0, clock=clock) as made:
        yield made


def test_an_event_is_announced_under_its_prefix(events: Any, heard: list[Event]) -> None:
    """With its measurements and metadata."""
    assert events.emit(("sold",), {"n": 1}, {"who": "ann"})
    assert heard == [(("shop", "sold"), {"n": 1}, {"who": "ann"})]


def test_a_span_announces_begin_and_end(events: Any, heard: list[Event]) -> None:
    """With duration and status; an exception comes through."""
    with events.span(("pay",), {"who": "ann"}):
        pass
    with pytest.raises(ZeroDivisionError), events.span(("pay",)):
        _ = 1 / 0
    assert [event.name for event in heard] == [("shop", "pay", "start"), ("shop", "pay", "stop")] * 2
    assert [event.metadata.get("status") for event in heard] == [None, "ok", None, "error"]
    assert heard[1].measurements["duration_ns"] > 0
    assert heard[1].metadata["who"] == "ann"


def test_once_per_interval_is_once(events: Any, heard: list[Event], clock: FrozenClock) -> None:
    """By name and metadata, until the interval is over, not a moment longer."""
    answers = [events.emit_once_per(("slow",), 10.0, {"n": 1}, {"db": "a"}) for _ in range(3)]
    assert answers == [True, False, False]
    assert events.emit_once_per(("slow",), 10.0, {}, {"db": "b"})
    assert events.emit_once_per(("fast",), 10.0)
    clock.advance(9.999)
    assert not events.emit_once_per(("slow",), 10.0, {}, {"db": "a"})
    clock.advance(0.001)
    assert events.emit_once_per(("slow",), 10.0, {}, {"db": "a"})
    assert len(heard) == 4
    assert events.stats().deduplicated == 3


def test_a_chosen_key_is_what_counts(events: Any, heard: list[Event]) -> None:
    """Unique metadata do not defeat it; metadata that cannot be hashed count by their text."""
    assert [events.emit_once_per(("slow",), 10.0, {}, {"id": n}, key="db") for n in range(3)] == [True, False, False]
    assert [events.emit_once_per(("odd",), 10.0, {}, {"list": [1]}) for _ in range(2)] == [True, False]


def test_retention_is_never_shorter_than_the_interval(telemetry: Telemetry, clock: FrozenClock) -> None:
    """A key of an hour is not forgotten by a sweep, whatever the retention is; a short one is."""
    with SampledEvents(telemetry, dedup_retention=1.0, clock=clock) as events:
        events.emit_once_per(("long",), 3600.0)
        events.emit_once_per(("short",), 0.5)
        clock.advance(3599.0)
        events._look_after()
        assert events.stats()["keys"] == 1
        assert not events.emit_once_per(("long",), 3600.0)


def test_the_memory_of_keys_is_bounded(telemetry: Telemetry, clock: FrozenClock) -> None:
    """A flood of unique keys does not fill the memory, and what is forgotten is counted."""
    with SampledEvents(telemetry, clock=clock) as events:
        for number in range(150_000):
            events.emit_once_per(("flood",), 10.0, key=number)
        stats = events.stats()
    assert stats["keys"] <= 100_000
    assert stats.forgotten == 150_000 - stats["keys"]


def test_a_full_batch_is_one_event(events: Any, heard: list[Event]) -> None:
    """Measurement count, metadata items, in order; the rest waits until flush."""
    for item in range(7):
        events.emit_batched(("seen",), item)
    events.emit_batched(("other",), "x")
    assert [(event.name, event.measurements, event.metadata["items"]) for event in heard] == [
        (("shop", "seen"), {"count": 3}, [0, 1, 2]),
        (("shop", "seen"), {"count": 3}, [3, 4, 5]),
    ]
    assert events.stats().pending == 2
    events.flush()
    assert [event.metadata["items"] for event in heard[2:]] == [[6], ["x"]]
    stats = events.stats()
    assert (stats.batched, stats.delivered, stats.batches, stats.pending) == (8, 8, 4, 0)


def test_what_is_being_announced_is_counted_once(telemetry: Telemetry) -> None:
    """A handler that asks sees the items of its own batch as batched, neither waiting any more nor announced yet."""
    seen = []
    with SampledEvents(telemetry, batch_size=2) as events:
        telemetry.attach("ask", (), lambda *_: seen.append(events.stats()))
        for item in range(5):
            events.emit_batched(("seen",), item)
        seen.append(events.stats())
    assert [(stats.batched, stats.delivered, stats.pending) for stats in seen] == [
        (2, 0, 0),
        (4, 2, 0),
        (5, 4, 1),
        (5, 4, 0),
    ]


def test_close_flushes(events: Any, heard: list[Event]) -> None:
    """And takes nothing more; it may be called again."""
    events.emit_batched(("seen",), 1)
    events.close()
    events.close()
    assert [event.metadata["items"] for event in heard] == [[1]]
    with pytest.raises(RuntimeError, match="closed"):
        events.emit_batched(("seen",), 2)


def test_a_bounded_queue_counts_what_it_drops(implementation: str, telemetry: Telemetry) -> None:
    """Nothing else is dropped."""
    made = MAKERS[implementation](telemetry, batch_size=100, queue_limit=5)
    assert [made.emit_batched(("a",), n) for n in range(8)] == [True] * 5 + [False] * 3
    assert (made.stats().dropped, made.stats().pending) == (3, 5)
    made.close()


def test_a_handler_that_raises_loses_no_item_of_others(events: Any, telemetry: Telemetry, heard: list[Event]) -> None:
    """The failing handler is detached, the items are delivered."""
    telemetry.attach("broken", ("shop",), lambda *event: 1 / 0)
    for item in range(3):
        events.emit_batched(("seen",), item)
    assert [event.metadata["items"] for event in heard if event.name == ("shop", "seen")] == [[0, 1, 2]]


def test_a_handler_may_batch_items_itself(events: Any, telemetry: Telemetry, heard: list[Event]) -> None:
    """Re-entering neither deadlocks nor loses."""
    again = [10, 11, 12]

    def more(name: Any, measured: Any, meta: Any) -> None:
        while again:
            events.emit_batched(("seen",), again.pop(0))

    telemetry.attach("more", ("shop",), more)
    for item in range(3):
        events.emit_batched(("seen",), item)
    events.flush()
    assert sorted(item for event in heard for item in event.metadata["items"]) == [0, 1, 2, 10, 11, 12]


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, SystemExit])
def test_an_announcement_that_is_interrupted_is_made_again(
    events: Any, telemetry: Telemetry, heard: list[Event], interrupt: type[BaseException]
) -> None:
    """Ctrl-C or an exit in the middle of a batch loses no item, and the books balance."""
    interrupts = [interrupt()]

    def interrupted(name: Any, measured: Any, meta: Any) -> None:
        if interrupts:
            raise interrupts.pop()

    telemetry.attach("interrupted", ("shop",), interrupted)
    for item in range(2):
        events.emit_batched(("seen",), item)
    with pytest.raises(interrupt):
        events.emit_batched(("seen",), 2)
    stats = events.stats()
    assert (stats.batched, stats.delivered, stats.pending) == (3, 0, 3)
    events.emit_batched(("seen",), 3)
    events.flush()
    assert [event.metadata["items"] for event in heard][1:] == [[0, 1, 2], [3]]
    assert (events.stats().delivered, events.stats().batches) == (4, 2)


def test_flush_returns_although_more_comes_all_the_time(events: Any, telemetry: Telemetry) -> None:
    """It announces what waited when it was called, not what comes while it does."""
    limit = iter(range(1000))

    def more(name: Any, measured: Any, meta: Any) -> None:
        if next(limit, None) is not None:
            events.emit_batched(("seen",), 1)

    telemetry.attach("more", ("shop",), more)
    events.emit_batched(("seen",), 1)
    events.flush()
    assert (events.stats().delivered, events.stats().pending) == (1, 1)


def test_an_item_that_is_on_its_way_while_the_events_are_closed_is_announced(
    implementation: str, telemetry: Telemetry, heard: list[Event]
) -> None:
    """The writer had found them open: what it hands over is not left lying."""
    made = MAKERS[implementation](telemetry, ("shop",), batch_size=3)

    class Slow(tuple[str, ...]):
        """A name that takes so long to look up that the events are closed meanwhile."""

        __slots__ = ()

        def __hash__(self) -> int:
            made.close()
            return super().__hash__()

    made.emit_batched(("seen",), 1)
    assert made.emit_batched(Slow(("seen",)), 2)
    assert [event.metadata["items"] for event in heard] == [[1], [2]]


def test_settings_that_make_no_sense_are_refused(telemetry: Telemetry) -> None:
    """With what was given."""
    with pytest.raises(ValueError, match="not 0"):
        SampledEvents(telemetry, batch_size=0)
    with pytest.raises(ValueError, match="not 0"):
        SampledEvents(telemetry, flush_interval=0)


# -- what only the shared tables can do --------------------------------------------------------------------------


def test_of_many_threads_exactly_one_announces(telemetry: Telemetry, clock: FrozenClock) -> None:
    """Twenty threads on one key, window after window."""
    wins: list[bool] = []
    with SampledEvents(telemetry, clock=clock) as events:
        for _ in range(20):
            barrier = threading.Barrier(20)

            def race(barrier: threading.Barrier = barrier) -> None:
                barrier.wait()
                wins.append(events.emit_once_per(("tick",), 1.0))

            threads = [threading.Thread(target=race) for _ in range(20)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            clock.advance(1.0)
    assert wins.count(True) == 20


def test_no_item_is_lost_or_out_of_order_under_many_writers(telemetry: Telemetry) -> None:
    """Eight writers and a flusher: items in are items out, in the order of each writer."""
    stop = threading.Event()
    with capture_telemetry(telemetry) as heard, SampledEvents(telemetry, batch_size=50, flush_interval=0.001) as events:

        def write(writer: int) -> None:
            for number in range(2000):
                events.emit_batched(("item",), (writer, number))

        def flush() -> None:
            while not stop.is_set():
                events.flush()

        threads = [threading.Thread(target=write, args=(writer,)) for writer in range(8)]
        flusher = threading.Thread(target=flush)
        for thread in (*threads, flusher):
            thread.start()
        for thread in threads:
            thread.join()
        stop.set()
        flusher.join()
        events.flush()
        items = [item for event in heard for item in event.metadata["items"]]
    assert len(items) == 16_000
    for writer in range(8):
        assert [number for who, number in items if who == writer] == list(range(2000))


def test_a_quiet_stream_is_flushed_by_time(telemetry: Telemetry) -> None:
    """Without another item and without a call; the thread for it goes with close()."""
    with assert_no_leaks(), capture_telemetry(telemetry) as heard:
        with SampledEvents(telemetry, flush_interval=0.01) as events:
            events.emit_batched(("seen",), 1)
            wait_for(lambda: heard)
        assert heard[0].metadata["items"] == [1]


@pytest.mark.parametrize("ending", ["", "del events", "raise SystemExit(3)"])
def test_the_end_of_the_interpreter_flushes(ending: str) -> None:
    """Also when nobody closes."""
    program = (
        "from overt.runtime import SampledEvents, Telemetry\n"
        "telemetry = Telemetry()\n"
        "telemetry.attach('show', (), lambda name, measured, meta: print(meta['items'], flush=True))\n"
        "events = SampledEvents(telemetry, flush_interval=60)\n"
        f"events.emit_batched(('a',), 1)\n{ending}\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False)
    assert (done.stdout, done.stderr) == ("[1]\n", "")


def test_a_fork_duplicates_nothing(telemetry: Telemetry) -> None:
    """The child has its own items, the parent announces what waited before."""
    with capture_telemetry(telemetry) as heard, SampledEvents(telemetry, flush_interval=60) as events:
        events.emit_batched(("a",), "parent")
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            events.emit_batched(("a",), "child")
            events.flush()
            os.write(writer, repr([event.metadata["items"] for event in heard]).encode())
            os._exit(0)
        os.waitpid(pid, 0)
        assert os.read(reader, 100).decode() == "[['child']]"
        os.close(reader)
        os.close(writer)
        events.flush()
        assert [event.metadata["items"] for event in heard] == [["parent"]]


def test_a_forked_child_counts_its_own_items(telemetry: Telemetry) -> None:
    """In whatever thread the child goes on first, its books balance."""
    with SampledEvents(telemetry, flush_interval=60, batch_size=2) as events:
        events.emit_batched(("a",), "parent")
        pid = os.fork()
        if pid == 0:
            thread = threading.Thread(target=lambda: [events.emit_batched(("a",), n) for n in range(3)])
            thread.start()
            thread.join()
            stats = events.stats()
            os._exit([stats.batched, stats.delivered, stats.pending] != [3, 2, 1])
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
        assert events.stats().pending == 1


def test_a_name_and_a_key_are_told_apart(events: Any) -> None:
    """What counts as the same event: the name alone, with a key, or with metadata."""
    for _ in range(2):
        events.emit_once_per(("a",), 10.0)
        events.emit_once_per(("a",), 10.0, {}, {})
        events.emit_once_per(("a",), 10.0, key="k")
        events.emit_once_per(("a",), 10.0, {}, {"zone": "north"})
        events.emit_once_per(("a", "k"), 10.0)
    assert (events.stats().emitted, events.stats().deduplicated) == (4, 6)


@pytest.mark.parametrize("first", [True, False])
def test_a_flip_loses_no_item_and_repeats_no_event(first: bool, telemetry: Telemetry) -> None:
    """Waiting items come first; what was announced once stays announced."""
    chosen = [first]
    with capture_telemetry(telemetry) as heard, SwitchedEvents(lambda: chosen[0], telemetry) as events:
        events.emit_batched(("a",), 1)
        assert events.emit_once_per(("once",), 10.0)
        chosen[0] = not first
        assert not events.emit_once_per(("once",), 10.0)
        events.emit_batched(("a",), 2)
        events.flush()
    assert [event.metadata["items"] for event in heard if event.name == ("a",)] == [[1], [2]]


# -- samplers ----------------------------------------------------------------------------------------------------


def test_always_and_never(telemetry: Telemetry) -> None:
    """What is not announced is counted; a span is sampled as one."""
    with capture_telemetry(telemetry) as heard, SampledEvents(telemetry, sampler=samplers.Never()) as events:
        assert not events.emit(("a",))
        with events.span(("b",)):
            pass
        assert events.stats().sampled_out == 2
    assert heard == []
    assert samplers.Always().sample()


def test_a_ratio_is_about_that_share() -> None:
    """Of ten thousand; nought is none and one is all; what is no share is refused."""
    assert 2700 < sum(samplers.Ratio(0.3).sample() for _ in range(10_000)) < 3300
    assert not any(samplers.Ratio(0.0).sample() for _ in range(1000))
    assert all(samplers.Ratio(1.0).sample() for _ in range(1000))
    with pytest.raises(ValueError, match=r"not 1\.5"):
        samplers.Ratio(1.5)


def test_a_rate_limit_holds_and_fills_again() -> None:
    """So many a second, no more after a long pause; less than one a second works too."""
    clock = FrozenClock()
    limited = samplers.RateLimited(10.0, clock)
    assert [limited.sample() for _ in range(12)].count(True) == 10
    clock.advance(0.1)
    assert [limited.sample() for _ in range(3)] == [True, False, False]
    clock.advance(1000.0)
    assert [limited.sample() for _ in range(50)].count(True) == 10
    rare = samplers.RateLimited(0.5, clock)
    assert [rare.sample(), rare.sample()] == [True, False]
    clock.advance(2.0)
    assert rare.sample()
    assert not samplers.RateLimited(0.0, clock).sample()
    with pytest.raises(ValueError, match="not -1"):
        samplers.RateLimited(-1)


def test_an_adaptive_share_follows_the_rate_and_recovers_after_nothing() -> None:
    """A flood lowers it to about the target; after silence everything is announced again."""
    clock, chance = FrozenClock(), iter(range(10**9))
    adaptive = samplers.Adaptive(100.0, clock, random=lambda: next(chance) * 0.618034 % 1)
    announced = []
    for _ in range(5):
        announced.append(sum(adaptive.sample() for _ in range(10_000)))
        clock.advance(1.0)
    assert announced[0] == 10_000
    assert all(80 <= count <= 120 for count in announced[1:])
    clock.advance(100.0)
    assert adaptive.sample()
    assert adaptive.share == 1.0
    for _ in range(3):
        clock.advance(1.0)
        assert [adaptive.sample() for _ in range(50)] == [True] * 50
    none = samplers.Adaptive(0.0, clock)
    assert not none.sample()
    clock.advance(5.0)
    assert not none.sample()
