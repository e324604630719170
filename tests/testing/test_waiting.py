"""Waiting ends with what was waited for, or fails and says what was seen."""

from __future__ import annotations

import asyncio
import threading

import pytest

from overt.runtime import Telemetry
from overt.testing import (
    Event,
    FrozenClock,
    assert_no_leaks,
    capture_telemetry,
    eventually,
    wait_for,
    wait_for_async,
    wait_for_events,
)


def test_wait_for_returns_the_first_true_value() -> None:
    """Not True, but what the condition gave."""
    values = iter([None, 0, [], "found", "later"])
    assert wait_for(lambda: next(values)) == "found"


def test_wait_for_fails_with_what_it_last_saw() -> None:
    """The message holds the user's words, the time, the looks and the last value."""
    with pytest.raises(AssertionError, match=r"no row came \(waited 0\.02 s, \d+ looks, last saw \[\]\)"):
        wait_for(list, timeout=0.02, message="no row came")


def test_wait_for_looks_at_least_once_and_after_the_time_is_over() -> None:
    """A time limit of nought is one look."""
    looks: list[int] = []
    with pytest.raises(AssertionError, match="1 look, last saw None"):
        wait_for(lambda: looks.append(1), timeout=0)
    assert len(looks) == 1
    assert wait_for(lambda: "there", timeout=0) == "there"


def test_wait_for_lets_errors_through() -> None:
    """A condition that is broken is not a condition that is false."""
    with pytest.raises(ZeroDivisionError):
        wait_for(lambda: 1 / 0)
    with pytest.raises(ValueError, match="not negative"):
        wait_for(lambda: True, timeout=-1)


def test_wait_for_async_lets_other_tasks_run() -> None:
    """Plain and async conditions, and the failure."""

    async def run() -> None:
        seen: list[str] = []

        async def work() -> None:
            await asyncio.sleep(0)
            seen.append("done")

        async def look() -> list[str]:
            return seen

        task = asyncio.create_task(work())
        assert await wait_for_async(lambda: seen) == ["done"]
        assert await wait_for_async(look) == ["done"]
        await task
        with pytest.raises(AssertionError, match=r"never: .*last saw 0"):
            await wait_for_async(lambda: 0, timeout=0.01, message="never:")

    asyncio.run(run())


def test_eventually_retries_assertions_only() -> None:
    """As a function, as a block; the last failure comes through, other errors at once."""
    numbers = iter(range(10))

    def check() -> str:
        assert next(numbers) == 3
        return "held"

    assert eventually(check) == "held"
    assert eventually(timeout=1.0)(lambda: "at once") == "at once"
    tries = 0
    with pytest.raises(AssertionError, match="never"):  # noqa: PT012  # the loop is what is tested
        for attempt in eventually(timeout=0.02):
            with attempt:
                tries += 1
                raise AssertionError("never")
    assert tries > 1
    with pytest.raises(ZeroDivisionError):
        eventually(lambda: 1 / 0)


def test_captured_events_are_a_list_of_name_measurements_and_metadata() -> None:
    """Only those inside the block, only those of the prefix."""
    telemetry = Telemetry()
    with capture_telemetry(telemetry, ("a",)) as events:
        telemetry.execute(("a", "b"), {"n": 1}, {"k": "v"})
        telemetry.execute(("b",), {}, {})
    telemetry.execute(("a",), {}, {})
    assert events == [Event(("a", "b"), {"n": 1}, {"k": "v"})]
    name, measurements, metadata = events[0]
    assert (name, measurements, metadata) == (("a", "b"), {"n": 1}, {"k": "v"})


def test_wait_for_events_gives_one_event_for_each_expectation() -> None:
    """In the order asked for, whatever order they came in; predicates of one, two and three arguments."""
    telemetry = Telemetry()

    def work() -> None:
        for number in range(3):
            telemetry.execute(("a",), {"n": number}, {"k": number})

    ready = threading.Event()
    telemetry.attach("ready", ("go",), lambda *event: ready.set())
    worker = threading.Thread(target=lambda: (ready.wait(), work()))
    worker.start()
    with capture_telemetry(telemetry) as events:
        telemetry.execute(("go",))
        found = wait_for_events(
            events,
            [
                (("a",), lambda measured, meta: measured["n"] == 2),
                (("a",), lambda event: event.metadata["k"] == 0),
                (("a",), lambda name, measured, meta: name == ("a",)),
                (("go",), None),
            ],
            timeout=5,
        )
    worker.join()
    assert [event.measurements.get("n") for event in found] == [2, 0, 1, None]


def test_wait_for_events_listens_by_itself() -> None:
    """With a Telemetry it hears what comes while it waits."""
    telemetry = Telemetry()
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            telemetry.execute(("tick",))

    worker = threading.Thread(target=work)
    worker.start()
    try:
        assert wait_for_events(telemetry, [(("tick",), None)], timeout=5)[0].name == ("tick",)
    finally:
        stop.set()
        worker.join()
    assert telemetry.handlers == ()


def test_wait_for_events_fails_with_what_is_missing() -> None:
    """One event cannot answer two expectations."""
    telemetry = Telemetry()
    with capture_telemetry(telemetry) as events:
        telemetry.execute(("a",))
        with pytest.raises(AssertionError, match=r"for \[\('a',\)\], saw \[\('a',\)\]"):
            wait_for_events(events, [(("a",), None), (("a",), None)], timeout=0.01)


@pytest.mark.parametrize("kind", ["thread", "file", "row", "object"])
def test_leaks_are_found(kind: str) -> None:
    """Each kind of thing that is left behind fails, and is named."""
    gate, kept = threading.Event(), []
    table: list[int] = []

    class Thing:
        """Something that is counted."""

    def leak() -> None:
        if kind == "thread":
            worker = threading.Thread(target=gate.wait)
            worker.start()
            kept.append(worker)
        elif kind == "file":
            kept.append(open(__file__))  # noqa: PTH123, SIM115
        elif kind == "row":
            table.append(1)
        else:
            kept.append(Thing())

    words = {"thread": "threads", "file": "file descriptors", "row": "rows of list", "object": "Thing"}
    try:
        with (
            pytest.raises(AssertionError, match=f"left behind: .*{words[kind]}.*before, .*after"),
            assert_no_leaks(table, objects=(Thing,), grace=0.0),
        ):
            leak()
    finally:
        gate.set()
        for thing in kept:
            close = getattr(thing, "join", getattr(thing, "close", lambda: None))
            close()


def test_a_task_left_behind_is_a_leak() -> None:
    """Inside a loop, its tasks are counted."""

    async def run() -> None:
        with pytest.raises(AssertionError, match="tasks: 1 before, 2 after"), assert_no_leaks(grace=0.0):
            task = asyncio.create_task(asyncio.sleep(60))
        task.cancel()

    asyncio.run(run())


def test_what_goes_away_in_time_is_no_leak_and_errors_come_through() -> None:
    """A thread that is about to end has its grace; the block's own error is not hidden."""
    with assert_no_leaks():
        threading.Thread(target=lambda: None).start()
    with pytest.raises(ZeroDivisionError), assert_no_leaks():
        _ = 1 / 0


def test_a_frozen_clock_goes_only_when_told() -> None:
    """All of its faces show the same time, and it does not go back."""
    clock = FrozenClock(10.0)
    assert (clock(), clock.time(), clock.monotonic(), clock.now_ns()) == (10.0, 10.0, 10.0, 10_000_000_000)
    clock.advance(0.5)
    assert (clock(), clock.monotonic_ns()) == (10.5, 10_500_000_000)
    with pytest.raises(ValueError, match="does not go back"):
        clock.advance(-1)
