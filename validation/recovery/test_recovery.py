"""Writers are killed, owners die in droves, helpers fail, tables are cleared: the rest goes on and nothing lies."""

from __future__ import annotations

import asyncio
import gc
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from overt.flags import FeatureFlags, Flag, SqliteStore, StoreError
from overt.runtime import SampledEvents, Telemetry, TTLCache
from overt.testing import capture_telemetry, wait_for

FLAG = Flag("new", owner="overt maintainers", purpose="validation", created="2026-11-22", until="2027-12-31")

WRITER = """
import sys
from overt.flags import FeatureFlags, Flag, SqliteStore
flag = Flag("new", owner="", purpose="", created="2026-11-22", until="2027-12-31")
with FeatureFlags(SqliteStore(sys.argv[1]), [flag]) as flags:
    for number in range(1_000_000):
        flags.set_percentage("new", number % 101, by="victim", reason=str(number))
        print(number, flush=True)
"""


class Agent:
    """Something that dies."""


@pytest.mark.parametrize("after", [1, 17, 60])
def test_a_writer_killed_in_the_middle_loses_nothing_it_was_told(tmp_path: Path, after: int) -> None:
    """kill -9 at different moments: every acknowledged change is in the history, readers and writers go on."""
    path = tmp_path / "flags.sqlite"
    with FeatureFlags(SqliteStore(path), [FLAG]) as reader:
        with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True) as victim:
            assert victim.stdout is not None
            for _ in range(after):
                victim.stdout.readline()
                reader.enabled("new", "somebody")
            victim.send_signal(signal.SIGKILL)
            rest = victim.stdout.read().split()
        acknowledged = int(rest[-1]) if rest else after - 1
        written = [int(change.reason) for change in reader.history("new")]
        assert written[: acknowledged + 1] == list(range(acknowledged + 1))
        assert len(written) - (acknowledged + 1) in {0, 1}
        wait_for(lambda: reader.all()["new"] == float(written[-1] % 101))
        reader.disable("new", by="rescuer")
        assert reader.all() == {"new": False}
        assert reader.problem is None


def test_owners_that_die_in_droves_take_their_entries_along(systems: Any) -> None:
    """Thousands of objects, threads and tasks die at once: what is left is what lives."""
    keeper = Agent()
    with systems.registry() as registry, systems.cache() as cache:
        registry.register("keeper", keeper)
        drove = [Agent() for _ in range(5000)]
        for number, agent in enumerate(drove):
            registry.register(number, agent)
            cache.set(number, number, owner=agent)
        gate = threading.Event()
        threads = [threading.Thread(target=gate.wait) for _ in range(50)]
        for number, thread in enumerate(threads):
            thread.start()
            registry.register(("thread", number), Agent(), owner=thread)

        async def tasks() -> None:
            made = [asyncio.create_task(asyncio.sleep(60)) for _ in range(200)]
            for number, task in enumerate(made):
                registry.register(("task", number), Agent(), owner=task)
            assert len(registry) == 5251
            for task in made:
                task.cancel()
            await asyncio.wait(made)

        asyncio.run(tasks())
        del drove, agent
        gc.collect()
        gate.set()
        for thread in threads:
            thread.join()
        assert list(registry) == ["keeper"]
        assert len(cache) == 0
        if systems.side("registry") == "new":  # legacy takes rows of threads out when something is registered
            wait_for(lambda: registry.stats().rows == 1, timeout=30)
            assert registry.stats().expired == 5250


def test_owners_that_die_while_others_register_lose_nothing(systems: Any) -> None:
    """Half of eight threads register and die, the others register and stay: exactly theirs are left."""
    systems.need("registry-visibility")
    with systems.registry() as registry:
        stay: list[Agent] = []

        def work(number: int) -> None:
            for step in range(300):
                agent = Agent()
                registry.register((number, step), agent)
                if number % 2:
                    stay.append(agent)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        gc.collect()
        assert {key[0] for key in registry} == {1, 3, 5, 7}  # type: ignore[index]
        assert (len(registry), registry.stats().rows) == (1200, 1200)


def test_helper_threads_that_fail_heal_by_themselves() -> None:
    """A sweep and a flush that are broken for a while, even by SystemExit, go on when they can."""
    broken = [True]

    class Cache(TTLCache):
        def sweep(self) -> int:
            if broken[0]:
                raise SystemExit
            return super().sweep()

    telemetry = Telemetry()
    with (
        capture_telemetry(telemetry) as heard,
        Cache(ttl=0.0, sweep_interval=0.005) as cache,
        SampledEvents(telemetry, flush_interval=0.005) as events,
    ):
        cache.set("a", 1)
        telemetry.attach("broken", (), lambda *event: 1 / 0)
        events.emit_batched(("seen",), 1)
        wait_for(lambda: any(event.name == ("seen",) for event in heard), timeout=5)
        assert cache.stats().rows == 1
        broken[0] = False
        wait_for(lambda: cache.stats().rows == 0, timeout=5)


def test_tables_that_are_cleared_fill_again(systems: Any) -> None:
    """Clearing and closing leaves nothing behind, and a new table begins clean."""
    agent = Agent()
    for _ in range(3):
        with systems.registry() as registry, systems.cache() as cache, systems.tracer() as tracer:
            registry.register("a", agent)
            cache.set("a", 1)
            tracer.start_span("open")
            cache.clear()
            assert cache.get("a") is None
            cache.set("a", 2)
            assert (cache.get("a"), len(registry), len(tracer.live_spans())) == (2, 1, 1)
        assert (len(registry), len(tracer.live_spans()), cache.stats().rows) == (0, 0, 0)
    assert tracer.current_span() is None


def test_threads_that_die_in_the_middle_leave_the_others_alone(systems: Any) -> None:
    """Ten of twenty threads die inside contexts, spans and batches: the other ten, and this one, see nothing of it."""
    telemetry, wrong = Telemetry(), list[str]()
    with capture_telemetry(telemetry, ("item",)) as heard, systems.runtime(telemetry=telemetry) as runtime:

        def work(number: int) -> None:
            agent = Agent()
            runtime.registry.register(number, agent, owner=threading.current_thread())
            runtime.cache.set(number, number)
            if number % 2:
                runtime.context.set_context({"n": number})
                runtime.tracer.start_span("left open")
                return  # with everything open
            for _ in range(50):
                with runtime.context.with_context({"n": number}), runtime.tracer.span("work") as span:
                    runtime.events.emit_batched(("item",), number)
                    seen = (dict(runtime.context.get_context()), runtime.tracer.current_span() is span)
                    wrong.extend([] if seen == ({"n": number}, True) else [f"{number}: {seen}"])
                    wrong.extend([] if runtime.cache.get(number) == number else [f"{number} is not cached"])
            runtime.events.flush()

        threads = [threading.Thread(target=work, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []
        assert (dict(runtime.context.get_context()), runtime.tracer.current_span()) == ({}, None)
        assert [number for number in range(20) if number in runtime.registry] == []
        wait_for(lambda: runtime.tracer.live_spans() == (), timeout=30)
        assert runtime.tracer.stats().abandoned == 10
    items = [item for event in heard for item in event.metadata["items"]]
    assert sorted(items) == sorted(number for number in range(0, 20, 2) for _ in range(50))


def test_a_store_that_is_deleted_comes_back_with_what_was_known(tmp_path: Path) -> None:
    """Readers go on; the next change says what happened; the one after it works."""
    with FeatureFlags(SqliteStore(tmp_path / "flags.sqlite"), [FLAG]) as flags:
        flags.set_percentage("new", 40, by="ann")
        for file in tmp_path.iterdir():
            file.unlink()
        assert flags.all() == {"new": 40.0}
        with pytest.raises(StoreError, match="deleted"):
            flags.set_percentage("new", 50, by="ann")
        assert flags.all() == {"new": 40.0}
        flags.set_percentage("new", 50, by="ann")
        assert [(change.by, change.new) for change in flags.history()] == [("overt", 40.0), ("ann", 50.0)]
