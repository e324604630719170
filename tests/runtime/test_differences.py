"""Legacy and new differ in what the reference page says, and each difference is shown here."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from overt.runtime import AgentRegistry, SampledEvents, Telemetry, Tracer, TTLCache, error_context, legacy
from overt.testing import capture_telemetry, wait_for


def elsewhere(work: Callable[[], Any]) -> Any:
    """Return what a function gives in another thread."""
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join()
    return found[0]


class Agent:
    """Something to register."""


def registry_visibility(new: bool) -> bool:
    """Whether another thread sees an entry."""
    agent = Agent()
    with (AgentRegistry if new else legacy.AgentRegistry)() as registry:
        registry.register("a", agent)
        return bool(elsewhere(lambda: "a" in registry and len(registry) == 1))


def cache_visibility(new: bool) -> bool:
    """Whether another thread is given the value that this one computed."""
    with (TTLCache if new else legacy.TTLCache)() as cache:
        cache.get_or_compute("a", lambda: "here")
        return bool(elsewhere(lambda: cache.get_or_compute("a", lambda: "there")) == "here")


async def _interleaved(enter: Callable[[str], Any], look: Callable[[], Any]) -> Any:
    """Let two tasks enter something at the same time; returns what the first one sees then."""

    async def task(name: str, seen: list[Any]) -> None:
        with enter(name):
            await asyncio.sleep(0)
            seen.append(look())
            await asyncio.sleep(0)

    seen: list[Any] = []
    await asyncio.gather(task("first", seen), task("second", seen))
    return seen[0]


def context_tasks(new: bool) -> bool:
    """Whether a task keeps its context while another one enters its own."""
    context = error_context if new else legacy.error_context
    seen = asyncio.run(_interleaved(lambda name: context.with_context({name: 1}), lambda: dict(context.get_context())))
    context.clear_context()
    return bool(seen == {"first": 1})


def spans_tasks(new: bool) -> bool:
    """Whether a task keeps its current span while another one begins its own."""
    with (Tracer if new else legacy.Tracer)() as tracer:
        seen = asyncio.run(_interleaved(tracer.span, lambda: tracer.current_span().name))  # type: ignore[union-attr]
    return bool(seen == "first")


def events_scope(new: bool) -> bool:
    """Whether an event that another thread announced counts as announced, and items of two threads make one batch."""
    telemetry = Telemetry()
    with (
        capture_telemetry(telemetry, ("seen",)) as heard,
        (SampledEvents if new else legacy.SampledEvents)(telemetry, batch_size=2, flush_interval=60.0) as events,
    ):
        events.emit_once_per(("once",), 60.0)
        repeated = elsewhere(lambda: events.emit_once_per(("once",), 60.0))
        events.emit_batched(("seen",), 1)
        elsewhere(lambda: events.emit_batched(("seen",), 2))
        assert repeated is not bool(heard)
        return bool(heard)


def events_flush(new: bool) -> bool:
    """Whether the items of a thread that has ended are announced, by time or by close."""
    telemetry = Telemetry()
    with capture_telemetry(telemetry) as heard:
        events = (SampledEvents if new else legacy.SampledEvents)(telemetry, flush_interval=0.01)
        elsewhere(lambda: events.emit_batched(("seen",), 1))
        if new:
            wait_for(lambda: heard)
        events.close()
    return bool(heard)


SHOWN = {
    "registry-visibility": registry_visibility,
    "cache-visibility": cache_visibility,
    "context-tasks": context_tasks,
    "events-scope": events_scope,
    "events-flush": events_flush,
    "spans-tasks": spans_tasks,
}


def test_the_table_and_what_is_shown_are_the_same(differences: dict[str, tuple[str, str]]) -> None:
    """No difference is documented that is not shown, and none shown that is not documented."""
    assert sorted(differences) == sorted(SHOWN)
    assert all(old and new and old != new for old, new in differences.values())


@pytest.mark.parametrize("name", SHOWN)
def test_the_difference_is_there(name: str) -> None:
    """The new implementation does it, the legacy one does not."""
    show = SHOWN[name]
    assert (show(True), show(False)) == (True, False)
