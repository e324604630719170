"""One behaviour for the registry, whatever implements it."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
import weakref
from typing import Any

import pytest

from overt.runtime import AgentRegistry, AlreadyRegistered, NotRegistered, Telemetry, legacy
from overt.runtime.legacy.agent_registry import _Counts
from overt.testing import assert_no_leaks, capture_telemetry, wait_for, wait_for_async, wait_for_events


class Agent:
    """Something to register."""


def test_what_was_registered_is_found_with_everything_about_it(registry: Any) -> None:
    """Key, agent, owner and metadata come back as they were given."""
    agent, owner = Agent(), Agent()
    registry.register("a", agent, owner=owner, metadata={"zone": "north"})
    found = registry.lookup("a")
    assert (found.key, found.agent, found.owner, dict(found.metadata)) == ("a", agent, owner, {"zone": "north"})
    assert registry.get("a").agent is agent


def test_an_agent_owns_itself_by_default(registry: Any) -> None:
    """Without an owner the agent is the owner."""
    agent = Agent()
    registry.register("a", agent)
    assert registry.lookup("a").owner is agent


def test_a_live_key_is_never_replaced(registry: Any) -> None:
    """A second registration is refused and names the key; the first stays."""
    first, second = Agent(), Agent()
    registry.register("a", first)
    with pytest.raises(AlreadyRegistered, match="'a' is registered"):
        registry.register("a", second)
    assert registry.lookup("a").agent is first


@pytest.mark.parametrize("operation", ["lookup", "unregister"])
def test_an_unknown_key_is_a_key_error(registry: Any, operation: str) -> None:
    """Asking for what is not there raises NotRegistered, which is a KeyError."""
    with pytest.raises(NotRegistered) as caught:
        getattr(registry, operation)("nobody")
    assert isinstance(caught.value, KeyError)
    assert "'nobody' is not registered" in str(caught.value)
    assert registry.get("nobody") is None
    assert registry.get("nobody", "default") == "default"


def test_errors_survive_pickling() -> None:
    """An error that crosses a process keeps its key and its text."""
    for kind in (AlreadyRegistered, NotRegistered):
        again = pickle.loads(pickle.dumps(kind(("a", 1))))
        assert (type(again), again.key, str(again)) == (kind, ("a", 1), str(kind(("a", 1))))


def test_unregistering_frees_the_key(registry: Any) -> None:
    """After unregister the key is unknown and may be used again."""
    one, two = Agent(), Agent()
    registry.register("a", one)
    registry.unregister("a")
    assert "a" not in registry
    registry.register("a", two)
    assert registry.lookup("a").agent is two


def test_an_object_that_is_collected_is_gone_at_once(registry: Any) -> None:
    """No read shows the entry of a collected owner, and its row is gone without another call."""
    agent = Agent()
    registry.register("a", agent)
    kept = registry.lookup("a")
    del agent
    gc.collect()
    assert registry.stats().rows == 0
    assert "a" not in registry
    assert registry.list() == []
    assert len(registry) == 0
    assert list(registry) == []
    assert kept.agent is None
    with pytest.raises(NotRegistered):
        registry.lookup("a")


def test_a_task_that_is_done_is_gone(registry: Any) -> None:
    """Entries of finished and of cancelled tasks are gone at once, and reclaimed by the loop."""

    async def run() -> None:
        gate = asyncio.Event()
        ends, hangs = asyncio.create_task(gate.wait()), asyncio.create_task(asyncio.sleep(60))
        registry.register("ends", Agent(), owner=ends)
        registry.register("hangs", Agent(), owner=hangs)
        assert len(registry) == 2
        gate.set()
        hangs.cancel()
        await asyncio.wait([ends, hangs])
        assert registry.list() == []
        await wait_for_async(lambda: registry.stats().rows == 0)

    asyncio.run(run())


def test_unregistering_leaves_no_callback_on_a_task(registry: Any) -> None:
    """A task that lives long does not gather callbacks of entries that went."""

    async def run() -> None:
        task = asyncio.current_task()
        assert task is not None
        for _ in range(50):
            registry.register("a", Agent(), owner=task)
            registry.unregister("a")
        assert "a" not in registry
        text = repr(task)
        assert "cb=[" not in text or "TaskLife" not in text

    asyncio.run(run())


def test_another_thread_that_finished_is_gone_at_once(registry: Any) -> None:
    """The entry of a thread that was registered from outside is gone when the thread has been joined."""
    gate = threading.Event()
    worker = threading.Thread(target=gate.wait)
    worker.start()
    registry.register("a", Agent(), owner=worker)
    assert registry.lookup("a").owner is worker
    gate.set()
    worker.join()
    assert "a" not in registry
    assert len(registry) == 0


def test_a_thread_that_has_not_started_yet_is_alive(registry: Any) -> None:
    """An owner that is still to start keeps its entry."""
    worker = threading.Thread(target=lambda: None)
    registry.register("a", Agent(), owner=worker)
    assert "a" in registry
    worker.start()
    worker.join()
    assert "a" not in registry


def test_a_process_that_exited_is_gone(registry: Any) -> None:
    """The entry of a subprocess is gone after it has exited."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    registry.register("a", Agent(), owner=process)
    assert "a" in registry
    process.communicate(b"\n")
    assert "a" not in registry


def test_a_multiprocessing_process_that_exited_is_gone(registry: Any) -> None:
    """The entry of a multiprocessing child is gone after it has exited."""
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=sum, args=([],))
    registry.register("a", Agent(), owner=process)
    process.start()
    assert "a" in registry
    process.join()
    assert "a" not in registry
    process.close()
    assert "a" not in registry


def test_a_dead_owner_frees_the_key(registry: Any) -> None:
    """A key whose owner has died may be registered again."""
    worker = threading.Thread(target=lambda: None)
    worker.start()
    registry.register("a", Agent(), owner=worker)
    worker.join()
    agent = Agent()
    registry.register("a", agent)
    assert registry.lookup("a").agent is agent


def test_the_late_death_of_an_old_owner_leaves_a_newer_entry(registry: Any) -> None:
    """Removal is by key and registration: the old owner's death does not touch the new entry."""
    old, new = Agent(), Agent()
    registry.register("a", "first", owner=old)
    kept = registry.lookup("a")  # who holds a registration holds what tells of its owner's death
    registry.unregister("a")
    registry.register("a", "second", owner=new)
    del old
    gc.collect()
    assert not kept.alive
    assert registry.lookup("a").agent == "second"
    assert registry.stats().expired == 0


def test_a_value_without_an_owner_stays_until_it_is_taken_out(registry: Any) -> None:
    """A text cannot die, so only unregister ends its entry."""
    registry.register("a", "text")
    gc.collect()
    assert (registry.lookup("a").agent, registry.lookup("a").owner) == ("text", "text")
    registry.register("b", None, owner=registry)
    assert registry.lookup("b").agent is None


def test_an_owner_that_cannot_be_watched_is_refused(registry: Any) -> None:
    """To name a number as owner is a mistake that is told, and nothing is entered."""
    with pytest.raises(TypeError, match="a int cannot be an owner"):
        registry.register("a", Agent(), owner=7)
    assert "a" not in registry


def test_metadata_is_copied_and_replaced(registry: Any) -> None:
    """What the caller does to the mapping later changes nothing; update replaces the whole."""
    agent, metadata = Agent(), {"zone": "north", "load": 1}
    registry.register("a", agent, metadata=metadata)
    metadata["zone"] = "south"
    before = registry.lookup("a")
    registry.update_metadata("a", {"zone": "west"})
    assert dict(before.metadata) == {"zone": "north", "load": 1}
    assert dict(registry.lookup("a").metadata) == {"zone": "west"}
    with pytest.raises(TypeError):
        registry.lookup("a").metadata["zone"] = "east"
    with pytest.raises(NotRegistered):
        registry.update_metadata("nobody", {})


def test_an_updated_entry_still_dies_with_its_owner(registry: Any) -> None:
    """Update makes another registration of the same life."""
    agent = Agent()
    registry.register("a", agent)
    registry.update_metadata("a", {"zone": "west"})
    del agent
    gc.collect()
    assert registry.stats().rows == 0


def test_find_compares_metadata(registry: Any) -> None:
    """All named attributes must be equal; an absent one never is."""
    agents = [Agent() for _ in range(3)]
    for number, agent in enumerate(agents):
        registry.register(number, agent, metadata={"even": number % 2 == 0, "zone": "north"})
    registry.register("bare", agents[0])
    assert [row.key for row in registry.find(even=True, zone="north")] == [0, 2]
    assert registry.find(even=None) == []


@pytest.mark.parametrize(
    ("criteria", "keys"),
    [
        ([(("load",), "eq", 5)], [1]),
        ([(("load",), "neq", 5)], [0, 2, "bare"]),
        ([(("load",), "gt", 0)], [1]),
        ([(("load",), "gte", 0)], [0, 1]),
        ([(("load",), "lt", 5)], [0]),
        ([(("load",), "lte", 5)], [0, 1]),
        ([(("load",), "in", [0, 5])], [0, 1]),
        ([(("load",), "not_in", [0, 5])], [2, "bare"]),
        ([(("at", "zone"), "eq", "north")], [2]),
        ([(("load",), "gte", 0), (("load",), "lt", 5)], [0]),
        ([(("at",), "gt", 1)], []),
        ([], [0, 1, 2, "bare"]),
    ],
)
def test_query_holds_every_criterion(registry: Any, criteria: Any, keys: list[object]) -> None:
    """Each operator does what its name says; a row without the field is never more or less than anything."""
    agents = [Agent() for _ in range(4)]
    registry.register(0, agents[0], metadata={"load": 0})
    registry.register(1, agents[1], metadata={"load": 5})
    registry.register(2, agents[2], metadata={"at": {"zone": "north"}})
    registry.register("bare", agents[3])
    assert [row.key for row in registry.query(criteria)] == keys


@pytest.mark.parametrize(
    "criterion", [(("load",), "like", 1), ((), "eq", 1), ("load", "eq", 1), ("load", 1), (("load",), "eq")]
)
def test_query_refuses_what_it_does_not_know(registry: Any, criterion: Any) -> None:
    """An unknown operator, an empty path and half a criterion are errors even when nothing is registered."""
    with pytest.raises(ValueError, match=r"operator|path|criterion"):
        registry.query([criterion])


def test_list_takes_a_predicate(registry: Any) -> None:
    """Only the entries of which it is true are listed."""
    agents = [Agent(), Agent()]
    registry.register("a", agents[0], metadata={"n": 1})
    registry.register("b", agents[1], metadata={"n": 2})
    assert [row.key for row in registry.list(lambda row: row.metadata["n"] > 1)] == ["b"]
    assert sorted(registry) == ["a", "b"]
    assert (len(registry), bool(registry)) == (2, True)


class Unprintable:
    """A key without a text."""

    def __repr__(self) -> str:
        raise RuntimeError("no text")


def test_a_key_that_cannot_be_printed_harms_nobody(registry: Any) -> None:
    """It is registered, refused and taken out like any other, and the messages are still made."""
    key, agent = Unprintable(), Agent()
    registry.register(key, agent)
    with pytest.raises(AlreadyRegistered) as caught:
        registry.register(key, agent)
    assert "<unprintable Unprintable> is registered" in str(caught.value)
    assert "unprintable" in repr(registry.lookup(key))
    registry.unregister(key)
    with pytest.raises(NotRegistered) as missing:
        registry.lookup(key)
    assert "<unprintable Unprintable>" in str(missing.value)


def test_a_key_that_cannot_be_hashed_is_refused_and_leaves_nothing(registry: Any) -> None:
    """It raises TypeError as a dict does, and other entries go on."""
    agent = Agent()
    with pytest.raises(TypeError):
        registry.register([], agent)
    registry.register("a", agent)
    assert [row.key for row in registry.list()] == ["a"]


def test_a_predicate_that_raises_reaches_its_caller_only(registry: Any) -> None:
    """The registry is whole after a callback of the user has failed."""
    agent = Agent()
    registry.register("a", agent)
    with pytest.raises(ZeroDivisionError):
        registry.list(lambda row: 1 / 0)
    registry.unregister("a")
    assert registry.stats().rows == 0


def test_each_operation_is_announced(registry: Any, telemetry: Telemetry, implementation: str) -> None:
    """Name, measurements and metadata are as documented, with the implementation that did it."""
    agent = Agent()
    with capture_telemetry(telemetry, ("overt", "registry")) as events:
        registry.register("a", agent)
        registry.lookup("a")
        registry.update_metadata("a", {})
        registry.unregister("a")
    assert [event.name[2] for event in events] == ["register", "lookup", "update", "unregister"]
    for event in events:
        assert set(event.measurements) == {"duration_ns", "count"}
        assert event.metadata == {"key": "a", "implementation": implementation.split("-")[-1], "result": "ok"}
    assert all(event.measurements["duration_ns"] > 0 for event in events)


def test_failures_are_announced_with_their_result(registry: Any, telemetry: Telemetry) -> None:
    """The result says what went wrong."""
    agent = Agent()
    registry.register("a", agent)
    with capture_telemetry(telemetry) as events:
        with pytest.raises(AlreadyRegistered):
            registry.register("a", agent)
        with pytest.raises(NotRegistered):
            registry.lookup("b")
        with pytest.raises(NotRegistered):
            registry.unregister("b")
    results = [event.metadata["result"] for event in events]
    assert results == ["already_registered", "not_registered", "not_registered"]


def test_the_death_of_an_owner_is_announced_once(registry: Any, telemetry: Telemetry) -> None:
    """One expire event names the key."""
    with capture_telemetry(telemetry, ("overt", "registry", "expire")) as events:
        agent = Agent()
        registry.register("a", agent)
        del agent
        gc.collect()
        wait_for_events(events, [(("overt", "registry", "expire"), lambda event: event.metadata["key"] == "a")])
    assert len(events) == 1


def test_a_closed_registry_is_empty_and_takes_nothing(registry: Any) -> None:
    """close() lets go of everything; it may be called again."""
    agent = Agent()
    registry.register("a", agent)
    registry.close()
    registry.close()
    assert "a" not in registry
    with pytest.raises(RuntimeError, match="closed"):
        registry.register("b", agent)
    assert registry.stats().rows == 0


def test_cycles_leave_nothing_behind(registry: Any) -> None:
    """After many entries came and went, rows, watchers, threads and objects are what they were."""
    registry.register("warm", "up")  # starts the helper thread that the registry keeps
    registry.unregister("warm")
    with assert_no_leaks(registry, objects=(Agent,)):
        for number in range(500):
            agent = Agent()
            registry.register(number, agent)
            if number % 2:
                registry.unregister(number)
        del agent
    assert registry.stats().registered == 501


# -- what only the shared table can do ---------------------------------------------------------------------------


def test_the_row_of_a_dying_thread_is_reclaimed_with_it() -> None:
    """A thread's own entries are gone when it has been joined, row and agent."""
    registry, seen = AgentRegistry(), []

    def work() -> None:
        agent = Agent()
        registry.register("a", agent, owner=threading.current_thread())
        seen.append((weakref.ref(agent), "a" in registry))

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    gone, was_there = seen[0]
    assert was_there
    wait_for(lambda: registry.stats().rows == 0)
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("kind", ["thread", "process"])
def test_rows_of_other_threads_and_processes_are_reclaimed_without_a_call(kind: str) -> None:
    """The helper thread lets go of the agent although nobody asks the registry."""
    with AgentRegistry() as registry:
        gate, agent = threading.Event(), Agent()
        gone = weakref.ref(agent)
        owner: Any = threading.Thread(target=gate.wait)
        if kind == "thread":
            owner.start()
        else:
            owner = subprocess.Popen([sys.executable, "-c", ""])
        registry.register("a", agent, owner=owner)
        del agent
        gate.set()
        wait_for(lambda: gone() is None, timeout=5)
        if kind == "process":
            owner.wait()
        assert registry.stats().watchers == 0


def test_a_killed_helper_thread_heals() -> None:
    """A look that raises, even SystemExit, does not end the looking."""
    failures = iter([SystemExit(), RuntimeError("once")])

    class Weak(AgentRegistry):
        def _look_after(self) -> float | None:
            for failure in failures:
                raise failure
            return super()._look_after()

    with Weak() as registry:
        worker = threading.Thread(target=lambda: None)
        registry.register("a", Agent(), owner=worker)
        worker.start()
        wait_for(lambda: registry.stats().rows == 0, timeout=5)


def test_agents_may_use_the_registry_while_they_are_finalised() -> None:
    """A finaliser that calls back neither deadlocks nor finds a broken table."""
    registry, done = AgentRegistry(), []

    class Calls:
        def __del__(self) -> None:
            registry.register("from-finaliser", "x")
            registry.unregister("from-finaliser")
            done.append(len(registry))

    owner = Agent()
    registry.register("a", Calls(), owner=owner)
    del owner
    gc.collect()
    assert done == [0]


def test_a_key_whose_hash_starts_to_raise_harms_only_itself() -> None:
    """When the owner of such a key dies, other entries die and live as before."""

    class Moody:
        broken = False

        def __hash__(self) -> int:
            if self.broken:
                raise RuntimeError("no hash")
            return 1

        def __eq__(self, other: object) -> bool:
            return self is other

    registry, key, one, two, three = AgentRegistry(), Moody(), Agent(), Agent(), Agent()
    registry.register(key, one)
    registry.register("b", two)
    registry.register("c", three)
    key.broken = True
    del one, two
    gc.collect()
    assert [row.key for row in registry.list()] == ["c"]


def test_only_one_of_many_threads_gets_a_key() -> None:
    """Registration is check-and-set: of eight threads at once exactly one wins each key."""
    registry, agent = AgentRegistry(), Agent()
    wins: list[int] = []
    barrier = threading.Barrier(8)

    def race() -> None:
        barrier.wait()
        for key in range(300):
            try:
                registry.register(key, agent)
                wins.append(key)
            except AlreadyRegistered:
                continue

    threads = [threading.Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(wins) == list(range(300))
    assert registry.stats().registered == 300


def test_an_abandoned_registry_takes_its_helper_thread_along() -> None:
    """Nothing keeps a registry alive that nobody holds, nor its thread."""
    with assert_no_leaks(objects=(AgentRegistry,)):
        registry = AgentRegistry()
        worker = threading.Thread(target=lambda: None)
        registry.register("a", Agent(), owner=worker)
        del registry


def test_registrations_are_equal_only_to_themselves(registry: Any) -> None:
    """Although two of them have the same owner, and each refers to it."""
    agent = Agent()
    registry.register("a", agent)
    registry.register("b", agent)
    one, two = registry.lookup("a"), registry.lookup("b")
    assert one == registry.lookup("a")
    assert one != two
    assert len({one, two, registry.lookup("a")}) == 2


def test_a_registration_that_somebody_keeps_does_not_take_its_successor_out(registry: Any) -> None:
    """Neither an updated one nor one that was taken out: its owner's death is late."""
    first, second = Agent(), Agent()
    registry.register("a", first)
    registry.register("b", first)
    kept = [registry.lookup("a"), registry.lookup("b")]
    for key in ("a", "b"):
        registry.update_metadata(key, {"zone": "west"})
        registry.unregister(key)
        registry.register(key, second)
    del first
    gc.collect()
    assert [row.alive for row in kept] == [False, False]
    assert [registry.lookup(key).agent for key in ("a", "b")] == [second, second]


def test_a_thread_of_a_forked_child_may_unregister_although_another_held_the_lock() -> None:
    """The child finds the lock free, in the thread that forked and in those it starts."""
    registry, agents = AgentRegistry(), [Agent() for _ in range(2)]
    for number, agent in enumerate(agents):
        registry.register(number, agent)
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with registry._lock:
            held.set()
            release.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    pid = os.fork()
    if pid == 0:
        registry.unregister(0)
        thread = threading.Thread(target=registry.unregister, args=(1,), daemon=True)
        thread.start()
        thread.join(5)
        os._exit(len(registry))
    release.set()
    holder.join()
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert len(registry) == 2


def test_an_entry_taken_out_before_its_owner_is_watched_leaves_no_watcher() -> None:
    """Another thread may take it out in the middle of registering."""

    class Overtaken(AgentRegistry):
        def _follow(self, life: Any) -> None:
            self.unregister("key")
            super()._follow(life)

    over = threading.Event()
    thread = threading.Thread(target=over.wait, args=(10,))
    thread.start()
    try:
        with Overtaken() as registry:
            registry.register("key", object(), owner=thread)
            assert (registry.stats().watchers, len(registry)) == (0, 0)
    finally:
        over.set()
        thread.join()


def test_a_thread_that_dies_with_an_entry_of_its_own_leaves_nothing_in_legacy() -> None:
    """Its entry is counted as expired while the thread is being taken apart, which must not make its table anew."""
    table = legacy.AgentRegistry()
    with assert_no_leaks(objects=(_Counts,)):
        for number in range(5):

            def work(number: int = number) -> None:
                table.register(number, Agent(), owner=threading.current_thread())

            owned = threading.Thread(target=work)
            owned.start()
            owned.join()
