"""Events under many threads: one of twenty announces, and of a million items none is lost, doubled or out of order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from overt.runtime import Telemetry
from overt.testing import FrozenClock, capture_telemetry

Together = Callable[[int, Callable[[int], object]], None]


def test_one_emission_a_window_whoever_asks(systems: Any, times: Callable[[int], int], together: Together) -> None:
    """20 threads on one key, 10,000 windows: each window has one emission, not two and not none."""
    systems.need("events-scope")
    windows, clock, telemetry = times(10_000), FrozenClock(0.0), Telemetry()
    heard: list[float] = []
    telemetry.attach("windows", ("tick",), lambda name, measured, meta: heard.append(measured["window"]))
    # The last thread to come opens the next window; nobody goes on before everybody has asked in this one.
    barrier, wins = threading.Barrier(20, action=lambda: clock.advance(1.0)), [0] * 20
    with systems.events(telemetry, clock=clock) as events:

        def work(number: int) -> None:
            for _ in range(windows):
                barrier.wait()
                wins[number] += events.emit_once_per(("tick",), 1.0, {"window": clock()}, {"thread": number}, key="k")

        together(20, work)
        stats = events.stats()
    assert heard == [float(window) for window in range(1, windows + 1)]
    assert sum(wins) == stats.emitted == windows
    assert stats.deduplicated == 19 * windows
    assert stats["keys"] == 1


class Ledger:
    """Hears batches, and knows what each writer's next item has to be."""

    def __init__(self, writers: int) -> None:
        self.next, self.items, self.batches, self.wrong = [0] * writers, 0, 0, 0

    def hear(self, _name: Any, measured: Any, meta: Any) -> None:
        """Take a batch; a handler that raised would be detached, so what is wrong is counted."""
        items = meta["items"]
        self.wrong += measured["count"] != len(items)
        for writer, number in items:
            self.wrong += number != self.next[writer]
            self.next[writer] = number + 1
        self.items += len(items)
        self.batches += 1


def test_a_million_items_arrive_once_and_in_order(
    systems: Any, times: Callable[[int], int], together: Together
) -> None:
    """8 writers, a thread that flushes all the time, and the helper that flushes by time."""
    systems.need("events-flush", "events-scope")
    each = times(125_000)
    telemetry, ledger, stop = Telemetry(), Ledger(8), threading.Event()
    telemetry.attach("ledger", ("item",), ledger.hear)
    with systems.events(telemetry, batch_size=64, flush_interval=0.001) as events:

        def flush() -> None:
            while not stop.wait(0.0002):
                events.flush()

        flusher = threading.Thread(target=flush)
        flusher.start()
        try:
            together(8, lambda writer: [events.emit_batched(("item",), (writer, n)) for n in range(each)] and None)
        finally:
            stop.set()
            flusher.join()
    stats = events.stats()
    assert (ledger.items, ledger.wrong, ledger.next) == (8 * each, 0, [each] * 8)
    assert (stats.batched, stats.delivered, stats.pending, stats.dropped) == (8 * each, 8 * each, 0, 0)
    assert stats.batches == ledger.batches


def test_writers_that_flush_before_they_end_lose_nothing(
    systems: Any, times: Callable[[int], int], together: Together
) -> None:
    """8 writers, each with items and keys of its own, whichever implementation takes them."""
    each, telemetry, ledger, once = times(20_000), Telemetry(), Ledger(8), [0] * 8
    telemetry.attach("ledger", ("item",), ledger.hear)
    with systems.events(telemetry, batch_size=64, flush_interval=60.0) as events:

        def work(writer: int) -> None:
            for number in range(each):
                events.emit_batched(("item",), (writer, number))
                once[writer] += events.emit_once_per(("seen",), 3600.0, {}, {}, key=(writer, number % 10))
            events.flush()

        together(8, work)
    assert (ledger.items, ledger.wrong, ledger.next) == (8 * each, 0, [each] * 8)
    assert once == [10] * 8


def test_a_bounded_queue_drops_only_what_it_counts(
    systems: Any, times: Callable[[int], int], together: Together
) -> None:
    """8 writers against a slow listener and a queue of 100: what came in is what went out and what was refused."""
    systems.need("events-flush", "events-scope")
    each, refused = times(5000), [0] * 8
    telemetry, heard = Telemetry(), []
    telemetry.attach("list", (), lambda name, measured, meta: heard.extend(meta["items"]))
    with systems.events(telemetry, batch_size=1000, flush_interval=0.0005, queue_limit=100) as events:

        def work(writer: int) -> None:
            for number in range(each):
                refused[writer] += not events.emit_batched(("item",), (writer, number))

        together(8, work)
    stats = events.stats()
    assert stats.dropped == sum(refused) > 0
    assert len(heard) == len(set(heard)) == stats.delivered == 8 * each - stats.dropped
    for writer in range(8):
        assert [number for who, number in heard if who == writer] == sorted(n for who, n in heard if who == writer)


def test_a_steady_listener_hears_everything_while_others_come_and_go(
    times: Callable[[int], int], together: Together
) -> None:
    """Two threads attach and detach, four announce."""
    telemetry, each = Telemetry(), times(5000)
    with capture_telemetry(telemetry, ("n",)) as heard:

        def work(number: int) -> None:
            for step in range(each):
                if number < 2:
                    telemetry.attach(f"churn {number}", ("n",), lambda *event: None).detach()
                else:
                    telemetry.execute(("n",), {"n": step}, {"by": number})

        together(6, work)
    for number in range(2, 6):
        assert [event.measurements["n"] for event in heard if event.metadata["by"] == number] == list(range(each))
    assert telemetry.handlers == ()
