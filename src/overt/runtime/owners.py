"""When the life of what owns something ends: threads, asyncio tasks, processes, any object.

A *life* is a callable that returns something while the owner lives and None once it does not. It carries the key of
the entry that is tied to it, and tells its table when the owner is gone.
"""

from __future__ import annotations

import os
import sys
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from os import getpid
from typing import Any, Protocol


class ThreadLife:
    """An object that lives exactly as long as the thread that asked for it."""

    __slots__ = ("__weakref__",)


THREAD = threading.local()  # overt: allow OV101 until=2027-12-31 -- its end is how a thread's death is seen


def this_thread() -> ThreadLife:
    """Return the object that dies with the running thread, about when its function returns."""
    try:
        life: ThreadLife = THREAD.life
    except AttributeError:
        life = THREAD.life = ThreadLife()
    return life


class Process:
    """The number of this process, which takes six times a `dict.get` to ask the system for."""

    __slots__ = ("lock", "pid")

    def __init__(self) -> None:
        self.look()

    def look(self) -> None:
        """Ask for the number; called in a forked child before it can have a second thread."""
        self.lock = threading.Lock()
        """Held by whoever replaces what belonged to the parent."""
        self.pid = getpid()


PROCESS = Process()

if hasattr(os, "register_at_fork"):
    # It corrects the object above and holds nothing else; asking with getpid() each time takes longer.
    os.register_at_fork(after_in_child=PROCESS.look)


MODULES_OF_OWNERS = frozenset({"threading", "subprocess", "asyncio.futures", "_asyncio", "multiprocessing.process"})
"""Where the classes stand that end in a way of their own and are derived from nothing but object."""


class Life(Protocol):
    """Whether an owner lives, and for which entry that matters."""

    key: Any

    def __call__(self) -> object | None:
        """Return None once the owner is dead."""


Gone = Callable[[Any], None]
"""Called with the life that ended; may run inside the garbage collector, so it neither waits nor logs."""


class ObjectLife(weakref.ref[Any]):
    """The life of an object, or of the running thread through its `ThreadLife`."""

    __slots__ = ("key",)

    key: Any


class Endless:
    """The life of what has no owner: it ends when its table does."""

    __slots__ = ("key",)

    def __init__(self, key: Any) -> None:
        self.key = key

    def __call__(self) -> object | None:
        """Return something, always."""
        return self


class PolledLife:
    """The life of another thread or of a process: nobody tells of its end, so a helper thread looks."""

    __slots__ = ("_probe", "key")

    def __init__(self, key: Any, probe: Callable[[], bool]) -> None:
        self.key, self._probe = key, probe

    def __call__(self) -> object | None:
        """Return None once the thread has finished or the process has exited."""
        return self if self._probe() else None


class TaskLife:
    """The life of an asyncio task or future: it ends when that is done, cancelled or collected."""

    __slots__ = ("__weakref__", "_gone", "_ref", "key")

    def __init__(self, key: Any, task: Any, gone: Gone) -> None:
        self.key, self._gone = key, gone
        self._ref = weakref.ref(task, self._end)

    def __call__(self) -> object | None:
        """Return the task, or None once it is done."""
        task = self._ref()
        return None if task is None or task.done() else task

    def _end(self, _task: object) -> None:
        self._gone(self)

    def start(self) -> None:
        """Ask the task to tell when it is done."""
        self._in_its_loop("add_done_callback")

    def cancel(self) -> None:
        """Ask no longer, so that the task does not gather callbacks."""
        self._in_its_loop("remove_done_callback")

    def _in_its_loop(self, method: str) -> None:
        from asyncio import _get_running_loop
        from contextvars import Context

        task = self._ref()
        if task is None:
            return
        call = getattr(task, method)
        options = {"context": Context()} if method == "add_done_callback" else {}
        loop = task.get_loop()
        if _get_running_loop() is loop or not loop.is_running():
            with suppress(RuntimeError):  # a loop that is closed: nothing can become done any more
                call(self._end, **options)
            return
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(lambda: call(self._end, **options))


def _thread_lives(ref: weakref.ref[threading.Thread]) -> Callable[[], bool]:
    def lives() -> bool:
        thread = ref()
        return thread is not None and (thread.ident is None or thread.is_alive())

    return lives


def _process_lives(process: Any) -> Callable[[], bool] | None:
    modules = sys.modules
    popen = getattr(modules.get("subprocess"), "Popen", None)
    if popen is not None and isinstance(process, popen):
        return lambda: process.poll() is None
    base = getattr(modules.get("multiprocessing.process"), "BaseProcess", None)
    if base is None or not isinstance(process, base):
        return None

    def lives() -> bool:
        try:
            return process.pid is None or process.is_alive()
        except (ValueError, AssertionError):  # closed, or the child of another process: not ours to wait for
            return False

    return lives


def is_task(owner: object) -> bool:
    """Tell whether an owner is an asyncio task or future, without importing asyncio for it."""
    futures = sys.modules.get("asyncio.futures")
    return futures is not None and isinstance(owner, futures.Future)


def polled(owner: object) -> Callable[[], bool] | None:
    """Return a probe for an owner of whose end nobody tells; None for every other owner."""
    if isinstance(owner, threading.Thread):
        return None if owner is threading.current_thread() else _thread_lives(weakref.ref(owner))
    return _process_lives(owner)


def is_plain(kind: type) -> bool:
    """Tell whether objects of a class can be owners only as objects: nearly every one is of a class like that."""
    return kind.__base__ is object and kind.__module__ not in MODULES_OF_OWNERS


def watch(key: object, owner: object, gone: Gone) -> Life:
    """Return the life of an owner.

    Args:
        key: What to find the entry by when the owner is gone.
        owner: A thread, an asyncio task or future, a process, or any object that can be referenced weakly.
        gone: Called with the life once the owner is gone. For a task, after `start()`; for another thread or a
            process never: a `PolledLife` is to be looked at.

    Raises:
        TypeError: The owner cannot be referenced weakly.
    """
    if not is_plain(type(owner)):
        if is_task(owner):
            return TaskLife(key, owner, gone)
        probe = polled(owner)
        if probe is not None:
            return PolledLife(key, probe)
        if isinstance(owner, threading.Thread):
            owner = this_thread()
    life = ObjectLife(owner, gone)
    life.key = key
    return life
