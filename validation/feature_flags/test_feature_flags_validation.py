"""Both implementations do the same under any operations and any flips; a rollout is partial, sticky and reversible."""

from __future__ import annotations

import gc
import threading
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overt.flags import FeatureFlags, Flag, Health, MemoryStore, MigrationControl, Stage
from overt.runtime import AgentRegistry, Runtime, SampledEvents, Telemetry, Tracer, TTLCache, legacy
from overt.runtime.switched_cache import SwitchedCache
from overt.runtime.switched_context import SwitchedContext
from overt.runtime.switched_registry import SwitchedRegistry
from overt.testing import FrozenClock, capture_telemetry, wait_for

FLAG = Flag("new", owner="overt maintainers", purpose="validation", created="2026-11-22", until="2027-12-31")
KEYS = st.integers(0, 3)
FEW = settings(max_examples=60, deadline=None)


class Agent:
    """Something to register."""


def outcome(call: Any) -> str:
    """Return what a call gave or raised, as a text to compare."""
    try:
        return repr(call())
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def operate(registry: Any, mine: dict[int, Agent], operation: str, key: int) -> str:
    """Do one operation on one registry and return what came of it, and what is live afterwards."""
    agent = Agent()
    calls = {
        "register": lambda: registry.register(key, agent, metadata={"even": key % 2 == 0}),
        "unregister": lambda: registry.unregister(key),
        "update": lambda: registry.update_metadata(key, {"even": None}),
        "lookup": lambda: dict(registry.lookup(key).metadata),
        "find": lambda: sorted(row.key for row in registry.find(even=True)),
        "die": lambda: mine.pop(key, None) and None,
        "flip": lambda: None,
    }
    text = outcome(calls[operation])
    if registry.get(key) is not None and registry.get(key).agent is agent:
        mine[key] = agent
    return f"{text}; live: {sorted(registry)}, {len(registry)}"


@FEW
@given(
    st.lists(
        st.tuples(st.sampled_from(["register", "unregister", "update", "lookup", "die", "find", "flip"]), KEYS),
        max_size=40,
    )
)
def test_registries_agree_under_any_operations_and_flips(steps: list[tuple[str, int]]) -> None:
    """New, legacy and one that is switched in between give the same results and the same errors."""
    chosen = [False]
    systems: list[Any] = [AgentRegistry(), legacy.AgentRegistry(), SwitchedRegistry(lambda: chosen[0])]
    agents: list[dict[int, Agent]] = [{} for _ in systems]
    for operation, key in steps:
        if operation == "flip":
            chosen[0] = not chosen[0]
        seen = {operate(system, mine, operation, key) for system, mine in zip(systems, agents, strict=True)}
        assert len(seen) == 1, seen
    for system in systems:
        system.close()


@FEW
@given(st.lists(st.tuples(st.sampled_from(["set", "compute", "drop", "time", "flip", "clear"]), KEYS), max_size=40))
def test_caches_agree_under_any_operations_and_flips(steps: list[tuple[str, int]]) -> None:
    """The same values are there after every step; none that was replaced comes back with a flip."""
    clock, chosen = FrozenClock(), [False]
    options: dict[str, Any] = {"ttl": 3.0, "clock": clock}
    systems: list[Any] = [
        TTLCache(**options),
        legacy.TTLCache(**options),
        SwitchedCache(lambda: chosen[0], **options),
    ]
    for number, (operation, key) in enumerate(steps):
        if operation == "flip":
            chosen[0] = not chosen[0]
        elif operation == "time":
            clock.advance(key)
        for system in systems:
            if operation == "set":
                system.set(key, number)
            elif operation == "compute":
                system.get_or_compute(key, partial(int, -number))
            elif operation == "drop":
                system.invalidate(key)
            elif operation == "clear":
                system.clear()
        held = {repr({each: system.get(each, "none") for each in range(4)}) for system in systems}
        assert len(held) == 1, held
    for system in systems:
        system.close()


@FEW
@given(st.lists(st.sampled_from(["enter", "leave", "set", "flip"]), max_size=30))
def test_a_context_under_any_flips_behaves_like_a_stack(operations: list[str]) -> None:
    """Whatever the flag does between entering and leaving, nothing is lost and nothing comes back."""
    chosen = [False]
    context, stack, blocks = SwitchedContext(lambda: chosen[0]), [dict[str, int]()], list[Any]()
    for number, operation in enumerate(operations):
        if operation == "flip":
            chosen[0] = not chosen[0]
        elif operation == "enter":
            blocks.append(context.with_context({"k": number}))
            blocks[-1].__enter__()
            stack.append({**stack[-1], "k": number})
        elif operation == "leave" and blocks:
            blocks.pop().__exit__(None, None, None)
            stack.pop()
        elif operation == "set" and blocks:
            context.set_context({"s": number})
            stack[-1] = {"s": number}
        assert dict(context.get_context()) == stack[-1]
    while blocks:
        blocks.pop().__exit__(None, None, None)
    assert context.idle


@pytest.mark.parametrize("make", [Tracer, legacy.Tracer])
def test_tracers_agree(make: Any) -> None:
    """The same program leaves the same tree of names, statuses and parents."""
    telemetry = Telemetry()
    with capture_telemetry(telemetry, ("overt", "span", "stop")) as events, make(telemetry) as tracer:
        root = tracer.start_span("a")
        with tracer.span("b"):
            outer = tracer.start_span("c")
            tracer.start_span("d")
            tracer.end_span(outer, "error")
        tracer.end_span(root)
    names = {event.metadata["span_id"]: event.metadata["name"] for event in events}
    tree = [(e.metadata["name"], e.metadata["status"], names.get(e.metadata["parent_id"])) for e in events]
    assert tree == [("d", "abandoned", "c"), ("c", "error", "b"), ("b", "ok", "a"), ("a", "ok", None)]


@pytest.mark.parametrize("make", [SampledEvents, legacy.SampledEvents])
def test_events_agree(make: Any) -> None:
    """The same program announces the same events."""
    telemetry, clock = Telemetry(), FrozenClock()
    with (
        capture_telemetry(telemetry) as heard,
        make(telemetry, ("v",), batch_size=4, flush_interval=3600.0, clock=clock) as events,
    ):
        for number in range(10):
            events.emit(("one",), {"n": number})
            events.emit_once_per(("once",), 2.5)
            events.emit_batched(("many",), number)
            clock.advance(1.0)
    assert [event.measurements["n"] for event in heard if event.name == ("v", "one")] == list(range(10))
    assert sum(event.name == ("v", "once") for event in heard) == 4
    assert [event.metadata["items"] for event in heard if event.name == ("v", "many")] == [
        [0, 1, 2, 3],
        [4, 5, 6, 7],
        [8, 9],
    ]


def test_switching_in_mid_flight_strands_nothing() -> None:
    """While a thread works on every system, the flag flips all the time: every result is right at the end."""
    telemetry = Telemetry()
    stop = threading.Event()
    with FeatureFlags(MemoryStore(), [FLAG]) as flags, capture_telemetry(telemetry, ("item",)) as heard:
        switches = dict.fromkeys(("registry", "cache", "context", "events", "tracer"), flags.switch("new"))

        def flip() -> None:
            while not stop.is_set():
                flags.set("new", not flags.enabled("new"))

        with Runtime(telemetry=telemetry, switches=switches) as runtime:
            flipper = threading.Thread(target=flip)
            flipper.start()
            try:
                for number in range(400):
                    agent = Agent()
                    with runtime.context.with_context({"n": number}), runtime.tracer.span("work") as span:
                        runtime.registry.register("a", agent)
                        runtime.cache.set("n", number)
                        runtime.events.emit_batched(("item",), number)
                        assert runtime.registry.lookup("a").agent is agent
                        assert runtime.cache.get("n") == number
                        assert runtime.context.get_context() == {"n": number}
                        assert runtime.tracer.current_span() is span
                        runtime.registry.unregister("a")
                        assert "a" not in runtime.registry
                    assert (span.status, span.parent_id) == ("ok", None)
            finally:
                stop.set()
                flipper.join()
            assert runtime.context.idle
            stats = runtime.tracer.stats()
            assert (stats.started, stats.ended, stats.live) == (400, 400, 0)
    assert [item for event in heard for item in event.metadata["items"]] == list(range(400))


def test_a_partial_rollout_divides_the_keys_and_keeps_them() -> None:
    """A tenth, a half and all of 5,000 keys; who is in stays in, and going back takes exactly them out."""
    with FeatureFlags(MemoryStore(), [FLAG]) as flags, MigrationControl(flags, [Stage(1, "all", ["new"])]) as control:
        inside: set[int] = set()
        for percentage, least, most in ((10, 420, 580), (50, 2350, 2650), (100, 5000, 5000)):
            control.advance_to(1, percentage, by="ann")
            now = {key for key in range(5000) if flags.enabled("new", key)}
            assert least <= len(now) <= most
            assert inside <= now
            inside = now
        control.rollback_to(0, by="ann")
        assert not any(flags.enabled("new", key) for key in range(5000))


def test_a_failing_implementation_is_taken_back_by_itself() -> None:
    """Calls that fail announce it; the monitor sees it and turns the stage off, once; a healthy one stays."""
    for share, stays in ((10, False), (1000, True)):
        telemetry = Telemetry()
        with (
            FeatureFlags(MemoryStore(), [FLAG]) as flags,
            MigrationControl(flags, [Stage(1, "all", ["new"])], telemetry=telemetry) as control,
        ):
            control.advance_to(1)
            for number in range(2000):
                result = "error" if number % share == 0 else "ok"
                about = {"implementation": "new" if flags.enabled("new") else "legacy", "result": result}
                telemetry.execute(("pay",), {"duration_ns": 100}, about)
            health = control.health()
            assert health == Health(1 / share, None, 2000)
            control.start_monitor(interval=0.002)
            if stays:
                for _ in range(5):
                    control._watch()  # noqa: SLF001  # looks without waiting for the clock
                assert flags.enabled("new")
            else:
                wait_for(lambda: not flags.enabled("new"), timeout=5)
            assert len(control.history()) == (1 if stays else 2)
    gc.collect()
    assert not [thread for thread in threading.enumerate() if thread.name == "overt-migration"]
