"""What checks ask of an answer: load it, repeat it, interleave it, run it in threads and tasks, compare its state."""

from __future__ import annotations

import contextvars
import importlib.util
import os
import pickle
import sys
import threading
import warnings
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, TypeVar

T = TypeVar("T")
_SECONDS = 5.0
_LONGEST = 100
_NTH = ("the second", "another")


class Answer:
    """The file under check.

    Args:
        path: Where it is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> ModuleType:
        """Run the file anew and return it as a module that shares nothing with earlier ones."""
        spec = importlib.util.spec_from_file_location("answer", self.path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        # Data classes and pickles look their module up by name.
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        return module


def _short(value: object) -> str:
    """Return what a value looks like; of a long one the beginning."""
    shown = repr(value)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}..."


def repeat(action: Callable[[], T], times: int = 3) -> T:
    """Do something several times and demand the same result each time; return it."""
    first = action()
    for number in range(2, times + 1):
        again = action()
        assert again == first, f"the first time it gave {_short(first)}, {_NTH[number > 2]} time {_short(again)}"
    return first


def either_order(answer: Answer, one: Callable[[Any], T], other: Callable[[Any], T]) -> None:
    """Do two things in both orders, each on a fresh module, and demand that the order does not show."""
    module = answer.load()
    one_first, other_second = one(module), other(module)
    module = answer.load()
    other_first, one_second = other(module), one(module)
    assert one_first == one_second, f"it gave {one_first!r} when done first and {one_second!r} when done second"
    assert other_first == other_second, f"it gave {other_second!r} when done second and {other_first!r} when done first"


def interleave(*actions: Iterator[T]) -> list[list[T]]:
    """Take one step of each generator in turn until all are done; return what each gave."""
    results: list[list[T]] = [[] for _ in actions]
    running = list(enumerate(actions))
    while running:
        for entry in list(running):
            number, action = entry
            try:
                results[number].append(next(action))
            except StopIteration:
                running.remove(entry)
    return results


def at_once(*actions: Callable[[threading.Barrier], T]) -> list[T]:
    """Run each action in a thread of its own with a fresh context and return the results in order.

    Each is given a barrier that all of them can wait at, to meet in the middle of what they do.
    """
    meet = threading.Barrier(len(actions), timeout=_SECONDS)
    results: dict[int, T] = {}
    errors: list[BaseException] = []

    def run(number: int, action: Callable[[threading.Barrier], T]) -> None:
        try:
            results[number] = contextvars.Context().run(action, meet)
        except BaseException as error:  # noqa: BLE001 -- told in the thread that waits
            errors.append(error)
            meet.abort()

    threads = [threading.Thread(target=run, args=entry, daemon=True) for entry in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2 * _SECONDS)
    if errors:
        raise next((error for error in errors if not isinstance(error, threading.BrokenBarrierError)), errors[0])
    assert len(results) == len(actions), "a thread did not come to its end"
    return [results[number] for number in range(len(actions))]


def in_tasks(*actions: Callable[[], Awaitable[T]]) -> list[T]:
    """Run each action in a task of its own, all in one event loop, and return the results in order."""
    import asyncio

    async def run() -> list[T]:
        async def one(action: Callable[[], Awaitable[T]]) -> T:
            return await action()

        return list(await asyncio.gather(*(one(action) for action in actions)))

    return asyncio.run(asyncio.wait_for(run(), _SECONDS))


def _fingerprint(value: object) -> object:
    try:
        return pickle.dumps(value)
    except Exception:  # noqa: BLE001 -- whatever cannot be pickled is compared by what it looks like
        return repr(value)


def state_of(module: ModuleType) -> dict[str, object]:
    """Return what a module remembers: its variables, those of its classes, and what sticks to its functions."""
    state: dict[str, object] = {}

    def note(prefix: str, names: dict[str, object]) -> None:
        for name, value in names.items():
            if isinstance(value, (staticmethod, classmethod)):
                value = value.__func__
            if isinstance(value, FunctionType):
                state[f"an attribute of {prefix}{name}()"] = _fingerprint(value.__dict__)
                defaults = _fingerprint((value.__defaults__, value.__kwdefaults__))
                state[f"a default value of {prefix}{name}()"] = defaults
            elif isinstance(value, type) and value.__module__ == module.__name__:
                note(f"{prefix}{name}.", dict(vars(value)))
            elif not name.startswith("__") and not isinstance(value, (ModuleType, contextvars.ContextVar)):
                state[f"{prefix}{name}"] = _fingerprint(value)

    note("", dict(vars(module)))
    return state


def changed_state(module: ModuleType, action: Callable[[], object]) -> list[str]:
    """Return the names of what a module remembers differently after an action, sorted."""
    before = state_of(module)
    action()
    after = state_of(module)
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def import_effects(answer: Answer) -> list[str]:
    """Return what importing an answer changes outside it: threads, environment, folder, warnings filters, files.

    The warnings filters are as they were afterwards.
    """

    def look() -> dict[str, object]:
        return {
            "threads": threading.active_count(),
            "environment": dict(os.environ),
            "current folder": Path.cwd(),
            "warnings filters": list(warnings.filters),
            # The interpreter's own cache of compiled code is nothing that the answer did.
            "files": sorted(path.name for path in Path().iterdir() if path.name != "__pycache__"),
        }

    with warnings.catch_warnings():
        # A filter that is set a second time shows no difference, and the answer has been loaded before.
        warnings.resetwarnings()
        before = look()
        answer.load()
        after = look()
    return [name for name, value in before.items() if after[name] != value]
