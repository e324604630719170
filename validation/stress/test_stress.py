"""Many threads, many owners that die, many events: every count is exact and nothing is left."""

from __future__ import annotations

import asyncio
import gc
import logging
import random
import threading
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from overt.runtime import AgentRegistry, AlreadyRegistered, SampledEvents, Telemetry, Tracer, TTLCache
from overt.runtime.span import Span
from overt.testing import FrozenClock, assert_no_leaks, capture_telemetry, wait_for


class Agent:
    """Something that dies."""


def together(count: int, work: Callable[[int], object]) -> None:
    """Run a function in so many threads that start at the same time; what one raises comes through."""
    barrier, errors = threading.Barrier(count), []

    def run(number: int) -> None:
        barrier.wait()
        try:
            work(number)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def test_registry_churn_with_owners_dying_all_the_time() -> None:
    """Eight threads of mixed operations: no dead entry is returned, no live one is lost, counts are exact."""
    registry, done = AgentRegistry(), [[0, 0] for _ in range(8)]

    def work(number: int) -> None:
        chance, mine = random.Random(number), {}
        for step in range(2500):
            key = (number if step % 2 else "shared", chance.randrange(20))
            choice = chance.random()
            if choice < 0.4:
                agent = Agent()
                try:
                    registry.register(key, agent)
                    mine[key] = agent
                    done[number][0] += 1
                except AlreadyRegistered:
                    assert key not in mine or key[0] == "shared" or registry.get(key) is not None
            elif choice < 0.6:
                mine.pop(key, None)  # the owner dies
            elif choice < 0.7 and key in mine:
                registry.unregister(key)
                done[number][1] += 1
                del mine[key]
            else:
                found = registry.get(key)
                if key[0] == number:
                    assert (found is not None) == (key in mine)
                    assert found is None or found.agent is mine[key]

    with registry:
        together(8, work)
        gc.collect()
        stats = registry.stats()
        assert stats.registered == sum(each[0] for each in done)
        assert stats.unregistered == sum(each[1] for each in done)
        assert stats.registered == stats.unregistered + stats.expired
        assert (stats.active, stats.rows) == (0, 0)


def test_one_emission_a_window_whoever_asks() -> None:
    """Twenty threads on one key, over two hundred windows."""
    clock, barrier = FrozenClock(), threading.Barrier(20, action=lambda: clock.advance(1.0))
    wins = [0] * 20
    with SampledEvents(Telemetry(), clock=clock) as events:

        def work(number: int) -> None:
            for _ in range(200):
                barrier.wait()
                wins[number] += events.emit_once_per(("tick",), 1.0)
                barrier.wait()

        together(20, work)
    # Each window has two rounds of the barrier, so two seconds; the emission of the first closes the second.
    assert sum(wins) == 200


def test_batches_lose_nothing_at_a_high_rate() -> None:
    """Eight writers, one flusher, 40,000 items: all delivered, once, in the order of each writer."""
    telemetry, last, delivered = Telemetry(), [-1] * 8, [0]

    def hear(name: Any, measured: Any, meta: Any) -> None:
        delivered[0] += measured["count"]
        for writer, number in meta["items"]:
            assert number == last[writer] + 1
            last[writer] = number

    telemetry.attach("count", ("item",), hear)
    with SampledEvents(telemetry, batch_size=64, flush_interval=0.002) as events:
        together(8, lambda writer: [events.emit_batched(("item",), (writer, n)) for n in range(5000)])
    assert (delivered[0], last) == (40_000, [4999] * 8)
    assert telemetry.active, "the handler was detached, because it failed"


def test_spans_abandoned_by_dying_threads_and_cancelled_tasks_come_back() -> None:
    """Thousands of open spans whose owners die: live spans go back to none, and the books balance."""
    with Tracer() as tracer:

        def work() -> None:
            for number in range(50):
                tracer.start_span(f"level {number}")

        for _ in range(40):
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()

        async def task() -> None:
            for number in range(10):
                tracer.start_span(f"level {number}")
            await asyncio.sleep(60)

        async def run() -> None:
            tasks = [asyncio.create_task(task()) for _ in range(100)]
            await asyncio.sleep(0)
            for each in tasks:
                each.cancel()
            await asyncio.wait(tasks)

        asyncio.run(run())
        wait_for(lambda: tracer.live_spans() == ())
        stats = tracer.stats()
    assert (stats.started, stats.abandoned) == (3000, 3000)


def test_spans_under_threads_have_the_right_parents() -> None:
    """Eight threads nest spans at once; no span gets a parent of another thread."""
    with Tracer() as tracer:

        def work(number: int) -> None:
            for _ in range(200):
                with tracer.span("outer", number=number) as outer, tracer.span("inner") as inner:
                    assert (inner.parent_id, outer.parent_id) == (outer.span_id, None)

        together(8, work)
        assert tracer.stats().ended == 3200


def _registry(agent: Agent) -> tuple[Any, Callable[[], None]]:
    registry = AgentRegistry()

    def cycle() -> None:
        registry.register("a", agent)
        registry.unregister("a")
        registry.register("b", Agent())

    return registry, cycle


def _cache(agent: Agent) -> tuple[Any, Callable[[], None]]:
    cache = TTLCache(maxsize=10)

    def cycle() -> None:
        cache.set(object(), 1)
        cache.set("a", 1, owner=agent)
        cache.get("a")

    return cache, cycle


def _tracer(_agent: Agent) -> tuple[Any, Callable[[], None]]:
    tracer = Tracer()

    def cycle() -> None:
        outer = tracer.start_span("outer")
        tracer.start_span("inner")
        with tracer.span("third"):
            pass
        tracer.end_span(outer)

    return tracer, cycle


def _events(_agent: Agent) -> tuple[Any, Callable[[], None]]:
    events = SampledEvents(Telemetry())

    def cycle() -> None:
        events.emit(("a",))
        events.emit_batched(("b",), 1)
        events.emit_once_per(("c",), 0.0)

    return events, cycle


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("build", [_registry, _cache, _tracer, _events])
def test_cycles_leave_nothing(
    build: Callable[[Agent], tuple[Any, Callable[[], None]]], caplog: pytest.LogCaptureFixture
) -> None:
    """Threads, files and objects are as many, and allocated memory does not grow with the number of cycles."""
    caplog.set_level(logging.CRITICAL, "overt.spans")  # pytest keeps every record, and abandoned spans are told
    agent = Agent()
    system, cycle = build(agent)
    for _ in range(200):
        cycle()
    sizes = []
    with assert_no_leaks(objects=(Agent, Span)):
        tracemalloc.start()
        try:
            for _ in range(3):
                for _ in range(500):
                    cycle()
                gc.collect()
                sizes.append(tracemalloc.get_traced_memory()[0])
        finally:
            tracemalloc.stop()
    system.close()
    # A leak of one small object a cycle would be 500 x 50 bytes from one round to the next.
    assert sizes[2] - sizes[1] < 12_000, f"allocated after each round: {sizes}"


def test_events_under_attach_and_detach() -> None:
    """While listeners come and go, one that stays hears every event once."""
    telemetry = Telemetry()
    with capture_telemetry(telemetry, ("n",)) as heard:

        def work(number: int) -> None:
            for step in range(500):
                if number < 2:
                    telemetry.attach(f"churn {number}", ("n",), lambda *event: None).detach()
                else:
                    telemetry.execute(("n",), {"n": step}, {"by": number})

        together(6, work)
    assert len(heard) == 4 * 500
