"""Locks after a fork: free, and still held by one at a time."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable

import pytest

from overt.runtime.forks import ForkLock
from overt.runtime.owners import PROCESS

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


def told_by_child(work: Callable[[], object]) -> str:
    """Fork, run something in the child, and return the text of what it gave."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(writer, repr(work()).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as told:
        text = told.read()
    os.waitpid(pid, 0)
    return text


def test_a_child_finds_a_lock_free_that_another_thread_held() -> None:
    """The holder stayed in the parent; there the lock is still held."""
    lock, held, over = ForkLock(), threading.Event(), threading.Event()

    def hold() -> None:
        with lock:
            held.set()
            over.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    try:
        assert told_by_child(lambda: lock.acquire(blocking=False)) == "True"
        assert not lock.acquire(blocking=False)
    finally:
        over.set()
        holder.join()


def test_threads_of_a_child_never_hold_a_lock_together() -> None:
    """Also when they are the first to take it after the fork, all at once."""
    locks = [ForkLock() for _ in range(30_000)]

    def together() -> bool:
        sys.setswitchinterval(1e-6)
        taken, gate = list[list[object]](), threading.Barrier(4)

        def take() -> None:
            gate.wait(10)
            taken.append([lock.bare() for lock in locks])

        threads = [threading.Thread(target=take) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return all(one is other for one, *others in zip(*taken, strict=True) for other in others)

    assert told_by_child(together) == "True"


def test_the_number_of_the_process_is_right_on_both_sides() -> None:
    """The child's is asked for in the child."""
    assert told_by_child(lambda: os.getpid() == PROCESS.pid) == "True"
    assert os.getpid() == PROCESS.pid


class Interrupted(Exception):
    """What the signal of this test raises, wherever the program is."""


def test_a_signal_that_raises_never_leaves_a_lock_taken() -> None:
    """The interpreter handles signals between two calls, so none may stand between the taking and the block."""

    def interrupt(_number: int, _frame: object) -> None:
        raise Interrupted

    lock, interrupted = ForkLock(), 0
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        while interrupted < 300:
            try:
                signal.setitimer(signal.ITIMER_REAL, 0.0001)
                for _ in range(10_000):
                    with lock.bare():
                        pass
            except Interrupted:
                interrupted += 1
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    free = list[bool]()
    thread = threading.Thread(target=lambda: free.append(lock.acquire(blocking=False)))
    thread.start()
    thread.join()
    assert free == [True]
