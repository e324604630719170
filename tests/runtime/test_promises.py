"""What the systems promise beside their behaviour: reads without a lock, cost that does not grow, nothing stranded."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import overt.testing
from overt.runtime import AgentRegistry, NotRegistered, Runtime, Telemetry, Tracer, TTLCache, legacy
from overt.runtime.runtime import SYSTEMS
from overt.runtime.switched_registry import SwitchedRegistry
from overt.testing import capture_telemetry, wait_for, wait_for_async


class Agent:
    """Something to register."""


def while_locked(table: Any, work: Callable[[], object]) -> None:
    """Run something while another thread holds the lock of a table; it fails when that takes long."""
    held, release, done = threading.Event(), threading.Event(), threading.Event()

    def hold() -> None:
        with table._lock:
            held.set()
            release.wait(10)

    def run() -> None:
        work()
        done.set()

    threads = [threading.Thread(target=hold), threading.Thread(target=run)]
    threads[0].start()
    held.wait(10)
    threads[1].start()
    in_time = done.wait(5)
    release.set()
    for thread in threads:
        thread.join()
    assert in_time, "a read waited for the lock"


def test_reads_of_a_registry_take_no_lock() -> None:
    """Every kind of read, of a living and of a dead owner."""
    agent = Agent()
    with AgentRegistry(telemetry=Telemetry()) as registry:
        registry.register("a", agent, metadata={"n": 1})
        thread = threading.Thread(target=lambda: None)
        registry.register("dead", Agent(), owner=thread)
        thread.start()
        thread.join()

        def read() -> None:
            assert registry.lookup("a").agent is registry.get("a").agent is agent  # type: ignore[union-attr]
            assert [row.key for row in registry.find(n=1)] == ["a"]
            assert [row.key for row in registry.query([(("n",), "eq", 1)])] == ["a"]
            assert (list(registry), len(registry), "dead" in registry) == (["a"], 1, False)

        while_locked(registry, read)


def test_reads_of_a_cache_take_no_lock() -> None:
    """A hit and a miss."""
    with TTLCache() as cache:
        cache.set("a", 1)

        def read() -> None:
            assert (cache.get("a"), cache.get("b"), "a" in cache, len(cache)) == (1, None, True, 1)

        while_locked(cache, read)


@pytest.mark.parametrize("make", [AgentRegistry, legacy.AgentRegistry])
def test_a_list_costs_no_lookup_for_each_row(make: Any) -> None:
    """No key is hashed or compared again, however many rows there are."""
    hashed: list[int] = []

    class Key:
        def __hash__(self) -> int:
            hashed.append(1)
            return id(self)

    agent = Agent()
    with make() as registry:
        for _ in range(100):
            registry.register(Key(), agent, metadata={"n": 1})
        hashed.clear()
        assert len(registry.list()) == len(registry.find(n=1)) == len(registry) == 100
        assert hashed == []


def test_a_list_is_one_moment() -> None:
    """Of two entries that are always taken out in one order, none is seen that never was there alone."""
    agent, stop = Agent(), threading.Event()
    with AgentRegistry() as registry:

        def churn() -> None:
            while not stop.is_set():
                registry.register("first", agent)
                registry.register("second", agent)
                registry.unregister("second")
                registry.unregister("first")

        thread = threading.Thread(target=churn)
        thread.start()
        try:
            seen = {tuple(row.key for row in registry.list()) for _ in range(3000)}
        finally:
            stop.set()
            thread.join()
    assert seen <= {(), ("first",), ("first", "second")}


def test_an_update_does_not_bring_back_what_was_taken_out() -> None:
    """While one thread updates, another one takes out and enters: the books balance to the row."""
    agent, stop = Agent(), threading.Event()
    with AgentRegistry() as registry:

        def update() -> None:
            while not stop.is_set():
                try:
                    registry.update_metadata("a", {"n": 1})
                except NotRegistered:
                    continue

        thread = threading.Thread(target=update)
        thread.start()
        try:
            for _ in range(2000):
                registry.register("a", agent)
                registry.unregister("a")
                assert "a" not in registry
        finally:
            stop.set()
            thread.join()
        assert registry.stats().rows == 0


@pytest.mark.parametrize("first", [True, False])
def test_a_flip_strands_no_registration(first: bool) -> None:
    """What was registered before is found, listed once, changed, dies with its owner, and can be taken out."""
    chosen, agents = [first], [Agent() for _ in range(3)]
    with SwitchedRegistry(lambda: chosen[0]) as registry:
        for number, agent in enumerate(agents):
            registry.register(number, agent, metadata={"n": number})
        chosen[0] = not first
        registry.register("new", agents[0])
        assert registry.lookup(1).agent is agents[1]
        assert sorted(map(str, registry)) == ["0", "1", "2", "new"]
        with pytest.raises(ValueError, match="0 is registered"):
            registry.register(0, Agent())
        registry.update_metadata(1, {"n": 10})
        assert [row.key for row in registry.find(n=10)] == [1]
        registry.unregister(1)
        assert 1 not in registry
        del agents[2], agent
        gc.collect()
        assert 2 not in registry
        chosen[0] = first
        assert sorted(map(str, registry)) == ["0", "new"]
        registry.unregister("new")
        registry.unregister(0)
        assert registry.stats().rows == 0


def test_a_key_that_both_sides_have_is_taken_out_of_both() -> None:
    """A thread may not have seen the legacy entry of another one."""
    chosen, agents, gate = [False], [Agent(), Agent()], threading.Event()
    with SwitchedRegistry(lambda: chosen[0]) as registry:
        registry.register("a", agents[0])
        chosen[0] = True
        other = threading.Thread(target=lambda: (registry.register("a", agents[1]), gate.set()))
        other.start()
        other.join()
        assert gate.is_set()
        assert registry.lookup("a").agent is agents[1]
        assert len(registry) == 1
        registry.unregister("a")
        assert "a" not in registry
        assert registry.stats().rows == 0


def test_a_helper_thread_is_not_tied_to_its_first_caller() -> None:
    """Neither to the thread nor to the loop in which it began to be needed."""
    with AgentRegistry() as registry:

        async def first() -> None:
            registry.register("first", Agent(), owner=threading.Thread(target=list))

        thread = threading.Thread(target=lambda: asyncio.run(first()))
        thread.start()
        thread.join()
        worker = threading.Thread(target=lambda: None)
        registry.register("second", Agent(), owner=worker)
        worker.start()
        wait_for(lambda: registry.stats().rows <= 1, timeout=5)
        assert "second" not in registry


@pytest.mark.parametrize("error", [ValueError, SystemExit, KeyboardInterrupt, GeneratorExit])
def test_a_thread_that_dies_by_an_exception_takes_everything_along(
    error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its entry, its value and its span go, its item is announced, and its error says what it was doing."""
    died: list[BaseException] = []
    monkeypatch.setattr(threading, "excepthook", lambda what: died.append(what.exc_value))
    telemetry = Telemetry()
    with capture_telemetry(telemetry, ("item",)) as heard, Runtime(telemetry=telemetry) as runtime:

        def work() -> None:
            me = threading.current_thread()
            runtime.registry.register("a", Agent(), owner=me)
            runtime.cache.set("a", 1, owner=me)
            runtime.events.emit_batched(("item",), 1)
            runtime.tracer.start_span("left open")
            with runtime.context.with_context({"order": 7}):
                try:
                    raise error
                except BaseException as raised:
                    died.append(raised)
                    raise

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        assert ("a" in runtime.registry, "a" in runtime.cache, runtime.tracer.live_spans()) == (False, False, ())
        assert runtime.tracer.stats().abandoned == 1
        assert runtime.context.get_context() == {}
        if error is not GeneratorExit:  # which ends a generator and is no error
            assert died[0].overt_context == {"order": 7}  # type: ignore[attr-defined]
        died.clear()
    assert [event.metadata["items"] for event in heard] == [[1]]


def lines_of(work: Callable[[], object]) -> int:
    """Return how many lines of Python run in a function."""
    count = [0]

    def local(_frame: Any, event: str, _argument: Any) -> Any:
        count[0] += event == "line"
        return local

    before = sys.gettrace()
    sys.settrace(lambda *_: local)
    try:
        work()
    finally:
        sys.settrace(before)
    return count[0]


@pytest.mark.parametrize("make", [Tracer, legacy.Tracer])
def test_the_cost_of_a_span_does_not_grow_with_depth(make: Any) -> None:
    """Ten deep and a thousand deep, as many lines run for a span."""
    costs = {}
    with make(Telemetry()) as tracer:
        tracer.end_span(tracer.start_span("warm"))
        for depth in (10, 1000):
            opened = [tracer.start_span("level") for _ in range(depth)]
            costs[depth] = lines_of(lambda: tracer.end_span(tracer.start_span("work")))
            for span in reversed(opened):
                tracer.end_span(span)
    assert costs[10] == costs[1000] > 10


def test_an_error_reaches_every_task_that_waited_and_is_not_kept() -> None:
    """Twenty tasks, one computation."""
    calls: list[int] = []

    async def compute() -> str:
        calls.append(1)
        await asyncio.sleep(0)
        raise ValueError("no bank")

    async def run() -> list[Any]:
        tasks = [cache.aget_or_compute("a", compute) for _ in range(20)]
        return await asyncio.gather(*tasks, return_exceptions=True)

    with TTLCache() as cache:
        errors = asyncio.run(run())
        assert [str(error) for error in errors] == ["no bank"] * 20
        assert len(calls) == 1
        assert cache.get("a") is None
        assert cache.get_or_compute("a", lambda: 2) == 2


def test_tasks_wait_for_what_a_thread_computes_without_stopping_their_loop() -> None:
    """One computation for both kinds of callers."""
    started, gate, ticks = threading.Event(), threading.Event(), []

    def compute() -> str:
        started.set()
        gate.wait(5)
        return "of the thread"

    async def run() -> list[Any]:
        tasks = [asyncio.create_task(cache.aget_or_compute("a", lambda: asyncio.sleep(0, "own"))) for _ in range(3)]
        await wait_for_async(lambda: cache.stats().misses == 4)
        ticks.extend([await asyncio.sleep(0, 1) for _ in range(3)])
        gate.set()
        return await asyncio.gather(*tasks)

    with TTLCache() as cache:
        thread = threading.Thread(target=cache.get_or_compute, args=("a", compute))
        thread.start()
        started.wait(5)
        assert asyncio.run(run()) == ["of the thread"] * 3
        thread.join()
    assert ticks == [1] * 3


@pytest.mark.parametrize("state", [None, True, False])
def test_a_runtime_with_a_failing_switch_works(state: bool | None) -> None:
    """A flag that cannot be read means legacy, in every system; nothing raises into the caller."""

    def switch() -> bool:
        if state is None:
            raise OSError("the store is gone")
        return state

    telemetry, agent = Telemetry(), Agent()
    with (
        capture_telemetry(telemetry) as heard,
        Runtime(telemetry=telemetry, switches=dict.fromkeys(SYSTEMS, switch)) as runtime,
        runtime.context.with_context({"n": 1}),
        runtime.tracer.span("work"),
    ):
        runtime.registry.register("a", agent)
        assert runtime.registry.lookup("a").agent is agent
        assert runtime.cache.get_or_compute("a", lambda: 1) == 1
        assert runtime.events.emit_once_per(("once",), 60.0)
        runtime.events.emit_batched(("many",), 1)
        assert runtime.context.get_context() == {"n": 1}
    sides = {event.metadata["implementation"] for event in heard if "implementation" in event.metadata}
    assert sides == {"new" if state else "legacy"}


def test_every_helper_for_tests_is_used_by_our_own() -> None:
    """Beyond the tests that are about it."""
    root = Path(__file__).parents[2]
    files = [*(root / "tests").rglob("test_*.py"), *(root / "validation").rglob("test_*.py")]
    text = "\n".join(file.read_text() for file in files if file.parent.name != "testing" and file != Path(__file__))
    assert [name for name in overt.testing.__all__ if name not in text] == []
