"""A hundred forks while threads write: no child hangs, nothing is announced twice, nothing is lost in the parent."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import threading
from collections import Counter
from typing import Any

import pytest

from overt.runtime import AgentRegistry, AlreadyRegistered, SampledEvents, Telemetry, Tracer, TTLCache

FORKS = 100

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")


class Agent:
    """Something that dies."""


class Systems:
    """All systems, and what is heard of them."""

    def __init__(self) -> None:
        self.telemetry, self.heard = Telemetry(), list[Any]()
        self.telemetry.attach("keep", ("item",), lambda name, measured, meta: self.heard.extend(meta["items"]))
        self.registry = AgentRegistry(telemetry=self.telemetry)
        self.cache, self.tracer = TTLCache(telemetry=self.telemetry), Tracer(self.telemetry)
        self.events = SampledEvents(self.telemetry, batch_size=10, flush_interval=0.001)

    def use(self, who: Any, number: int) -> None:
        """Use each system once."""
        agent = Agent()
        self.registry.register(who, agent)
        self.cache.set(who, number)
        self.events.emit_batched(("item",), (who, number))
        with self.tracer.span("work"):
            self.registry.unregister(who)
        assert self.cache.get(who) == number

    def in_child(self, number: int, writer: int) -> None:
        """Use everything in a forked child, also in threads of its own, and report what it announced; never returns."""
        signal.alarm(20)  # a child that hangs is ended and seen
        before = len(self.heard)
        threads = [threading.Thread(target=self.use, args=((number, each), each)) for each in range(2)]
        for thread in threads:
            thread.start()
        self.use((number, 2), 2)
        for thread in threads:
            thread.join()
        self.events.close()
        self.tracer.close()
        self.registry.close()
        self.cache.close()
        os.write(writer, json.dumps([number, self.heard[before:], self.events.stats()]).encode() + b"\n")
        os._exit(0)

    def close(self) -> None:
        """Close all."""
        for system in (self.events, self.tracer, self.registry, self.cache):
            system.close()


def test_a_hundred_forks_under_load() -> None:
    """Each child announces its own three items, the parent each of its own once, whoever was announcing at the fork."""
    systems, stop, written = Systems(), threading.Event(), [0] * 3
    reader, writer = os.pipe()

    def work(who: int) -> None:
        while not stop.is_set():
            systems.use(who, written[who])
            written[who] += 1

    threads = [threading.Thread(target=work, args=(who,)) for who in range(3)]
    for thread in threads:
        thread.start()
    statuses = []
    try:
        for number in range(FORKS):
            pid = os.fork()
            if pid == 0:
                systems.in_child(number, writer)
            statuses.append(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    systems.close()
    os.close(writer)
    with os.fdopen(reader) as pipe:
        told = [json.loads(line) for line in pipe]
    assert statuses == [0] * FORKS
    for number, items, stats in told:
        assert sorted(items) == [[[number, each], each] for each in range(3)]
        assert (stats["batched"], stats["delivered"], stats["pending"]) == (3, 3, 0)
    assert len(told) == FORKS
    counted = Counter(systems.heard)
    assert set(counted.values()) == {1}
    assert counted.keys() == {(who, number) for who in range(3) for number in range(written[who])}


def test_an_entry_of_the_parent_is_there_in_the_child_and_dies_with_its_own_copy() -> None:
    """The child reads what it was given, and what it changes stays with it."""
    keeper = Agent()
    with AgentRegistry() as registry:
        registry.register("keeper", keeper)
        pid = os.fork()
        if pid == 0:
            try:
                registry.register("keeper", Agent())
            except AlreadyRegistered:
                registry.unregister("keeper")
            os._exit(len(registry))
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
        assert registry.lookup("keeper").agent is keeper


def _child(events: SampledEvents, close: bool) -> None:
    events.emit_batched(("item",), "child")
    if close:
        events.close()


@pytest.mark.parametrize("close", [True, False])
def test_a_forked_child_of_multiprocessing_closes_its_events_itself(
    close: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    """It ends with `os._exit`, which leaves no time: what it has not closed or flushed is lost, and only that."""
    telemetry = Telemetry()
    telemetry.attach("show", (), lambda name, measured, meta: os.write(1, f"{meta['items']}\n".encode()))
    with SampledEvents(telemetry, flush_interval=60) as events:
        events.emit_batched(("item",), "parent")
        process = multiprocessing.get_context("fork").Process(target=_child, args=(events, close))
        process.start()
        process.join()
        assert process.exitcode == 0
        assert capfd.readouterr().out == ("['child']\n" if close else "")
    assert capfd.readouterr().out == "['parent']\n"
