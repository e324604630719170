"""The operations of the runtime that are measured: new, legacy, the least, and peers where they are installed."""

from __future__ import annotations

import threading
from typing import Any

from interleaved import Cases, Side, installed
from runtime_least import Agent, Least, LeastTracer, least_block

from overt.runtime import AgentRegistry, SampledEvents, Telemetry, Tracer, TTLCache, error_context, legacy

CACHETOOLS, STRUCTLOG, OPENTELEMETRY = "cachetools + Lock", "structlog bound_contextvars", "OpenTelemetry SDK"


def pair(statement: str, made: tuple[Any, Any], *, in_task: bool = False, **names: Any) -> list[Side]:
    """Return both implementations of a statement that speaks of `made`."""
    both = zip(("new", "legacy"), made, strict=True)
    return [Side(name, statement, {"made": one, **names}, in_task) for name, one in both]


def registry_cases() -> Cases:
    """Reading a registry, and entering and taking out."""
    agent, least = Agent(), Least()
    made = (AgentRegistry(), legacy.AgentRegistry())
    for registry in made:
        registry.register("a", agent)
    read, turn = "made.get('a')", "made.register('b', agent); made.unregister('b')"
    return {
        # The agent is named, because nothing else keeps it alive when this is measured alone.
        "registry get": (2.5, [*pair(read, made, agent=agent), Side("least", read, {"made": least})]),
        "registry get, no such key": (None, pair("made.get('z')", made)),
        "registry register + unregister": (
            45,
            [*pair(turn, made, agent=agent), Side("least", turn, {"made": least, "agent": agent})],
        ),
    }


def cache_cases() -> Cases:
    """A value that is there, and one that is not."""
    made = (TTLCache(), legacy.TTLCache())
    for cache in made:
        cache.set("a", 1)
    sides = [*pair("made.get('a')", made), Side("least", "made.hit('a')", {"made": Least()})]
    misses = pair("made.get('z')", made)
    if installed("cachetools"):
        import cachetools

        held: Any = cachetools.TTLCache(1000, 600)
        held["a"] = 1
        names = {"made": held, "lock": threading.Lock()}
        sides.append(Side(CACHETOOLS, "with lock: made.get('a')", names))
        misses.append(Side(CACHETOOLS, "with lock: made.get('z')", names))
    return {"cache hit": (6.5, sides), "cache miss": (None, misses)}


def context_cases() -> Cases:
    """A block with one value, and one with three."""
    made = (error_context.with_context, legacy.error_context.with_context)
    one, three = "with made({'order': 7}): pass", "with made({'order': 7, 'user': 3, 'step': 'pay'}): pass"
    cases: Cases = {}
    for name, goal, block in (("one value", 33.0, one), ("three values", None, three)):
        sides = [*pair(block, made), Side("least", block, {"made": least_block})]
        if installed("structlog"):
            from structlog.contextvars import bound_contextvars

            named = "order=7" if block is one else "order=7, user=3, step='pay'"
            sides.append(Side(STRUCTLOG, f"with made({named}): pass", {"made": bound_contextvars}))
        cases[f"error context block, {name}"] = (goal, sides)
    return cases


def event_cases() -> Cases:
    """Events that nobody hears, that are repeated, and that wait for others."""
    heard = Telemetry()
    heard.attach("benchmark", (), lambda *_: None)
    made = (SampledEvents(heard, batch_size=100), legacy.SampledEvents(heard, batch_size=100))
    once, together = "made.emit_once_per(name, 3600.0)", "made.emit_batched(name, 1)"
    name, least = ("seen",), Least()
    idle = Side("new", "made.execute(name)", {"made": Telemetry(), "name": name})
    repeated = Side("least", "made.repeated(name, 3600.0)", {"made": least, "name": name})
    return {
        "event idle": (2.5, [idle]),
        "event deduplicated": (6, [*pair(once, made, name=name), repeated]),
        "event batched": (8, [*pair(together, made, name=name), Side("least", "made.batched(1)", {"made": least})]),
    }


def span_cases() -> Cases:
    """Begin and end, as two calls and as a block."""
    made = (Tracer(), legacy.Tracer())
    calls, block = "made.end_span(made.start_span('work'))", "with made.span('work'): pass"
    in_thread, in_block = [*pair(calls, made), Side("least", calls, {"made": LeastTracer()})], pair(block, made)
    if installed("opentelemetry.sdk"):
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter

        # The nearest to our two calls: a span that is made current and is not any more when it ends.
        current = "with made.start_as_current_span('work'): pass"
        bare, batched = TracerProvider(), TracerProvider()
        batched.add_span_processor(BatchSpanProcessor(SpanExporter()))
        for name, provider in ((OPENTELEMETRY, bare), (f"{OPENTELEMETRY}, batched", batched)):
            in_thread.append(Side(name, current, {"made": provider.get_tracer("benchmark")}))
    return {
        "span start + end in a thread": (65, in_thread),
        "span start + end in a task": (78, pair(calls, made, in_task=True)),
        "span as a block": (None, in_block),
    }


def all_cases(only: str = "") -> Cases:
    """Return the operations whose name contains a text."""
    made = [registry_cases(), cache_cases(), context_cases(), event_cases(), span_cases()]
    return {name: case for group in made for name, case in group.items() if only in name}
