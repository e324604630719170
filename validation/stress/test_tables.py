"""Registry and cache under eight threads whose owners die all the time: every answer is right, every count exact."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Callable
from typing import Any

from overt.runtime import AgentRegistry, AlreadyRegistered, TTLCache
from overt.testing import eventually

Together = Callable[[int, Callable[[int], object]], None]


class Agent:
    """Something that dies."""


class Churner:
    """One thread's work on a registry, and what it knows about it.

    While the thread holds an agent, its entry must be found; once the thread let go of it, it must not. That holds for
    its own keys and, while it is the one who has them, for those that all threads want.
    """

    def __init__(self, registry: AgentRegistry, number: int, *, shared: bool) -> None:
        self.registry, self.number, self.chance = registry, number, random.Random(number)
        self.shared = "shared" if shared else number
        self.mine: dict[Any, Agent] = {}
        self.registered = self.unregistered = self.died = 0

    def run(self, steps: int) -> None:
        """Do so many operations, each checked as far as this thread can know."""
        for step in range(steps):
            key = (self.number if step % 4 else self.shared, self.chance.randrange(20))
            choice = self.chance.random()
            if choice < 0.3:
                self.register(key)
            elif choice < 0.45:
                self.died += self.mine.pop(key, None) is not None  # the only reference: the owner dies
            elif choice < 0.55 and key in self.mine:
                self.registry.unregister(key)
                self.unregistered += 1
                del self.mine[key]
            elif choice < 0.6 and key in self.mine:
                self.registry.update_metadata(key, {"step": step})
                assert self.registry.lookup(key).metadata["step"] == step
            else:
                self.read(key)
            if step % 5000 == 0:
                self.list_all()
                self.thread_that_dies(step)

    def register(self, key: Any) -> None:
        """Register a new agent, or find out that somebody alive has the key."""
        agent = Agent()
        try:
            self.registry.register(key, agent)
        except AlreadyRegistered:
            assert key in self.mine or key[0] == "shared"
            return
        assert key not in self.mine
        self.mine[key] = agent
        self.registered += 1

    def read(self, key: Any) -> None:
        """Look a key up; what it must be is known for own keys, and for shared ones that this thread has."""
        found = self.registry.get(key)
        if key in self.mine:
            assert found is not None
            assert found.agent is self.mine[key]
        elif key[0] == self.number:
            assert found is None

    def list_all(self) -> None:
        """List everything: of this thread's keys exactly those that live."""
        listed = {row.key for row in self.registry.list() if row.key[0] == self.number}
        assert listed == {key for key in self.mine if key[0] == self.number}

    def thread_that_dies(self, step: int) -> None:
        """Let a thread register under its own life: when it has been joined, its entries are gone."""
        keys = [("thread", self.number, step, number) for number in range(3)]
        there: list[bool] = []

        def work() -> None:
            for key in keys:
                self.registry.register(key, Agent(), owner=threading.current_thread())
            there.extend(key in self.registry for key in keys)

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        assert there == [True] * 3
        assert [key in self.registry for key in keys] == [False] * 3
        self.registered += 3
        self.died += 3


def test_registry_churn_with_owners_dying_all_the_time(
    systems: Any, times: Callable[[int], int], together: Together
) -> None:
    """8 threads x 100,000 operations: no dead entry is returned, no live one is lost, counts are exact.

    Where an entry is visible to its own thread only, threads want no key of others, and nobody sees the counts of all.
    """
    alone = systems.side("registry") == "new"
    with systems.registry() as registry:
        workers = [Churner(registry, number, shared=alone) for number in range(8)]
        together(8, lambda number: workers[number].run(times(100_000)))
        assert min(worker.registered - worker.unregistered for worker in workers) > 0
        if not alone:
            return
        stats = registry.stats()
        alive = sum(len(worker.mine) for worker in workers)
        assert stats.registered == sum(worker.registered for worker in workers)
        assert stats.unregistered == sum(worker.unregistered for worker in workers)
        assert stats.expired == sum(worker.died for worker in workers)
        assert (stats.active, stats.rows, stats.watchers) == (alive, alive, 0)
        for worker in workers:
            worker.mine.clear()
        stats = registry.stats()
        assert (stats.active, stats.rows) == (0, 0)
        assert stats.registered == stats.unregistered + stats.expired


def test_registry_churn_with_tasks_dying_all_the_time(systems: Any, times: Callable[[int], int]) -> None:
    """Thousands of tasks register, some end, some are cancelled, some break: a task that is done has no entry."""
    count = times(5000)

    async def work(registry: AgentRegistry, number: int) -> None:
        registry.register(number, Agent(), owner=asyncio.current_task())
        await asyncio.sleep(60 if number % 3 == 0 else 0)
        if number % 3 == 1:
            raise ValueError(number)

    async def run(registry: AgentRegistry) -> None:
        for first in range(0, count, 100):
            tasks = [asyncio.create_task(work(registry, number)) for number in range(first, first + 100)]
            await asyncio.sleep(0)
            assert len(registry) == 100
            for task in tasks[:: 3 if first % 3 == 0 else 1]:
                task.cancel()
            _, waiting = await asyncio.wait(tasks, timeout=0.001)
            assert all(
                (number in registry) is (tasks[number - first] in waiting) for number in range(first, first + 100)
            )
            for task in waiting:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            assert len(registry) == 0

    with systems.registry() as registry:
        asyncio.run(run(registry))
        stats = registry.stats()
    assert stats.rows == 0
    assert stats.registered == stats.expired >= count


def swept(cache: TTLCache) -> None:
    """Hold the rows of a cache against the values that are still good."""
    stats = cache.stats()
    assert stats.rows == stats.active


def test_cache_churn_with_owners_dying_all_the_time(
    systems: Any, times: Callable[[int], int], together: Together
) -> None:
    """8 threads of reads, writes and computations: nobody reads a value of a dead owner, every read is counted once."""
    reads, steps, computed = [0] * 8, times(40_000), set[int]()
    with systems.cache(ttl=3600.0, sweep_interval=0.01) as cache:

        def work(number: int) -> None:
            chance, owners = random.Random(number), {}
            for step in range(steps):
                key = (number, chance.randrange(20))
                choice = chance.random()
                if choice < 0.2:
                    owners[key] = Agent()
                    cache.set(key, step, owner=owners[key])
                elif choice < 0.35:
                    owners.pop(key, None)
                elif choice < 0.9:
                    found, reads[number] = cache.get(key), reads[number] + 1
                    assert (found is None) == (key not in owners)
                else:
                    reads[number] += 1
                    key = ("all", step // 50)
                    computed.add(step // 50)
                    assert cache.get_or_compute(key, lambda key=key: key[1]) == key[1]
            owners.clear()

        together(8, work)
        stats = cache.stats()
        assert stats.hits + stats.misses == sum(reads)
        assert stats.evicted == 0
        eventually(lambda: swept(cache), timeout=5)
        # What is left, to the row; what a thread has computed in legacy is gone with it.
        left = {"new": {len(computed)}, "legacy": {0}, "both": range(len(computed) + 1)}[systems.side("cache")]
        assert len(cache) in left


def test_twenty_threads_that_miss_one_key_compute_it_once(
    systems: Any, times: Callable[[int], int], together: Together
) -> None:
    """Over hundreds of keys, one after the other: one computation each."""
    systems.need("cache-visibility")
    calls: list[int] = []
    barrier = threading.Barrier(20)
    with systems.cache() as cache:

        def work(_number: int) -> None:
            for key in range(times(500)):
                barrier.wait()
                assert cache.get_or_compute(key, lambda key=key: calls.append(key) or key) == key

        together(20, work)
    assert calls == list(range(times(500)))
