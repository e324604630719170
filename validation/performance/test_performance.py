"""New against legacy, in interleaved pairs: what each costs is printed, and that both did the same work is asserted.

No time is asserted, two shared processors are no scale: the figures are for the report. Only that the depth of a span
costs nothing is asserted, of two sides that differ in nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from overt.runtime import AgentRegistry, SampledEvents, Telemetry, Tracer, TTLCache, error_context, legacy
from overt.testing.paired import Compared

Side = Callable[[int], int]
"""Does so many operations and returns how many took effect."""


class Agent:
    """Something to register."""


def lookups(made: Any) -> Side:
    """Read one key again and again."""
    agent = Agent()
    made.register("a", agent)
    return lambda count: sum(made.get("a").agent is agent for _ in range(count))


def registrations(made: Any) -> Side:
    """Enter a key and take it out."""
    agent = Agent()

    def run(count: int) -> int:
        before = made.stats().unregistered
        for key in range(count):
            made.register(key, agent)
            made.unregister(key)
        return int(made.stats().unregistered - before)

    return run


def blocks(module: Any) -> Side:
    """Enter a block and leave it."""

    def run(count: int) -> int:
        seen = 0
        for number in range(count):
            with module.with_context({"number": number}):
                seen += module.get_context()["number"] == number
        return seen

    return run


def spans(made: Any) -> Side:
    """Begin a span and end it."""

    def run(count: int) -> int:
        before = made.stats().ended
        for _ in range(count):
            made.end_span(made.start_span("work"))
        return int(made.stats().ended - before)

    return run


def hits(made: Any) -> Side:
    """Read one value again and again."""
    made.set("a", 1)
    return lambda count: sum(made.get("a") for _ in range(count))


def items(made: Any) -> Side:
    """Add items and deliver all of them."""

    def run(count: int) -> int:
        before = made.stats().delivered
        for number in range(count):
            made.emit_batched(("item",), number)
        made.flush()
        return int(made.stats().delivered - before)

    return run


def repeats(made: Any) -> Side:
    """Announce one event once, and hear that it is too early for it again and again."""
    made.emit_once_per(("seen",), 3600.0)

    def run(count: int) -> int:
        before = made.stats().deduplicated
        for _ in range(count):
            made.emit_once_per(("seen",), 3600.0)
        return int(made.stats().deduplicated - before)

    return run


BENCHMARKS: dict[str, tuple[Callable[[Any], Side], Callable[[], Any], Callable[[], Any]]] = {
    "registry.get": (lookups, AgentRegistry, legacy.AgentRegistry),
    "registry.register": (registrations, AgentRegistry, legacy.AgentRegistry),
    "context.block": (blocks, lambda: error_context, lambda: legacy.error_context),
    "span.start-end": (spans, Tracer, legacy.Tracer),
    "cache.hit": (hits, TTLCache, legacy.TTLCache),
    "event.deduplicated": (
        repeats,
        lambda: SampledEvents(Telemetry()),
        lambda: legacy.SampledEvents(Telemetry()),
    ),
    "event.batched": (items, lambda: SampledEvents(Telemetry()), lambda: legacy.SampledEvents(Telemetry())),
}


@pytest.mark.parametrize("name", BENCHMARKS)
def test_new_against_legacy(name: str, compare_speed: Callable[..., Compared]) -> None:
    """Both sides, in turns, do all of the work; every measurement is recorded, and what it decides is in the report."""
    build, make_new, make_legacy = BENCHMARKS[name]
    systems = [make_legacy(), make_new()]
    sides = [checked(build(system)) for system in systems]
    done = compare_speed(name, legacy=sides[0], new=sides[1], band=0.05, rounds=30, at_least_ns=2_000_000)
    for system in systems:
        getattr(system, "close", lambda: None)()
    print(f"{name}: {done.ratio.value:.2f} ({done.ratio.low:.2f} to {done.ratio.high:.2f}), {done.verdict}")
    assert len(done.rounds) >= 10


WHOLE: dict[str, tuple[Callable[[Any], Side], Callable[[], Any]]] = {
    "registry": (lookups, legacy.AgentRegistry),
    "cache": (hits, legacy.TTLCache),
    "context": (blocks, lambda: legacy.error_context),
    "events": (repeats, lambda: legacy.SampledEvents(Telemetry())),
    "tracer": (spans, legacy.Tracer),
}


@pytest.mark.parametrize("name", WHOLE)
def test_what_a_program_pays_in_the_state_of_the_flags(
    name: str, systems: Any, compare_speed: Callable[..., Compared]
) -> None:
    """What `Runtime` hands out, with its flag in front of it when there is one, against what was before, bare."""
    build, make_legacy = WHOLE[name]
    before = make_legacy()
    with systems.runtime() as runtime:
        sides = [checked(build(system)) for system in (before, getattr(runtime, name))]
        done = compare_speed(f"program.{name}", legacy=sides[0], program=sides[1], band=0.05, rounds=15)
    getattr(before, "close", lambda: None)()
    print(f"{name}: {done.ratio.value:.2f} ({done.ratio.low:.2f} to {done.ratio.high:.2f}), {done.verdict}")
    assert len(done.rounds) >= 10


def test_the_cost_of_a_span_does_not_depend_on_its_depth(compare_speed: Callable[..., Compared]) -> None:
    """The same spans below ten open ones and below a thousand."""
    with Tracer() as shallow, Tracer() as deep:
        sides = []
        for tracer, depth in ((shallow, 10), (deep, 1000)):
            for level in range(depth):
                tracer.start_span(f"level {level}")
            sides.append(checked(spans(tracer)))
        done = compare_speed("span.depth", ten=sides[0], thousand=sides[1], band=0.05, rounds=30)
        assert done.verdict != "slower"


def checked(side: Side) -> Side:
    """Return a side that fails unless all of its work took effect."""

    def run(count: int) -> int:
        done = side(count)
        assert done == count
        return done

    return run
