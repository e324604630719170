"""Through the whole migration one can see what happens: events, contexts, traces, changes of flags."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from overt.flags import FeatureFlags, Flag, MemoryStore, MigrationControl, Stage
from overt.runtime import Runtime, Telemetry
from overt.runtime.runtime import SYSTEMS
from overt.testing import Event, capture_telemetry, wait_for_events

NAMES = tuple(f"new-{system}" for system in SYSTEMS)


class Agent:
    """Something to register."""


@pytest.fixture
def migration() -> Iterator[tuple[Runtime, MigrationControl, list[Event]]]:
    """Give a runtime whose systems are switched by stages, and everything that it announces."""
    telemetry = Telemetry()
    dates = {"created": "2026-11-22", "until": "2027-12-31"}
    declared = [Flag(name, owner="overt maintainers", purpose="validation", **dates) for name in NAMES]
    stages = [Stage(number, name, [name]) for number, name in enumerate(NAMES, 1)]
    with (
        FeatureFlags(MemoryStore(), declared, telemetry=telemetry) as flags,
        MigrationControl(flags, stages, telemetry=telemetry) as control,
        capture_telemetry(telemetry) as events,
    ):
        switches = {system: flags.switch(f"new-{system}") for system in SYSTEMS}
        with Runtime(telemetry=telemetry, switches=switches) as runtime:
            yield runtime, control, events


def work(runtime: Runtime) -> None:
    """Use every system once."""
    agent = Agent()
    with runtime.context.with_context({"step": "work"}), runtime.tracer.span("work"):
        runtime.registry.register("a", agent)
        runtime.registry.lookup("a")
        runtime.registry.unregister("a")
        runtime.cache.set("k", 1)
        runtime.cache.get("k")
        runtime.events.emit(("shop", "sold"), {"n": 1})
        with runtime.tracer.span("inner"):
            pass


def names(events: list[Event]) -> list[tuple[str, ...]]:
    """Return the names of the events that the work itself causes."""
    return [event.name for event in events if event.name[:2] not in {("overt", "flags"), ("overt", "migration")}]


def test_the_same_events_flow_at_every_stage(migration: tuple[Runtime, MigrationControl, list[Event]]) -> None:
    """No stage silences anything; each event says which implementation it is of, as the stage has it."""
    runtime, control, events = migration
    seen = []
    for number in range(len(NAMES) + 1):
        if number:
            control.advance_to(number)
        events.clear()
        work(runtime)
        seen.append(names(events))
        on = {system for system, name in zip(SYSTEMS, NAMES, strict=True) if name in NAMES[:number]}
        for event in events:
            if event.name[:2] == ("overt", "registry"):
                assert event.metadata["implementation"] == ("new" if "registry" in on else "legacy")
            if event.name == ("overt", "span", "stop"):
                assert event.metadata["implementation"] == ("new" if "tracer" in on else "legacy")
    assert len({tuple(each) for each in seen}) == 1
    assert {("overt", "registry", "lookup"), ("overt", "cache", "hit"), ("overt", "span", "stop")} <= set(seen[0])


def test_every_change_is_announced_and_in_the_history(
    migration: tuple[Runtime, MigrationControl, list[Event]],
) -> None:
    """A change of a flag, a stage and a rollback: each is one event, each is remembered with who and why."""
    _, control, events = migration
    control.advance_to(2, by="ann", reason="go on")
    control.rollback_to(0, by="bob", reason="go back")
    changes = [event.metadata for event in events if event.name == ("overt", "flags", "changed")]
    assert [(change["flag"], change["new"], change["by"]) for change in changes] == [
        (NAMES[1], True, "ann"),
        (NAMES[0], True, "ann"),
        (NAMES[1], False, "bob"),
        (NAMES[0], False, "bob"),
    ] or {(change["flag"], change["new"], change["by"]) for change in changes} == {
        (name, by == "ann", by) for name in NAMES[:2] for by in ("ann", "bob")
    }
    moves = [event.name[-1] for event in events if event.name[:2] == ("overt", "migration")]
    assert moves == ["advance", "rollback"]
    assert [(move.by, move.reason) for move in control.history()] == [("ann", "go on"), ("bob", "go back")]


@pytest.fixture
def running(systems: Any) -> Iterator[tuple[Runtime, list[Event]]]:
    """Give a runtime in the state of the flags, and everything that it announces."""
    telemetry = Telemetry()
    with capture_telemetry(telemetry) as events, systems.runtime(telemetry=telemetry) as runtime:
        yield runtime, events


def test_the_same_events_flow_in_the_state_of_the_flags(systems: Any, running: tuple[Runtime, list[Event]]) -> None:
    """Those of the new systems, in their order; each says which implementation it is of."""
    runtime, events = running
    work(runtime)
    telemetry = Telemetry()
    with capture_telemetry(telemetry) as expected, Runtime(telemetry=telemetry) as new:
        work(new)
    assert names(events) == names(expected)
    for part, system in (("registry", "registry"), ("span", "tracer")):
        told = [event.metadata.get("implementation", "") for event in events if event.name[:2] == ("overt", part)]
        side = systems.side(system)
        assert set(filter(None, told)) <= ({"new", "legacy"} if side == "both" else {side})
        assert any(told)


def test_an_error_says_what_was_being_done_in_the_state_of_the_flags(running: tuple[Runtime, list[Event]]) -> None:
    """As before and after the migration."""
    error_is_told(*running)


def test_parents_and_children_are_intact_in_the_state_of_the_flags(running: tuple[Runtime, list[Event]]) -> None:
    """As before and after the migration."""
    parents_are_known(*running)


def test_many_tasks_at_once_have_spans_and_contexts_of_their_own(
    systems: Any, running: tuple[Runtime, list[Event]]
) -> None:
    """Twenty at a time: each sees what it has entered itself, and its inner span is a child of its outer one."""
    systems.need("context-tasks", "spans-tasks")
    runtime, _ = running

    async def one(number: int) -> None:
        with runtime.context.with_context({"n": number}), runtime.tracer.span("outer") as outer:
            await asyncio.sleep(0)
            with runtime.tracer.span("inner") as inner:
                assert (inner.parent_id, dict(runtime.context.get_context())) == (outer.span_id, {"n": number})

    async def serve() -> None:
        await asyncio.gather(*map(one, range(20)))

    asyncio.run(serve())


@pytest.mark.parametrize("stage", [0, len(NAMES)])
def test_an_error_says_what_was_being_done(
    migration: tuple[Runtime, MigrationControl, list[Event]], stage: int
) -> None:
    """Before and after: the context is on the exception, its span ended as error, and the exception is on the span."""
    runtime, control, events = migration
    if stage:
        control.advance_to(stage)
    error_is_told(runtime, events)


def error_is_told(runtime: Runtime, events: list[Event]) -> None:
    """Raise inside a context and a span, and see both on the exception and the exception on the span."""
    with (
        pytest.raises(KeyError) as caught,
        runtime.context.with_context({"order": 7}),
        runtime.tracer.span("pay") as span,
    ):
        raise KeyError("card")
    assert caught.value.overt_context == {"order": 7}  # type: ignore[attr-defined]
    assert (span.status, span.events[0].attributes["type"]) == ("error", "KeyError")
    stop = next(event for event in events if event.name == ("overt", "span", "stop"))
    assert stop.metadata["status"] == "error"


@pytest.mark.parametrize("stage", [0, len(NAMES)])
def test_parents_and_children_are_intact(migration: tuple[Runtime, MigrationControl, list[Event]], stage: int) -> None:
    """Every parent that an event names was announced before it, in the same trace."""
    runtime, control, events = migration
    if stage:
        control.advance_to(stage)
    parents_are_known(runtime, events)


def parents_are_known(runtime: Runtime, events: list[Event]) -> None:
    """Nest spans in a task, and find the parent of each among those that were announced before."""

    async def serve() -> None:
        for _ in range(5):
            with runtime.tracer.span("outer"):
                work(runtime)
                await asyncio.sleep(0)

    asyncio.run(serve())
    known: dict[str, str] = {}
    for event in events:
        if event.name == ("overt", "span", "start"):
            meta: Any = event.metadata
            assert meta["parent_id"] is None or known[meta["parent_id"]] == meta["trace_id"]
            known[meta["span_id"]] = meta["trace_id"]
    assert len(known) == 15
    assert len(set(known.values())) == 5


def test_a_trace_in_flight_at_a_flip_stays_one_trace(
    migration: tuple[Runtime, MigrationControl, list[Event]],
) -> None:
    """What begins before the stage and ends after it is one tree, and no item that waited is lost."""
    runtime, control, events = migration
    with runtime.tracer.span("outer") as outer:
        runtime.events.emit_batched(("item",), 1)
        control.advance_to(len(NAMES))
        runtime.events.emit_batched(("item",), 2)
        with runtime.tracer.span("inner") as inner:
            pass
    runtime.events.flush()
    assert (inner.parent_id, inner.trace_id) == (outer.span_id, outer.trace_id)
    assert [item for event in events if event.name == ("item",) for item in event.metadata["items"]] == [1, 2]


def test_what_dies_is_seen_to_die(migration: tuple[Runtime, MigrationControl, list[Event]]) -> None:
    """An owner's death and an abandoned span are announced, with who and how long."""
    runtime, control, events = migration
    control.advance_to(len(NAMES))

    def short_lived() -> None:
        agent = Agent()
        runtime.registry.register("of the thread", agent, owner=threading.current_thread())
        runtime.tracer.start_span("left open")

    thread = threading.Thread(target=short_lived)
    thread.start()
    thread.join()
    expired, stopped = wait_for_events(
        events,
        [
            (("overt", "registry", "expire"), lambda event: event.metadata["key"] == "of the thread"),
            (("overt", "span", "stop"), lambda event: event.metadata["name"] == "left open"),
        ],
        timeout=5,
    )
    assert expired.metadata["implementation"] == "new"
    assert (stopped.metadata["status"], stopped.measurements["duration_ns"] > 0) == ("abandoned", True)
