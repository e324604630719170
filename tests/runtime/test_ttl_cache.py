"""One behaviour for the cache, whatever implements it."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.runtime import legacy
from overt.runtime.switched_cache import SwitchedCache
from overt.runtime.telemetry import Telemetry
from overt.runtime.ttl_cache import TTLCache
from overt.testing import FrozenClock, assert_no_leaks, capture_telemetry, wait_for, wait_for_events

MAKERS: dict[str, Any] = {
    "new": TTLCache,
    "legacy": legacy.TTLCache,
    "switched-new": lambda **kwargs: SwitchedCache(lambda: True, **kwargs),
    "switched-legacy": lambda **kwargs: SwitchedCache(lambda: False, **kwargs),
}


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def cache(implementation: str, clock: FrozenClock, telemetry: Telemetry) -> Iterator[Any]:
    """Give a cache of each implementation: ten seconds, three values."""
    with MAKERS[implementation](ttl=10.0, maxsize=3, clock=clock, telemetry=telemetry) as made:
        yield made


def test_a_value_is_kept_for_its_time_and_not_longer(cache: Any, clock: FrozenClock) -> None:
    """The time is the cache's or its own; nought is no time at all."""
    cache.set("a", 1)
    cache.set("b", None, ttl=20.0)
    cache.set("c", 3, ttl=0)
    clock.advance(9.999)
    assert (cache.get("a"), cache.get("b", "default"), cache.get("c")) == (1, None, None)
    clock.advance(0.001)
    assert (cache.get("a"), "a" in cache, "b" in cache) == (None, False, True)
    clock.advance(10.0)
    assert cache.get("b", "default") == "default"


def test_figures_are_exact(cache: Any, clock: FrozenClock) -> None:
    """Hits, misses, expired, active; reading them creates nothing."""
    assert cache.stats().rows == 0
    cache.get("a")
    cache.set("a", 1)
    cache.get("a")
    cache.get("a")
    clock.advance(10)
    cache.get("a")
    stats = cache.stats()
    assert (stats.hits, stats.misses, stats.expired, stats.evicted) == (2, 2, 1, 0)
    assert (stats.active, stats["rows"], len(cache), bool(cache)) == (0, 0, 0, True)


def test_a_full_cache_drops_what_was_not_read(cache: Any) -> None:
    """The oldest that was not read since goes first; what was read gets another round."""
    for key in "abc":
        cache.set(key, key)
    cache.get("a")
    cache.set("d", "d")
    assert [key for key in "abcd" if key in cache] == ["a", "c", "d"]
    assert (len(cache), cache.stats().evicted) == (3, 1)


def test_a_new_value_of_a_key_evicts_nothing(cache: Any) -> None:
    """However often it is set."""
    for number in range(200):
        cache.set("a", number)
    assert (cache.get("a"), cache.stats().evicted, len(cache)) == (199, 0, 1)


def test_invalidate_and_clear(cache: Any) -> None:
    """They drop, and invalidate says whether there was something."""
    cache.set("a", 1)
    cache.set("b", 2)
    assert (cache.invalidate("a"), cache.invalidate("a")) == (True, False)
    assert cache.get("b") == 2
    cache.clear()
    assert cache.stats().rows == 0


def test_a_value_is_computed_once_and_then_kept(cache: Any, clock: FrozenClock) -> None:
    """Until it expires; the time spent computing is added up."""
    calls: list[int] = []
    for _ in range(3):
        assert cache.get_or_compute("a", lambda: calls.append(1) or "value") == "value"
    assert len(calls) == 1
    assert cache.stats().load_time_ns > 0
    clock.advance(10)
    cache.get_or_compute("a", lambda: calls.append(1))
    assert len(calls) == 2


def test_errors_are_not_kept(cache: Any) -> None:
    """The next call computes again."""
    with pytest.raises(ZeroDivisionError):
        cache.get_or_compute("a", lambda: 1 / 0)
    assert cache.get_or_compute("a", lambda: 2) == 2


def test_a_value_that_is_outdated_while_it_is_computed_is_not_kept(cache: Any) -> None:
    """invalidate, clear and set win over a computation that began before."""
    assert cache.get_or_compute("a", lambda: cache.invalidate("a") or "old") == "old"
    assert "a" not in cache
    assert cache.get_or_compute("a", lambda: cache.clear() or "old") == "old"
    assert "a" not in cache
    assert cache.get_or_compute("a", lambda: cache.set("a", "set") or "old") == "old"
    assert cache.get("a") == "set"


def test_a_computation_that_asks_for_itself_is_told(cache: Any) -> None:
    """Instead of waiting for ever."""
    with pytest.raises(RuntimeError, match="asks for that value itself"):
        cache.get_or_compute("a", lambda: cache.get_or_compute("a", lambda: 1))
    assert cache.get_or_compute("a", lambda: 1) == 1


def test_values_vanish_with_their_owner(cache: Any) -> None:
    """Objects at once, threads when they have been joined."""

    class Owner:
        """Something that dies."""

    owner, gate = Owner(), threading.Event()
    thread = threading.Thread(target=gate.wait)
    thread.start()
    cache.set("object", 1, owner=owner)
    cache.set("thread", 2, owner=thread)
    assert (cache.get("object"), cache.get("thread")) == (1, 2)
    del owner
    gc.collect()
    gate.set()
    thread.join()
    assert (cache.get("object"), cache.get("thread")) == (None, None)
    with pytest.raises(TypeError):
        cache.set("a", 1, owner=7)


def test_a_task_owns_a_value_until_it_is_done(cache: Any) -> None:
    """And gathers no callbacks."""

    async def run() -> None:
        task = asyncio.create_task(asyncio.sleep(60))
        for _ in range(20):
            cache.set("a", 1, owner=task)
        assert cache.get("a") == 1
        task.cancel()
        await asyncio.wait([task])
        assert cache.get("a") is None

    asyncio.run(run())


def test_operations_are_announced(cache: Any, clock: FrozenClock, telemetry: Telemetry, implementation: str) -> None:
    """Hit, miss, expired and evicted, with key and implementation."""
    with capture_telemetry(telemetry, ("overt", "cache")) as events:
        cache.get("a")
        for key in "abcd":
            cache.set(key, 1)
        cache.get("b")
        clock.advance(10)
        cache.get("b")
        wait_for_events(
            events, [(("overt", "cache", op), None) for op in ("hit", "miss", "miss", "expired", "evicted")]
        )
    assert {event.metadata["implementation"] for event in events} == {implementation.split("-")[-1]}
    assert [event.metadata["key"] for event in events if event.name[-1] == "evicted"] == ["a"]


@pytest.mark.parametrize("options", [{"ttl": -1}, {"ttl": float("nan")}, {"maxsize": 0}, {"sweep_interval": 0}])
def test_settings_that_make_no_sense_are_refused(options: dict[str, Any]) -> None:
    """With what was given."""
    with pytest.raises(ValueError, match="not "):
        TTLCache(**options)


def test_a_closed_cache_is_empty_and_takes_nothing(cache: Any) -> None:
    """close() may be called again."""
    cache.set("a", 1)
    cache.close()
    cache.close()
    assert cache.get("a") is None
    with pytest.raises(RuntimeError, match="closed"):
        cache.set("a", 1)
    assert cache.get_or_compute("a", lambda: 1) == 1
    assert cache.stats().rows == 0


@given(
    st.lists(
        st.tuples(st.sampled_from(["set", "get", "drop", "pass"]), st.integers(0, 3), st.integers(1, 20)), max_size=40
    )
)
def test_any_sequence_of_operations_behaves_like_a_dictionary_with_dates(steps: list[tuple[str, int, int]]) -> None:
    """Without a limit, all implementations agree with a plain model."""
    clock = FrozenClock()
    caches = [make(ttl=10.0, clock=clock) for make in MAKERS.values()]
    model: dict[int, tuple[int, float]] = {}
    for operation, key, number in steps:
        for cache in caches:
            if operation == "set":
                cache.set(key, number, ttl=float(number))
            elif operation == "drop":
                cache.invalidate(key)
        if operation == "set":
            model[key] = (number, clock() + number)
        elif operation == "drop":
            model.pop(key, None)
        elif operation == "pass":
            clock.advance(number / 2)
        expected = {key: value for key, (value, until) in model.items() if clock() < until}
        for cache in caches:
            assert {key: cache.get(key) for key in range(4) if key in cache} == expected
    for cache in caches:
        cache.close()


# -- what only the shared table can do ---------------------------------------------------------------------------


@pytest.mark.parametrize("fails", [False, True])
def test_concurrent_misses_compute_once(fails: bool) -> None:
    """Twenty threads, one computation; its value or its error reaches all of them."""
    cache, calls, results = TTLCache(), [], []
    barrier, gate = threading.Barrier(20), threading.Event()

    def compute() -> str:
        calls.append(1)
        gate.wait(5)
        if fails:
            raise ValueError("no")
        return "value"

    def ask() -> None:
        barrier.wait()
        try:
            results.append(cache.get_or_compute("a", compute))
        except ValueError as error:
            results.append(str(error))

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    wait_for(lambda: cache.stats().misses == 20, timeout=5)
    gate.set()
    for thread in threads:
        thread.join()
    assert results == ["no" if fails else "value"] * 20
    assert len(calls) == 1 or fails  # a thread that came after an error computes itself
    cache.close()


def test_concurrent_tasks_compute_once_and_survive_a_cancelled_leader() -> None:
    """When the task that computes is cancelled, one of the others computes; nobody else is cancelled."""
    cache, calls = TTLCache(), []

    async def compute() -> str:
        calls.append(1)
        await asyncio.sleep(60 if len(calls) == 1 else 0)
        return "value"

    async def run() -> list[str]:
        tasks = [asyncio.create_task(cache.aget_or_compute("a", compute)) for _ in range(20)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        tasks[0].cancel()
        return await asyncio.gather(*tasks[1:])

    assert asyncio.run(run()) == ["value"] * 19
    assert len(calls) == 2
    cache.close()


def test_an_interrupted_computation_is_tried_by_who_waits() -> None:
    """Ctrl-C in one thread is not an error of the others."""
    cache, order = TTLCache(), []
    started, gate = threading.Event(), threading.Event()

    def interrupted() -> None:
        started.set()
        gate.wait(5)
        raise KeyboardInterrupt

    def lead() -> None:
        with pytest.raises(KeyboardInterrupt):
            cache.get_or_compute("a", interrupted)

    leader = threading.Thread(target=lead)
    leader.start()
    started.wait(5)
    follower = threading.Thread(target=lambda: order.append(cache.get_or_compute("a", lambda: "second")))
    follower.start()
    wait_for(lambda: cache.stats().misses == 2)
    gate.set()
    leader.join()
    follower.join()
    assert order == ["second"]
    cache.close()


def test_a_value_that_came_between_the_miss_and_the_computation_is_taken() -> None:
    """The computation of another thread that ended just now is not done again."""

    class Racing(TTLCache):
        def _board(self, key: Any) -> Any:
            self.set(key, "theirs")
            return super()._board(key)

    with Racing() as cache:
        assert cache.get_or_compute("a", lambda: "ours") == "theirs"
        assert asyncio.run(cache.aget_or_compute("b", lambda: asyncio.sleep(0, "ours"))) == "theirs"
        assert cache._flights == {}


def test_the_sweep_reclaims_survives_errors_and_stops() -> None:
    """Expired rows go without a read; a clock that fails once does not end the sweep."""
    clock, failing = FrozenClock(), [False]

    def moody() -> float:
        if failing[0] and threading.current_thread() is not threading.main_thread():
            failing[0] = False
            raise RuntimeError("no time")
        return clock()

    with assert_no_leaks():
        cache = TTLCache(ttl=1.0, sweep_interval=0.01, clock=moody)
        cache.set("a", 1)
        clock.advance(1.0)
        failing[0] = True
        wait_for(lambda: not failing[0] and cache.stats().rows == 0, timeout=5)
        assert cache.stats().expired == 1
        cache.close()


def test_counters_are_exact_under_threads() -> None:
    """Eight threads, no read lost."""
    cache = TTLCache()
    cache.set("a", 1)

    def read() -> None:
        for _ in range(2000):
            cache.get("a")

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert cache.stats().hits == 16_000
    cache.close()


@pytest.mark.parametrize("first", [True, False])
def test_a_flip_strands_no_value_and_serves_no_old_one(first: bool) -> None:
    """A value is found from the other side, and a newer one there takes its place everywhere."""
    chosen = [first]
    with SwitchedCache(lambda: chosen[0]) as cache:
        cache.set("a", "old")
        chosen[0] = not first
        assert cache.get("a") == "old"
        cache.set("a", "new")
        chosen[0] = first
        assert cache.get("a") == "new"
        assert cache.stats().rows == 1
        assert cache.invalidate("a")
        assert "a" not in cache


def test_an_entry_that_a_collection_takes_out_while_room_is_made_is_no_victim() -> None:
    """Its owner may die at any moment, also between two looks of whoever holds the lock."""

    class Collected(TTLCache):
        def _live(self, entry: Any) -> bool:
            self._entries.pop(entry.key, None)
            return False

    with Collected(maxsize=1) as cache:
        cache.set("a", 1)
        cache._entries["a"].used = True
        cache.set("b", 2)
        assert (list(cache._entries), cache.stats().evicted) == (["b"], 0)


def test_a_value_set_while_the_cache_closes_is_not_kept() -> None:
    """Closing may come between the look whether it is open and the keeping."""

    def closing() -> float:
        cache.close()
        return 0.0

    cache = TTLCache(clock=closing)
    cache.set("a", 1)
    assert cache.stats().rows == 0
