"""New against legacy, in interleaved pairs: what each costs is printed, and that both did the same work is asserted.

No time is asserted: two shared processors are no scale. The figures are for the report.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest

from overt.runtime import AgentRegistry, SampledEvents, Telemetry, Tracer, TTLCache, error_context, legacy

PAIRS = 9
OPERATIONS = 1500

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
    "registry get": (lookups, AgentRegistry, legacy.AgentRegistry),
    "registry register + unregister": (registrations, AgentRegistry, legacy.AgentRegistry),
    "error context block": (blocks, lambda: error_context, lambda: legacy.error_context),
    "span start + end": (spans, Tracer, legacy.Tracer),
    "cache hit": (hits, TTLCache, legacy.TTLCache),
    "event deduplicated": (
        repeats,
        lambda: SampledEvents(Telemetry()),
        lambda: legacy.SampledEvents(Telemetry()),
    ),
    "event batched": (items, lambda: SampledEvents(Telemetry()), lambda: legacy.SampledEvents(Telemetry())),
}


def measured(side: Side) -> tuple[int, float]:
    """Run one side; returns what took effect and processor nanoseconds an operation."""
    gc.collect()
    start = time.process_time_ns()
    done = side(OPERATIONS)
    return done, (time.process_time_ns() - start) / OPERATIONS


@pytest.mark.parametrize("name", BENCHMARKS)
def test_new_against_legacy(name: str, record_property: Callable[[str, object], None]) -> None:
    """Both sides, in alternating order, do all of the work; the ratio of the medians is recorded."""
    build, make_new, make_legacy = BENCHMARKS[name]
    systems = [make_new(), make_legacy()]
    sides = [build(system) for system in systems]
    for side in sides:
        side(OPERATIONS // 10)  # warm up
    costs: tuple[list[float], list[float]] = ([], [])
    for pair in range(PAIRS):
        for which in (0, 1) if pair % 2 else (1, 0):
            done, cost = measured(sides[which])
            assert done == OPERATIONS
            costs[which].append(cost)
    for system in systems:
        getattr(system, "close", lambda: None)()
    new, old = (statistics.median(each) for each in costs)
    ratios = sorted(one / other for one, other in zip(*costs, strict=True) if other)
    record_property("new_ns", round(new))
    record_property("legacy_ns", round(old))
    record_property("ratio_ppm", round(1e6 * statistics.median(ratios)))
    print(f"{name}: new {new:.0f} ns, legacy {old:.0f} ns, ratio {statistics.median(ratios):.2f}", end=" ")
    print(f"(pairs from {ratios[0]:.2f} to {ratios[-1]:.2f}, {PAIRS} pairs of {OPERATIONS})")
    assert len(costs[0]) == len(costs[1]) == PAIRS


def test_the_cost_of_a_span_is_measured_at_two_depths(record_property: Callable[[str, object], None]) -> None:
    """Ten deep and a thousand deep, the same spans: what each costs is recorded."""
    costs = {}
    with Tracer() as tracer:
        run = spans(tracer)
        run(100)
        for depth in (10, 1000):
            opened = [tracer.start_span(f"level {level}") for level in range(depth)]
            done, costs[depth] = measured(run)
            assert done == OPERATIONS
            for span in reversed(opened):
                tracer.end_span(span)
        assert tracer.live_spans() == ()
    for depth, cost in costs.items():
        record_property(f"depth_{depth}_ns", round(cost))
        print(f"span at depth {depth}: {cost:.0f} ns")
