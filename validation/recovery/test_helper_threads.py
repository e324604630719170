"""Helper threads are killed again and again, wherever they are: each system goes on without anybody's help."""

from __future__ import annotations

import ctypes
import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from overt.runtime import AgentRegistry, SampledEvents, Telemetry, Tracer, TTLCache
from overt.testing import FrozenClock, capture_telemetry, wait_for

KILLS = 20


class Agent:
    """Something that dies."""


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Say nothing of each kill: what a helper says of failures is tested with the helper."""
    logger = logging.getLogger("overt.helper")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(level)


def kill(name: str) -> None:
    """Raise SystemExit in the helper thread of that name, wherever it is."""
    thread = next((thread for thread in threading.enumerate() if thread.name == name), None)
    if thread is not None and thread.ident is not None:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit))


def test_the_registry_lets_go_of_dead_threads() -> None:
    """Of those that only the helper can notice."""
    with AgentRegistry() as registry:
        for number in range(KILLS):
            gate = threading.Event()
            worker = threading.Thread(target=gate.wait)
            worker.start()
            registry.register(number, Agent(), owner=worker)
            kill("overt-registry")
            gate.set()
            worker.join()
            wait_for(lambda: registry.stats().rows == 0, timeout=10)
        assert registry.stats().expired == KILLS


def test_the_cache_sweeps() -> None:
    """What has expired goes without a read."""
    clock = FrozenClock()
    with TTLCache(ttl=1.0, sweep_interval=0.005, clock=clock) as cache:
        for number in range(KILLS):
            cache.set(number, number)
            kill("overt-cache")
            clock.advance(1.0)
            wait_for(lambda: cache.stats().rows == 0, timeout=10)
        assert cache.stats().expired == KILLS


def test_a_quiet_stream_is_flushed_by_time(systems: Any) -> None:
    """One item, no other call; also an item that comes while others wait."""
    systems.need("events-flush")
    telemetry = Telemetry()
    with capture_telemetry(telemetry) as heard, systems.events(telemetry, flush_interval=0.005) as events:
        for number in range(KILLS):
            events.emit_batched(("item",), number)
            kill("overt-events")
            events.emit_batched(("item",), -number)
            wait_for(lambda: events.stats().pending == 0, timeout=10)
    items = [item for event in heard for item in event.metadata["items"]]
    assert items == [item for number in range(KILLS) for item in (number, -number)]


def test_abandoned_spans_are_announced(systems: Any) -> None:
    """Of threads that died, each once."""
    telemetry = Telemetry()
    with capture_telemetry(telemetry, ("overt", "span", "stop")) as heard, systems.tracer(telemetry) as tracer:
        for number in range(KILLS):

            def work(number: int = number) -> None:
                tracer.start_span(f"span {number}")
                kill("overt-tracer")

            worker = threading.Thread(target=work)
            worker.start()
            worker.join()
            wait_for(lambda: len(heard) == number + 1, timeout=10)  # noqa: B023
    assert [event.metadata["name"] for event in heard] == [f"span {number}" for number in range(KILLS)]


BREAKABLE: dict[str, Callable[[Telemetry], Any]] = {
    "registry": lambda telemetry: AgentRegistry(telemetry=telemetry),
    "cache": lambda telemetry: TTLCache(ttl=0.0, sweep_interval=0.005, telemetry=telemetry),
    "events": lambda telemetry: SampledEvents(telemetry, flush_interval=0.005),
    "tracer": Tracer,
}


@pytest.mark.parametrize("name", BREAKABLE)
def test_a_listener_that_fails_in_a_helper_thread_ends_no_helper(name: str) -> None:
    """Even one that raises SystemExit; the next thing to tell is told."""
    telemetry, broken, heard = Telemetry(), [3], []

    def listen(event: Any, measured: Any, meta: Any) -> None:
        if threading.current_thread().name.startswith("overt-"):
            if broken[0]:
                broken[0] -= 1
                raise SystemExit
            heard.append(event)

    telemetry.attach("listen", (), listen)
    with BREAKABLE[name](telemetry) as system:
        for number in range(5):

            def work(number: int = number) -> None:
                if name == "registry":
                    system.register(number, Agent(), owner=threading.current_thread())
                elif name == "cache":
                    system.set(number, 1)
                elif name == "events":
                    system.emit_batched(("item",), number)
                else:
                    system.start_span("left open")

            worker = threading.Thread(target=work)
            worker.start()
            worker.join()
            wait_for(lambda: broken[0] < 3, timeout=5)
        wait_for(lambda: heard and not broken[0], timeout=10)
