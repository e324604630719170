"""The five systems of this project behind its own flags: the same work in every state, compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from overt.campaign import load
from overt.campaign.migration import declared_flags
from overt.flags import FeatureFlags, Guard, MemoryStore, switched_runtime
from overt.runtime import Comparison, NotRegistered, Runtime, SampledEvents, Telemetry, Tracer, error_context, legacy
from overt.testing import FrozenClock, capture_telemetry

SYSTEMS = ("registry", "cache", "context", "events", "tracer")
NAMES = tuple(f"new-{system}" for system in SYSTEMS)
STATES: list[dict[str, bool]] = [
    dict.fromkeys(NAMES, False),
    dict.fromkeys(NAMES, True),
    *[{name: name == one for name in NAMES} for one in NAMES],
    *[{name: name != one for name in NAMES} for one in NAMES],
]
ORDERS = 200
PERCENTAGES = (0.0, 1.0, 10.0, 50.0, 90.0, 100.0)
Record = Callable[[Any], None]


@pytest.fixture
def flags() -> Iterator[FeatureFlags]:
    """Give the flags that this project declares."""
    campaign = load(Path(__file__).parents[2]).campaign
    with FeatureFlags(MemoryStore(), declared_flags(campaign)) as made:
        assert {flag.name for flag in made.declared} == set(NAMES)
        yield made


class Worker:
    """Somebody to register."""


def order(runtime: Runtime, worker: Worker, clock: FrozenClock, number: int) -> list[Any]:
    """Do a piece of work that needs all five systems, and return what they answered."""
    seen: list[Any] = []
    with runtime.context.with_context({"order": number}), runtime.tracer.span("order"):
        runtime.registry.register(number, worker, metadata={"even": number % 2 == 0})
        seen.append((runtime.registry.lookup(number).agent is worker, len(runtime.registry.list())))
        runtime.registry.update_metadata(number, {"even": None, "size": number % 7})
        found = runtime.registry.get(number)
        assert found is not None
        seen.append(dict(found.metadata))
        if number % 3:
            runtime.registry.unregister(number)
        with pytest.raises(NotRegistered):
            runtime.registry.lookup(-1)
        seen.append(runtime.cache.get_or_compute(number % 11, partial(int, number)))
        runtime.cache.set("last", number)
        seen.append((runtime.cache.get("last"), runtime.cache.get("none", "nothing"), runtime.cache.get(number % 11)))
        if number % 5 == 0:
            runtime.cache.invalidate(number % 11)
        clock.advance(0.3)
        with runtime.tracer.span("pay"), runtime.context.with_context({"step": "pay"}):
            seen.append(dict(runtime.context.get_context()))
            runtime.events.emit(("paid",), {"n": number})
            runtime.events.emit_once_per(("late",), 5.0)
            runtime.events.emit_batched(("done",), number)
        seen.append(dict(runtime.context.get_context()))
    return seen


def served(flags: FeatureFlags, comparisons: dict[str, Comparison]) -> tuple[list[Any], list[Any], list[Any]]:
    """Take orders and return what was answered, what was announced, and the spans by name, status and parent."""
    telemetry, clock, worker = Telemetry(), FrozenClock(), Worker()
    options = {
        "cache": {"ttl": 3.0, "clock": clock},
        "events": {"prefix": ("shop",), "batch_size": 8, "flush_interval": 3600.0, "clock": clock},
    }
    with (
        capture_telemetry(telemetry) as heard,
        switched_runtime(flags, telemetry=telemetry, compare=comparisons, **options) as runtime,
    ):
        answered = [order(runtime, worker, clock, number) for number in range(ORDERS)]
    announced = [(e.name, e.measurements.get("n"), e.metadata.get("items")) for e in heard if e.name[0] == "shop"]
    spans = [e.metadata for e in heard if e.name == ("overt", "span", "stop")]
    names = {span["span_id"]: span["name"] for span in spans}
    return answered, announced, [(span["name"], span["status"], names.get(span["parent_id"])) for span in spans]


def test_the_same_work_comes_to_the_same_in_every_state(flags: FeatureFlags, record_comparison: Record) -> None:
    """Off, on, each alone, each left behind; every read of registry and cache is compared with the other side."""
    comparisons = {
        system: Comparison(f"new-{system}", pure=True, budget=None, raise_on_mismatch=True)
        for system in ("registry", "cache")
    }
    for comparison in comparisons.values():
        record_comparison(comparison)
    came = []
    for state in STATES:
        with flags.override(state):
            came.append(served(flags, comparisons))
    assert all(each == came[0] for each in came[1:])
    answered, announced, spans = came[0]
    assert (len(answered), len(spans), len(announced) > ORDERS) == (ORDERS, 2 * ORDERS, True)
    for comparison in comparisons.values():
        stats = comparison.stats()
        assert min(stats.new, stats.legacy) >= len(STATES) // 2 * ORDERS
        assert (stats.differed, stats.failed, stats.skipped) == (0, 0, 0)
        assert stats.agreed > ORDERS


def test_the_state_of_the_run_comes_to_the_same_as_any_other(
    feature_flags: FeatureFlags, flags_state: Any, flags: FeatureFlags
) -> None:
    """The whole work in the state that the run is in, beside the same work with everything new; the flags were read."""
    here = served(feature_flags, {})
    with flags.override(dict.fromkeys(NAMES, True)):
        assert here == served(flags, {})
    assert min(feature_flags.uses().values()) > 0
    assert feature_flags.all() == (flags_state.values(NAMES) or dict.fromkeys(NAMES, False))


def test_who_is_in_stays_in_whatever_the_state(feature_flags: FeatureFlags, flags_state: Any) -> None:
    """Of 2,000 keys all, none or about half have a flag, as the state says; asked again, the same ones."""
    for name in NAMES:
        inside = {key for key in range(2000) if feature_flags.enabled(name, key)}
        assert inside == {key for key in range(2000) if feature_flags.enabled(name, key)}
        value = flags_state.values(NAMES).get(name, False)
        least, most = {True: (2000, 2000), False: (0, 0), 50.0: (900, 1100)}[value]
        assert least <= len(inside) <= most


def nested(engine: Any, number: int) -> list[dict[str, Any]]:
    """Nest contexts, raise through one, and return what was in force."""
    seen = [dict(engine.get_context())]
    with engine.with_context({"order": number}):
        seen.append(dict(engine.get_context()))
        with suppress(LookupError), engine.with_context({"step": "pay"}):
            engine.set_context({"size": number % 7})
            seen.append(dict(engine.get_context()))
            raise LookupError(number)
        seen.append(dict(engine.get_context()))
    return [*seen, dict(engine.get_context())]


def announced(make: Any, number: int) -> list[Any]:
    """Emit singly, once in a while and in batches, and return what was heard."""
    telemetry, clock = Telemetry(), FrozenClock()
    with (
        capture_telemetry(telemetry) as heard,
        make(telemetry, ("v",), batch_size=4, flush_interval=3600.0, clock=clock) as events,
    ):
        for each in range(10):
            events.emit(("one",), {"n": number + each})
            events.emit_once_per(("once",), 2.5)
            events.emit_batched(("many",), number * each)
            clock.advance(1.0)
    return [(event.name, event.measurements.get("n"), event.metadata.get("items")) for event in heard]


def traced(make: Any, number: int) -> list[Any]:
    """Leave spans open, end them out of turn and in error; return the tree by name, status and parent."""
    telemetry = Telemetry()
    with capture_telemetry(telemetry, ("overt", "span", "stop")) as heard, make(telemetry) as tracer:
        root = tracer.start_span(f"order {number}")
        with tracer.span("pay"):
            outer = tracer.start_span("look up")
            tracer.start_span("left open")
            tracer.end_span(outer, "error" if number % 2 else "ok")
        tracer.end_span(root)
    names = {event.metadata["span_id"]: event.metadata["name"] for event in heard}
    return [(e.metadata["name"], e.metadata["status"], names.get(e.metadata["parent_id"])) for e in heard]


def guards(flags: FeatureFlags) -> Iterator[Guard[[int], Any]]:
    """Return the systems whose work can be done twice, each behind its flag, by key, with every call compared."""
    both = {
        "new-context": (nested, error_context.ENGINE, legacy.error_context.ENGINE),
        "new-events": (announced, SampledEvents, legacy.SampledEvents),
        "new-tracer": (traced, Tracer, legacy.Tracer),
    }
    for name, (work, new, old) in both.items():
        comparison = Comparison(name, pure=True, budget=None, raise_on_mismatch=True)
        yield flags.guard(
            name, new=partial(work, new), legacy=partial(work, old), key=lambda number: number, compare=comparison
        )


def test_a_guarded_system_answers_the_same_for_every_share_of_the_keys(
    flags: FeatureFlags, record_comparison: Record
) -> None:
    """From nobody to everybody; each key gets its implementation, and the other one says the same."""
    for guard in guards(flags):
        record_comparison(guard)
        came = []
        for percentage in PERCENTAGES:
            before = guard.stats().new
            with flags.override({guard.flag: percentage}):
                came.append([guard(number) for number in range(ORDERS)])
                inside = sum(flags.enabled(guard.flag, number) for number in range(ORDERS))
            assert guard.stats().new - before == inside
        assert all(each == came[0] for each in came[1:])
        calls, compared = guard.stats(), guard.comparison.stats()
        assert (calls.new + calls.legacy, calls.fallbacks) == (ORDERS * len(PERCENTAGES), 0)
        assert min(calls.new, calls.legacy) >= ORDERS
        assert (compared.agreed, compared.differed) == (ORDERS * len(PERCENTAGES), 0)
