"""Every way to begin work elsewhere takes the error context along, brings nothing back, and keeps parents of spans."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import structlog

from overt.runtime import Tracer, error_context
from overt.runtime.error_context import carry, get_context, set_context, with_context

Work = Callable[[], Any]


async def in_a_task(work: Work) -> Any:
    """Run in a task of its own."""

    async def run() -> Any:
        return work()

    return await asyncio.create_task(run())


async def in_a_task_group(work: Work) -> Any:
    async def run() -> Any:
        return work()

    async with asyncio.TaskGroup() as group:
        task = group.create_task(run())
    return task.result()


async def in_gather(work: Work) -> Any:
    async def run() -> Any:
        return work()

    return (await asyncio.gather(run(), asyncio.sleep(0)))[0]


async def in_to_thread(work: Work) -> Any:
    return await asyncio.to_thread(work)


async def in_run_in_executor(work: Work) -> Any:
    return await asyncio.get_running_loop().run_in_executor(None, carry(work))


async def in_a_callback(work: Work) -> Any:
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    loop.call_soon(lambda: done.set_result(work()))
    return await done


async def in_a_pool(work: Work) -> Any:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(carry(work)).result()


async def in_a_map(work: Work) -> Any:
    with ThreadPoolExecutor(2) as pool:
        return next(iter(pool.map(carry(lambda _: work()), range(1))))


async def in_a_thread(work: Work) -> Any:
    found: list[Any] = []
    thread = threading.Thread(target=carry(lambda: found.append(work())))
    thread.start()
    thread.join()
    return found[0]


async def in_a_spawned_thread(work: Work) -> Any:
    found: list[Any] = []
    error_context.spawn(lambda: found.append(work())).join()
    return found[0]


async def in_a_timer(work: Work) -> Any:
    found: list[Any] = []
    timer = threading.Timer(0, carry(lambda: found.append(work())))
    timer.start()
    timer.join()
    return found[0]


WAYS: tuple[Callable[[Work], Awaitable[Any]], ...] = (
    in_a_task,
    in_a_task_group,
    in_gather,
    in_to_thread,
    in_run_in_executor,
    in_a_callback,
    in_a_pool,
    in_a_map,
    in_a_thread,
    in_a_spawned_thread,
    in_a_timer,
)


@pytest.mark.parametrize("way", WAYS)
def test_the_context_goes_along_and_nothing_comes_back(way: Callable[[Work], Awaitable[Any]]) -> None:
    """What the work sets and enters stays with it; its error carries both contexts."""

    def work() -> tuple[Any, Any]:
        seen = dict(get_context())
        set_context({"worker": 1})
        error = None
        try:
            with with_context({"step": 2}):
                raise ValueError
        except ValueError as raised:
            error = raised
        return seen, error.overt_context  # type: ignore[attr-defined]

    async def run() -> None:
        with with_context({"order": 7}):
            seen, carried = await way(work)
            assert (seen, carried) == ({"order": 7}, {"worker": 1, "step": 2})
            assert get_context() == {"order": 7}
        assert get_context() == {}

    asyncio.run(run())


@pytest.mark.parametrize("way", [in_a_task, in_a_task_group, in_gather, in_to_thread, in_a_callback])
def test_a_span_inside_has_the_span_outside_for_a_parent(way: Callable[[Work], Awaitable[Any]]) -> None:
    """Where Python itself hands the context on."""

    async def run() -> None:
        with tracer.span("outer") as outer:
            inner = await way(lambda: tracer.start_span("inner"))
            assert inner.parent_id == outer.span_id
            assert tracer.current_span() is outer

    with Tracer() as tracer:
        asyncio.run(run())


def test_a_span_goes_into_a_thread_by_a_copied_context_or_as_a_carrier() -> None:
    """Where Python does not hand the context on; nothing stays behind in the thread."""
    with Tracer() as tracer, ThreadPoolExecutor(1) as pool, tracer.span("outer") as outer:

        def work() -> tuple[str | None, str]:
            with tracer.span("inner") as inner:
                return inner.parent_id, inner.trace_id

        def carried(carrier: dict[str, str]) -> tuple[str | None, str]:
            with tracer.continue_from(carrier):
                return work()

        expected = (outer.span_id, outer.trace_id)
        assert pool.submit(contextvars.copy_context().run, work).result() == expected
        assert pool.submit(carried, tracer.propagate()).result() == expected
        assert pool.submit(work).result()[0] is None
        assert tracer.stats().live == 1


def test_a_span_that_a_job_leaves_open_is_there_in_the_next_job_of_the_thread() -> None:
    """A thread of a pool does not die with its job; a block leaves nothing."""
    with Tracer() as tracer, ThreadPoolExecutor(1) as pool:

        def tidy() -> str | None:
            with tracer.span("tidy") as span:
                return span.parent_id

        assert [pool.submit(tidy).result() for _ in range(2)] == [None, None]
        left = pool.submit(tracer.start_span, "left open").result()
        assert pool.submit(tidy).result() == left.span_id


def test_a_carried_function_may_run_in_many_threads_at_once() -> None:
    """Each call in a block of its own."""
    barrier = threading.Barrier(8)

    def work(number: int) -> dict[str, Any]:
        with with_context({"number": number}):
            barrier.wait()
            return dict(get_context())

    with with_context({"order": 7}), ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(carry(work), range(8)))
    assert seen == [{"order": 7, "number": number} for number in range(8)]


def test_each_log_record_of_each_way_carries_the_context(caplog: pytest.LogCaptureFixture) -> None:
    """The filter stands on a handler, so it sees the records of all loggers, as they are made."""
    logger, records = logging.getLogger("overt.tests.spawning"), []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record.context)  # type: ignore[attr-defined]

    keep = Keep()
    keep.addFilter(error_context.ContextFilter())
    logger.addHandler(keep)
    logger.setLevel(logging.INFO)

    async def run() -> None:
        for number, way in enumerate(WAYS):
            with with_context({"way": number}):
                await way(lambda: logger.info("here"))

    try:
        asyncio.run(run())
    finally:
        logger.removeHandler(keep)
        logger.setLevel(logging.NOTSET)
    assert records == [{"way": number} for number in range(len(WAYS))]


def test_structlog_writes_the_context_and_its_own_bound_values_win() -> None:
    """With a logger as a program has it: bound values, context variables of structlog, JSON at the end."""
    lines: list[str] = []

    class Sink:
        def info(self, line: str) -> None:
            lines.append(line)

    logger = structlog.wrap_logger(
        Sink(),
        processors=[
            structlog.contextvars.merge_contextvars,
            error_context.merge_error_context,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.BoundLogger,
    )
    with with_context({"order": 7, "user": "ann"}), structlog.contextvars.bound_contextvars(request="r1"):
        logger.bind(user="bob").info("paid", amount=3)
    logger.info("later")
    assert lines == [
        '{"amount": 3, "event": "paid", "order": 7, "request": "r1", "user": "bob"}',
        '{"event": "later"}',
    ]
