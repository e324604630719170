"""Reads of switched systems are compared with complete mirrors, and documented differences are no mismatches."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overt.runtime import AlreadyRegistered, Comparison, NotRegistered, Runtime, Telemetry
from overt.runtime.compared import ComparedCache, ComparedRegistry
from overt.testing import FrozenClock, assert_no_leaks, capture_telemetry


class Agent:
    """Something to register."""


def elsewhere(work: Callable[[], Any]) -> None:
    """Do something in another thread."""
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def counted(comparison: Comparison) -> dict[str, int]:
    """Return what was counted, without zeros and sides."""
    return {name: number for name, number in comparison.stats().items() if number and name not in {"new", "legacy"}}


STEPS = st.sampled_from(["register", "unregister", "update", "lookup", "die", "find", "get", "len", "flip"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(STEPS, st.integers(0, 3)), max_size=40))
def test_a_registry_agrees_with_its_mirrors_under_any_operations_and_flips(steps: list[tuple[str, int]]) -> None:
    """Whatever is done in one thread, nothing differs, nothing is excused, and every read was compared."""
    chosen, agents, reads = [False], dict[int, Agent](), 0
    comparison = Comparison("registry", pure=True, budget=None)
    with ComparedRegistry(lambda: chosen[0], comparison) as registry:
        for operation, key in steps:
            before = comparison.stats().agreed
            try:
                if operation == "register":
                    agent = Agent()
                    registry.register(key, agent, metadata={"even": key % 2 == 0})
                    agents[key] = agent
                    del agent
                elif operation == "unregister":
                    registry.unregister(key)
                elif operation == "update":
                    registry.update_metadata(key, {"even": None})
                elif operation == "die":
                    agents.pop(key, None)
                elif operation == "flip":
                    chosen[0] = not chosen[0]
                else:
                    reads += 1
                    look = {"lookup": registry.lookup, "get": registry.get, "len": lambda _: len(registry)}
                    look.get(operation, lambda _: registry.find(even=True))(key)
                    assert comparison.stats().agreed > before
            except (AlreadyRegistered, NotRegistered):
                continue
    assert set(counted(comparison)) <= {"agreed"}
    assert counted(comparison).get("agreed", 0) >= reads - sum(step == "lookup" for step, _ in steps)


def test_a_mirror_that_differs_is_a_mismatch() -> None:
    """The caller is answered as ever; nothing is announced twice."""
    telemetry, comparison, agent = Telemetry(), Comparison("registry", pure=True), Agent()
    with ComparedRegistry(lambda: False, comparison, telemetry=telemetry) as registry:
        with capture_telemetry(telemetry, ("overt", "registry", "lookup")) as events:
            registry.register("a", agent, metadata={"n": 1})
            registry._mirrors.new.update_metadata("a", {"n": 2})
            assert registry.lookup("a").metadata == {"n": 1}
        registry._mirrors.new.unregister("a")
        assert len(registry) == 1
    assert counted(comparison) == {"differed": 2}
    assert [event.metadata["implementation"] for event in events] == ["legacy"]


@pytest.mark.parametrize("new", [True, False])
def test_what_happens_between_two_reads_is_no_mismatch(new: bool) -> None:
    """A mirror that agrees on a second look was only asked at another moment."""
    agents = [Agent()]
    comparison = Comparison("registry", pure=True)
    with ComparedRegistry(lambda: new, comparison) as registry:
        registry.register("a", agents[0])
        mirror, dying = registry._other(), agents.clear
        read = mirror.list
        mirror.list = lambda where=None: dying() or read(where)  # type: ignore[method-assign]
        assert len(registry) == 1
    assert counted(comparison) == {"ignored": 1}


@pytest.mark.parametrize("new", [True, False])
def test_what_other_threads_do_is_no_mismatch(new: bool) -> None:
    """Legacy entries are visible to their own thread: that is documented."""
    comparison, agent, other = Comparison("registry", pure=True), Agent(), Agent()
    with ComparedRegistry(lambda: new, comparison) as registry:
        registry.register("mine", agent)
        elsewhere(lambda: registry.register("theirs", other))
        assert len(registry) == (2 if new else 1)
        registry.get("theirs")
        registry.get("mine")
        elsewhere(lambda: registry.get("mine"))
        if not new:
            elsewhere(lambda: registry.register("mine", other))
            registry.get("mine")
    assert comparison.stats().differed == comparison.stats().failed == 0
    assert comparison.stats().agreed >= 2
    assert comparison.stats().ignored >= 1


def test_what_is_remembered_about_keys_does_not_grow() -> None:
    """Entries whose owners died are forgotten here too; closing leaves nothing."""
    with assert_no_leaks():
        registry = ComparedRegistry(lambda: True, Comparison("registry", pure=True))
        for number in range(1000):
            registry.register(number, Agent())
        assert len(registry._writers) < 200
        registry.close()


@pytest.mark.parametrize("new", [True, False])
def test_a_cache_is_compared_value_with_value(new: bool) -> None:
    """A value that only one side has is ignored: each expires, evicts and keeps for itself."""
    clock, comparison = FrozenClock(), Comparison("cache", pure=True)
    with ComparedCache(lambda: new, comparison, ttl=10.0, clock=clock) as cache:
        cache.set("a", 1)
        assert (cache.get("a"), cache.get("b", 7)) == (1, 7)
        elsewhere(lambda: cache.get("a"))
        (cache._mirrors.legacy if new else cache._mirrors.new).set("a", 2)
        assert cache.get("a") == 1
        cache.clear()
        cache.set("c", 3)
        assert cache.invalidate("c")
        clock.advance(11)
        assert (cache.get("c"), cache.get("a")) == (None, None)
    assert counted(comparison) == {"agreed": 4, "ignored": 1, "differed": 1}


def test_a_runtime_compares_what_it_is_told_to() -> None:
    """A share or a comparison of one's own, for systems that are switched and can be compared."""
    own = Comparison("mine", pure=True)
    switches = {"registry": lambda: True, "cache": lambda: False}
    with Runtime(switches=switches, compare={"registry": own, "cache": 1.0}) as runtime:
        runtime.registry.get("a")
        runtime.cache.get("a")
        assert runtime.comparisons["registry"] is own
        assert [runtime.comparisons[name].stats().agreed for name in ("registry", "cache")] == [1, 1]
    for compare, said in (
        ({"tracer": 1.0}, "nothing compares 'tracer'; known: registry, cache"),
        ({"cache": 1.0}, "cache is to be compared and has no switch"),
        ({"registry": Comparison("r", background=True)}, "legacy answers its own thread only"),
    ):
        with pytest.raises(ValueError, match=said):
            partial(Runtime, switches={"registry": lambda: True})(compare=compare)
