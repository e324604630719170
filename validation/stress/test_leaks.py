"""10,000 cycles of each system leave threads, files, watchers, rows and objects flat, and memory too.

Memory is judged by slopes, in Python and below it, with 99 % intervals, confirmed at double length when they seem to
grow; every curve is evidence. Planted leaks show that the gate can fail, and that it tells their size.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from overt.flags import FeatureFlags, Flag, MemoryStore
from overt.runtime import Runtime, Telemetry, error_context
from overt.runtime.runtime import SYSTEMS
from overt.runtime.span import Span
from overt.testing import assert_no_leaks
from overt.testing.leaking import Leaks
from overt.testing.leaking import measure_leaks as measured

Cycle = Callable[[], object]
Measure = Callable[..., Leaks]
Built = tuple[tuple[Any, ...], Cycle]
"""Systems whose rows are counted, and what is done again and again."""

WITH_THREADS = 128
"""Bytes a cycle that count as none where threads come and go: the stacks and heaps they had are used by later ones."""


class Agent:
    """Something that is counted."""


def registry(systems: Any) -> Built:
    """Entries that are taken out, that die, that are replaced, and one whose metadata change."""
    table, agent = systems.registry(telemetry=Telemetry()), Agent()
    table.register("stays", agent)

    def cycle() -> None:
        table.register("a", agent, metadata={"n": 1})
        table.update_metadata("stays", {"n": 2})
        table.unregister("a")
        table.register("b", Agent())
        table.register("c", Agent(), owner=threading.current_thread())
        table.unregister("c")

    return (table,), cycle


def cache(systems: Any) -> Built:
    """Values that are pushed out, that lose their owner, that are computed."""
    table, agent = systems.cache(maxsize=10), Agent()

    def cycle() -> None:
        table.set(object(), 1)
        table.set("a", 1, owner=agent)
        table.set("b", 1, owner=Agent())
        table.get_or_compute("c", object)
        table.invalidate("c")

    # While it goes to and fro, each side fills up to its limit in its own time.
    return (() if systems.side("cache") == "both" else (table,)), cycle


def context(systems: Any) -> Built:
    """Blocks, errors, callables that carry, operations."""
    context = systems.context()

    def cycle() -> None:
        try:
            with context.with_context({"n": 1}), context.with_temporary_context({"m": 2}):
                context.set_context({"k": 3})
                context.carry(dict)()
                raise KeyError("n")
        except KeyError:
            error_context.OperationContext.new("order").child("pay").add_breadcrumb("paid")

    return (), cycle


def tracer(systems: Any) -> Built:
    """Spans that end, that are forgotten, that go on elsewhere."""
    made = systems.tracer(Telemetry())

    def cycle() -> None:
        outer = made.start_span("outer")
        made.start_span("inner")
        with made.span("third") as third, made.continue_from(made.propagate()):
            third.add_event("seen")
            third.add_link(outer)
        made.end_span(outer)

    return (), cycle


def events(systems: Any) -> Built:
    """Events one by one, once in a while, together; handlers that come and go."""
    telemetry = Telemetry()
    made = systems.events(telemetry)

    def cycle() -> None:
        handle = telemetry.attach("listener", (), lambda *event: None)
        made.emit(("a",))
        made.emit_batched(("b",), 1)
        made.emit_once_per(("c",), 0.0)
        with made.span(("d",)):
            pass
        handle.detach()

    return (), cycle


def switched(systems: Any) -> Built:
    """All of it behind flags, which flip all the time."""
    if systems.state:
        pytest.skip(f"flags {systems.state}: these flags flip by themselves, in the suite itself")
    flag = Flag("new", owner="overt maintainers", purpose="validation", created="2026-11-22", until="2027-12-31")
    flags = FeatureFlags(MemoryStore(), [flag])
    runtime = Runtime(switches=dict.fromkeys(SYSTEMS, flags.switch("new")))

    def cycle() -> None:
        with flags.override(new=True):
            outer = runtime.tracer.start_span("outer")
        runtime.registry.register("a", Agent(), owner=outer)
        with runtime.context.with_context({"n": 1}), runtime.tracer.span("inner"):
            runtime.cache.set("a", 1)
            runtime.events.emit_batched(("b",), 1)
        runtime.tracer.end_span(outer)
        runtime.registry.unregister("a")

    return (runtime.registry, runtime.cache), cycle


SYSTEMS_IN_CYCLES = (registry, cache, context, tracer, events, switched)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Say nothing of abandoned spans: pytest keeps every record."""
    logger = logging.getLogger("overt.spans")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(level)


@pytest.mark.parametrize("build", SYSTEMS_IN_CYCLES)
def test_ten_thousand_cycles_leave_nothing(
    build: Callable[[Any], Built], systems: Any, times: Callable[[int], int], measure_leaks: Measure
) -> None:
    """As many threads, files, rows, watchers and objects as before, and no more memory."""
    tables, cycle = build(systems)
    for _ in range(100):
        cycle()
    with assert_no_leaks(*tables, objects=(Agent, Span)):
        found = measure_leaks(f"systems.{build.__name__}", cycle, cycles=times(400))
    assert found.verdict == "flat", found


def test_short_lived_threads_and_tasks_leave_nothing(
    systems: Any, times: Callable[[int], int], measure_leaks: Measure
) -> None:
    """Each with a context, a span, an entry and an item of its own, which it leaves behind."""
    systems.need("spans-tasks", "context-tasks")
    runtime = systems.runtime(events={"batch_size": 1})

    def work() -> None:
        runtime.context.set_context({"n": 1})
        runtime.tracer.start_span("left open")
        runtime.registry.register(threading.get_ident(), Agent(), owner=threading.current_thread())
        runtime.events.emit_batched(("seen",), 1)

    async def task() -> None:
        runtime.context.set_context({"n": 1})
        runtime.tracer.start_span("left open")
        runtime.registry.register(object(), Agent(), owner=asyncio.current_task())
        runtime.events.emit_batched(("seen",), 1)

    async def tasks() -> None:
        await asyncio.gather(*[task() for _ in range(3)])

    with asyncio.Runner() as runner:

        def cycle() -> None:
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
            runner.run(tasks())

        for _ in range(20):
            cycle()
        with assert_no_leaks(runtime.registry, objects=(Agent, Span)):
            found = measure_leaks("systems.short_lived", cycle, tolerance=WITH_THREADS, cycles=times(50))
    runtime.close()
    assert found.verdict == "flat", found


def test_runtimes_one_after_the_other_leave_nothing(
    systems: Any, times: Callable[[int], int], measure_leaks: Measure
) -> None:
    """Built, used and closed, each with its helper threads."""

    def cycle() -> None:
        with systems.runtime() as runtime:
            runtime.telemetry.attach("all", (), lambda *event: None)
            runtime.registry.register("a", Agent())
            runtime.cache.set("a", 1)
            runtime.events.emit_batched(("b",), 1)
            with runtime.tracer.span("c"):
                pass

    cycle()
    with assert_no_leaks(objects=(Agent, Span, Runtime)):
        found = measure_leaks("systems.runtime", cycle, tolerance=WITH_THREADS, cycles=times(50))
    assert found.verdict == "flat", found


def test_a_planted_leak_is_found_and_measured(systems: Any) -> None:
    """A kilobyte a cycle, beside everything that a cycle does: found, and measured within a tenth."""
    kept: list[bytes] = []
    _, cycle = registry(systems)

    def leaking() -> None:
        cycle()
        kept.append(bytes(1024 - 33))  # an empty one takes 33 bytes

    found = measured("planted", leaking, cycles=50)
    assert found.verdict == "leaks", found
    assert found.growth.held is not None
    assert 0.9 * 1024 < found.growth.held.low <= found.growth.held.high < 1.1 * 1024
