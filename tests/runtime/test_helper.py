"""A helper thread does its job again and again, whatever happens to it, until it is told to stop."""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import sys
import threading
import time
import weakref
from typing import Any

import pytest

from overt.runtime.helper import Helper
from overt.testing import assert_no_leaks, wait_for


class Worker:
    """Something with a job that fails as often as it is told."""

    def __init__(self, pause: float | None = None) -> None:
        self.runs, self.pause, self.failures, self.at = 0, pause, list[BaseException](), list[float]()

    def job(self) -> float | None:
        self.runs += 1
        self.at.append(time.monotonic())
        if self.failures:
            raise self.failures.pop(0)
        return self.pause


def kill(thread: threading.Thread) -> None:
    """Raise SystemExit in another thread, wherever it is."""
    assert ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(SystemExit))


def named(name: str) -> threading.Thread:
    """Return the thread of that name."""
    return next(thread for thread in threading.enumerate() if thread.name == name)


@pytest.mark.parametrize("error", [RuntimeError("no"), SystemExit(), KeyboardInterrupt(), GeneratorExit()])
def test_a_job_that_fails_is_run_again_after_a_pause_that_doubles(
    error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    """Each failure is told; the thread is the same."""
    worker = Worker()
    worker.failures = [error] * 3
    helper = Helper("overt-test", worker.job)
    with caplog.at_level(logging.WARNING, "overt.helper"):
        helper.ensure()
        thread = named("overt-test")
        wait_for(lambda: worker.runs == 4, timeout=5)
    assert thread.is_alive()
    pauses = [later - earlier for earlier, later in zip(worker.at, worker.at[1:], strict=False)]
    assert all(pause >= least for pause, least in zip(pauses, (0.02, 0.04, 0.08), strict=True))
    assert [f"{type(error).__name__}" in record.message for record in caplog.records] == [True] * 3
    assert helper.stop()


def test_a_thread_that_is_killed_while_it_waits_goes_on() -> None:
    """In its sleep, and again; a ring is answered after it."""
    worker = Worker(pause=None)
    helper = Helper("overt-test", worker.job)
    helper.ensure()
    for killed in range(1, 4):
        wait_for(lambda: worker.runs >= killed, timeout=5)  # noqa: B023
        thread = named("overt-test")
        kill(thread)
        helper.ring()
        wait_for(lambda: worker.runs >= killed + 1, timeout=5)  # noqa: B023
        assert thread.is_alive()
    assert helper.stop()
    assert not helper.running


def test_rings_do_not_pile_up() -> None:
    """Neither before there is a thread nor while the job runs; one run answers many."""
    worker = Worker()
    helper = Helper("overt-test", worker.job)
    for _ in range(1000):
        helper.ring()
    assert helper._bell.qsize() == 1
    helper.ensure()
    wait_for(lambda: worker.runs == 1)
    assert helper.stop()
    assert worker.runs == 1


def test_it_ends_when_nobody_holds_its_object() -> None:
    """Asleep or not, and it does not keep the object while it waits, also not after a failure."""
    with assert_no_leaks(objects=(Worker,)):
        worker = Worker(pause=None)
        worker.failures = [RuntimeError("no")]
        helper = Helper("overt-test", worker.job)
        helper.ensure()
        wait_for(lambda at=worker.at: len(at) == 2, timeout=5)
        gone = weakref.ref(worker)
        del worker
        wait_for(lambda: gc.collect() is not None and gone() is None)


def test_it_is_told_once_to_stop_and_starts_no_more() -> None:
    """Also from its own job; ensure() after stop() does nothing."""
    stopped: list[bool] = []

    class Stops(Worker):
        def job(self) -> float | None:
            stopped.append(helper.stop())
            return None

    worker = Stops()
    helper = Helper("overt-test", worker.job)
    helper.ensure()
    wait_for(lambda: stopped)
    assert helper.stop()
    helper.ensure()
    assert not helper.running


def test_many_threads_that_ensure_at_once_start_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many come first."""
    worker, barrier = Worker(), threading.Barrier(10)
    helper = Helper("overt-test", worker.job)

    def work() -> None:
        barrier.wait()
        helper.ensure()

    threads = [threading.Thread(target=work) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(thread.name == "overt-test" for thread in threading.enumerate()) == 1
    assert helper.stop()


def test_a_forked_child_starts_a_thread_of_its_own() -> None:
    """The parent's stayed in the parent."""
    worker: Any = Worker()
    helper = Helper("overt-test", worker.job)
    helper.ensure()
    wait_for(lambda: worker.runs == 1)
    pid = os.fork()
    if pid == 0:
        was_running = helper.running
        helper.ensure()
        helper.ring()
        end = time.monotonic() + 5
        while worker.runs < 2 and time.monotonic() < end:
            time.sleep(0.005)
        os._exit(0 if worker.runs >= 2 and not was_running else 3)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert helper.stop()


class Collected(Helper):
    """A helper in whose start the garbage collector runs."""

    def _start(self) -> None:
        gc.collect()
        super()._start()


def test_a_collection_that_comes_back_to_a_helper_that_is_starting_starts_no_second_thread() -> None:
    """Starting a thread makes objects; what a collection then finalises may need the same helper."""
    worker, came_back = Worker(), list[int]()
    helper, before = Collected("overt-collected", worker.job), threading.active_count()

    def again(_phase: str, _info: dict[str, int]) -> None:
        if threading.current_thread() is starter:
            came_back.append(1)
            helper.ensure()

    starter = threading.Thread(target=helper.ensure, daemon=True)
    gc.callbacks.append(again)
    try:
        starter.start()
        starter.join(10)
    finally:
        gc.callbacks.remove(again)
    assert not starter.is_alive()
    assert came_back
    assert threading.active_count() == before + 1
    assert helper.stop()


def test_no_thread_outlives_a_stop_that_comes_while_it_starts() -> None:
    """Whoever comes first, the thread is gone when `stop` says so."""
    workers = [Worker() for _ in range(200)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for worker in workers:
            helper = Helper("overt-raced", worker.job)
            starter = threading.Thread(target=helper.ensure)
            starter.start()
            assert helper.stop()
            starter.join()
            assert not helper.running
    finally:
        sys.setswitchinterval(interval)
