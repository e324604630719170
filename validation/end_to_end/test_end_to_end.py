"""A small service on the whole runtime, through a migration and back."""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
from pathlib import Path
from typing import Any

import pytest

from overt.campaign import load
from overt.flags import FeatureFlags, Flag, MigrationControl, SqliteStore, Stage
from overt.runtime import NotRegistered, Runtime, Telemetry
from overt.runtime.error_context import ContextFilter
from overt.runtime.runtime import SYSTEMS
from overt.testing import assert_no_leaks, capture_telemetry, wait_for

NAMES = [f"new-{system}" for system in SYSTEMS]


class Worker:
    """An agent of the service."""


def declared() -> list[Flag]:
    """Return a flag for each system."""
    dates = {"created": "2026-11-22", "until": "2027-12-31"}
    return [Flag(name, owner="overt maintainers", purpose=f"switches {name[4:]}", **dates) for name in NAMES]


def stages() -> list[Stage]:
    """Return a stage for each system."""
    return [Stage(number, name, [name]) for number, name in enumerate(NAMES, 1)]


class Refused(Exception):
    """An order that cannot be taken."""


async def order(runtime: Runtime, number: int) -> str:
    """Take one order: context, span, cache, events, registry."""
    with runtime.context.with_context({"order": number}), runtime.tracer.span("order", number=number) as span:
        price = await runtime.cache.aget_or_compute(("price", number % 3), lambda: asyncio.sleep(0, number % 3))
        runtime.events.emit_batched(("shop", "seen"), number)
        if number % 10 == 9:
            raise Refused(f"order {number}")
        runtime.registry.lookup("clerk")
        with runtime.tracer.span("pay", price=price) as inner:
            assert (inner.parent_id, inner.trace_id) == (span.span_id, span.trace_id)
        return span.trace_id


def run_service(runtime: Runtime, orders: int) -> tuple[int, list[Refused]]:
    """Take orders one after the other; returns how many traces there were, and the refusals."""

    async def serve() -> list[Any]:
        return [(await asyncio.gather(order(runtime, number), return_exceptions=True))[0] for number in range(orders)]

    results = asyncio.run(serve())
    return len({each for each in results if isinstance(each, str)}), [e for e in results if isinstance(e, Refused)]


SOME = [{name: place % 2 == odd for place, name in enumerate(NAMES)} for odd in (0, 1)]
"""Every second system new, and the others."""


@pytest.mark.flag_matrix(states=[dict.fromkeys(NAMES, False), dict.fromkeys(NAMES, True), *SOME])
def test_the_service_works_before_and_after(feature_flags: FeatureFlags, flag_state: dict[str, bool]) -> None:
    """The same results in all states; errors carry their context, spans nest, items arrive, nothing is left."""
    telemetry, clerk = Telemetry(), Worker()
    switches = {system: feature_flags.switch(f"new-{system}") for system in SYSTEMS}
    with (
        assert_no_leaks(),
        capture_telemetry(telemetry) as events,
        Runtime(telemetry=telemetry, switches=switches) as runtime,
    ):
        runtime.registry.register("clerk", clerk)
        traces, refused = run_service(runtime, 30)
        assert runtime.tracer.live_spans() == ()
        del clerk
        gc.collect()
        with pytest.raises(NotRegistered):
            runtime.registry.lookup("clerk")
    assert (traces, [str(error) for error in refused]) == (27, ["order 9", "order 19", "order 29"])
    assert [error.overt_context["order"] for error in refused] == [9, 19, 29]  # type: ignore[attr-defined]
    assert all(error.__notes__ == [f"context: order={number}"] for error, number in zip(refused, (9, 19, 29)))  # noqa: B905
    items = [item for event in events if event.name == ("shop", "seen") for item in event.metadata["items"]]
    assert items == list(range(30))
    stops = [event for event in events if event.name == ("overt", "span", "stop")]
    assert sum(event.metadata["status"] == "error" for event in stops) == 3
    assert len(stops) == 30 + 27
    side = "new" if flag_state["new-tracer"] else "legacy"
    assert {event.metadata["implementation"] for event in stops} == {side}


def test_a_migration_under_load_loses_nothing_and_goes_back(tmp_path: Path) -> None:
    """Stage after stage while orders are taken, then everything off at once: the books balance."""
    telemetry, clerk = Telemetry(), Worker()
    with (
        FeatureFlags(SqliteStore(tmp_path / "flags.sqlite"), declared(), telemetry=telemetry) as flags,
        MigrationControl(flags, stages(), telemetry=telemetry) as control,
        capture_telemetry(telemetry, ("shop",)) as events,
    ):
        switches = {system: flags.switch(f"new-{system}") for system in SYSTEMS}
        with Runtime(telemetry=telemetry, switches=switches) as runtime:
            runtime.registry.register("clerk", clerk)
            stop = threading.Event()

            def move() -> None:
                for number in range(1, len(NAMES) + 1):
                    control.advance_to(number, by="ann")
                control.emergency_rollback("rehearsal", by="ann")
                stop.set()

            mover, taken = threading.Thread(target=move), 0
            mover.start()
            while not stop.is_set() or taken == 0:
                traces, refused = run_service(runtime, 10)
                assert (traces, len(refused)) == (9, 1)
                taken += 10
            mover.join()
            stats = runtime.tracer.stats()
            assert stats.started == stats.ended
            assert runtime.registry.lookup("clerk").agent is clerk
        assert not any(flags.all().values())
        assert [move.kind for move in control.history()] == ["advance"] * len(NAMES) + ["emergency"]
    delivered = sum(event.measurements["count"] for event in events)
    assert delivered == taken


def test_a_log_record_of_an_order_carries_its_context(systems: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Through the filter, in the task that takes the order and in the thread it hands work to."""
    logger = logging.getLogger("overt.validation.shop")
    with systems.runtime() as runtime, caplog.at_level(logging.INFO, logger.name):
        caplog.handler.addFilter(ContextFilter(runtime.context))
        try:
            with runtime.context.with_context({"order": 7}):
                logger.info("taken")
                runtime.context.spawn(logger.info, "packed").join()
            logger.info("idle")
        finally:
            for each in list(caplog.handler.filters):
                caplog.handler.removeFilter(each)
    assert [record.context for record in caplog.records] == [{"order": 7}, {"order": 7}, {}]  # type: ignore[attr-defined]


def test_owners_of_every_kind_give_their_entries_back(systems: Any) -> None:
    """A thread, a task and an object end; their entries are gone, the others stay.

    Rows of dead threads are taken out by the new registry by itself, by the legacy one when something is registered.
    """
    with systems.runtime() as runtime:
        registry, keeper, gate = runtime.registry, Worker(), threading.Event()
        registry.register("keeper", keeper)
        thread = threading.Thread(target=gate.wait)
        thread.start()
        registry.register("of the thread", Worker(), owner=thread)

        async def serve() -> None:
            task = asyncio.create_task(asyncio.sleep(60))
            registry.register("of the task", Worker(), owner=task)
            assert len(registry) == 3
            task.cancel()
            await asyncio.wait([task])

        asyncio.run(serve())
        gate.set()
        thread.join()
        assert list(registry) == ["keeper"]
        if systems.side("registry") == "new":
            wait_for(lambda: registry.stats().rows == 1, timeout=30)


def test_the_campaign_of_this_project_declares_what_the_runtime_switches() -> None:
    """When overt.toml declares flags, each stage can be entered and left with them."""
    campaign = load(Path(__file__).parents[2]).campaign
    for stage in campaign.stages:
        assert set(stage.flags) <= set(campaign.flags)
    assert {name for name in campaign.flags if name.startswith("new-")} <= set(NAMES)
