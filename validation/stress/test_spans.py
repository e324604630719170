"""Spans by the hundred thousand, opened and forgotten: the books balance and nothing stays open."""

from __future__ import annotations

import asyncio
import gc
import logging
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from overt.runtime import Telemetry, Tracer
from overt.testing import wait_for

Together = Callable[[int, Callable[[int], object]], None]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Say nothing of abandoned spans: they are what this is about."""
    logger = logging.getLogger("overt.spans")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(level)


def balance(tracer: Tracer) -> None:
    """Hold what was counted against what is there."""
    stats = tracer.stats()
    assert stats.started == stats.ended + stats.live + stats.abandoned + stats.dropped
    assert stats.live == len(tracer.live_spans())


def in_threads(tracer: Tracer, spans: int, together: Together) -> None:
    """Let threads die, eight at a time, each with fifty spans open."""

    def work(_number: int) -> None:
        for level in range(50):
            tracer.start_span(f"level {level}")

    for _ in range(spans // 400):
        together(8, work)


def in_tasks(tracer: Tracer, spans: int) -> None:
    """Cancel tasks that have ten spans open each."""

    async def task() -> None:
        for level in range(10):
            tracer.start_span(f"level {level}")
        await asyncio.sleep(60)

    async def run() -> None:
        for _ in range(spans // 1000):
            tasks = [asyncio.create_task(task()) for _ in range(100)]
            await asyncio.sleep(0)
            assert len(tracer.live_spans()) == 1000
            balance(tracer)
            for each in tasks:
                each.cancel()
            await asyncio.wait(tasks)
            await asyncio.sleep(0)
            assert tracer.live_spans() == ()

    asyncio.run(run())


@pytest.mark.parametrize("owners", ["threads", "tasks"])
def test_a_hundred_thousand_abandoned_spans_come_back(
    owners: str, systems: Any, times: Callable[[int], int], together: Together
) -> None:
    """Half by dying threads, half by cancelled tasks: each is announced once as abandoned, and none stays."""
    half = times(25) * 2000
    telemetry, heard = Telemetry(), []
    telemetry.attach("stops", ("overt", "span", "stop"), lambda name, measured, meta: heard.append(meta["span_id"]))
    if owners == "tasks":
        systems.need("spans-tasks")
    with systems.tracer(telemetry) as tracer:
        in_threads(tracer, half, together) if owners == "threads" else in_tasks(tracer, half)
        assert tracer.live_spans() == ()
        balance(tracer)
        stats = tracer.stats()
        assert (stats.started, stats.abandoned, stats.ended, stats.live) == (half, half, 0, 0)
        wait_for(lambda: len(heard) == half, timeout=30)
        assert len(set(heard)) == half


def test_whatever_ends_spans_the_books_balance(systems: Any, times: Callable[[int], int], together: Together) -> None:
    """Eight threads nest, end out of order, hand over to each other, forget and fail, in any mixture."""
    handed: list[Any] = []
    with systems.tracer() as tracer:

        def work(number: int) -> None:
            chance = random.Random(number)
            for _ in range(times(3000)):
                open_here = [tracer.start_span("work") for _ in range(chance.randrange(1, 5))]
                chance.shuffle(open_here)
                for span in open_here[chance.randrange(3) :]:
                    if chance.random() < 0.05:
                        handed.append(span)
                    elif span.status == "open":
                        tracer.end_span(span, "error" if chance.random() < 0.1 else "ok")
                try:
                    handed.pop().set_attributes(late=True)
                except IndexError:
                    continue

        together(8, work)
        gc.collect()
        balance(tracer)
        assert tracer.live_spans() == ()
        stats = tracer.stats()
        assert min(stats.ended, stats.abandoned) > times(3000)


def test_spans_that_end_in_other_threads_end_once(
    systems: Any, times: Callable[[int], int], together: Together
) -> None:
    """Each span is begun by one thread and ended by whichever of eight is first."""
    count = times(300)
    with systems.tracer() as tracer:
        spans = [tracer.start_span(f"span {number}") for number in range(count)]
        ended = [0] * 8

        def work(number: int) -> None:
            for span in reversed(spans):
                try:
                    tracer.end_span(span)
                    ended[number] += 1
                except ValueError:
                    continue

        together(8, work)
        balance(tracer)
        assert tracer.stats().ended == sum(ended)
        assert tracer.stats().ended + tracer.stats().abandoned == count
        assert tracer.current_span() is None


def test_spans_under_threads_have_the_right_parents(
    systems: Any, times: Callable[[int], int], together: Together
) -> None:
    """Eight threads nest spans at once; no span gets a parent of another thread."""
    with systems.tracer() as tracer:

        def work(number: int) -> None:
            for _ in range(times(2000)):
                with tracer.span("outer", number=number) as outer, tracer.span("inner") as inner:
                    assert (inner.parent_id, outer.parent_id) == (outer.span_id, None)

        together(8, work)
        balance(tracer)
        assert tracer.stats().ended == 8 * 2 * times(2000)
