"""The functions that a guard puts in the place of two implementations."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from types import TracebackType
from typing import Any, NamedTuple

from overt.runtime.compare import Comparison
from overt.runtime.observation import Side
from overt.runtime.telemetry import Telemetry

Function = Callable[..., Any]


class Parts(NamedTuple):
    """What a guarded function is made of.

    Args:
        choose: Tells by flag and key whether the new implementation is chosen.
        flag: Name of the flag.
        key: Who asks, or a function of the arguments that returns it.
        new: The new implementation.
        legacy: The legacy one.
        fallback: Exceptions of the new one after which the legacy one is asked.
        comparison: How both are compared.
        count_new: Counts a call of the new one.
        count_legacy: Counts a call of the legacy one.
        count_fallback: Counts a call that the legacy one caught.
    """

    choose: Callable[[str, object], bool]
    flag: str
    key: Any
    new: Function
    legacy: Function
    fallback: tuple[type[Exception], ...]
    comparison: Comparison
    count_new: Callable[[], int]
    count_legacy: Callable[[], int]
    count_fallback: Callable[[], int]


def is_async(function: Function) -> bool:
    """Tell whether calling something gives a coroutine."""
    from inspect import iscoroutinefunction

    called = getattr(type(function), "__call__", None)  # noqa: B004  # the method itself is looked at
    return iscoroutinefunction(function) or iscoroutinefunction(called)


def calling(parts: Parts, like: Function, *, waits: bool) -> Function:
    """Return the guarded function, named and documented like another one.

    Args:
        parts: What it is made of.
        like: The function that it is to look like.
        waits: Whether the implementations are async.
    """
    make = _waited if waits else _keyed if callable(parts.key) else _plain
    return wraps(like)(make(parts))


def _plain(parts: Parts) -> Function:
    """One key for all calls."""
    choose, flag, key, new, legacy, fallback, comparison, count_new, count_legacy, count_fallback = parts
    share, random, compare = comparison.share, comparison.random, comparison.call

    def call(*args: Any, **named: Any) -> Any:
        if choose(flag, key):
            count_new()
            try:
                if share and random() < share:
                    return compare(new, legacy, args, named, chosen="new")
                return new(*args, **named)
            except fallback:
                count_fallback()
                return legacy(*args, **named)
        count_legacy()
        if share and random() < share:
            return compare(new, legacy, args, named, chosen="legacy")
        return legacy(*args, **named)

    return call


def _keyed(parts: Parts) -> Function:
    """A key of the arguments; written out again, since one more call would cost as much as all the rest."""
    choose, flag, key, new, legacy, fallback, comparison, count_new, count_legacy, count_fallback = parts
    share, random, compare = comparison.share, comparison.random, comparison.call

    def call(*args: Any, **named: Any) -> Any:
        if choose(flag, key(*args, **named)):
            count_new()
            try:
                if share and random() < share:
                    return compare(new, legacy, args, named, chosen="new")
                return new(*args, **named)
            except fallback:
                count_fallback()
                return legacy(*args, **named)
        count_legacy()
        if share and random() < share:
            return compare(new, legacy, args, named, chosen="legacy")
        return legacy(*args, **named)

    return call


def _waited(parts: Parts) -> Function:
    from overt.runtime.compare_async import call_async

    choose, flag, key, new, legacy, fallback, comparison, count_new, count_legacy, count_fallback = parts
    random, share = comparison.random, comparison.share

    async def call(*args: Any, **named: Any) -> Any:
        chosen: Side = "new" if choose(flag, key(*args, **named) if callable(key) else key) else "legacy"
        (count_new if chosen == "new" else count_legacy)()
        try:
            if share and random() < share:
                return await call_async(comparison, new, legacy, args, named, chosen=chosen)
            return await (new if chosen == "new" else legacy)(*args, **named)
        except fallback:
            if chosen == "legacy":
                raise
            count_fallback()
            return await legacy(*args, **named)

    return call


def announced(
    telemetry: Telemetry, flag: str, expected: tuple[type[Exception], ...]
) -> Callable[[Function, Side], Function]:
    """Return what makes of a function one whose calls are announced.

    Args:
        telemetry: Where.
        flag: Name of the flag.
        expected: Exceptions that are no failures.
    """

    def announce(function: Function, side: Side) -> Function:
        def call(*args: Any, **named: Any) -> Any:
            with _Timed(telemetry, flag, side, expected):
                return function(*args, **named)

        async def waited(*args: Any, **named: Any) -> Any:
            with _Timed(telemetry, flag, side, expected):
                return await function(*args, **named)

        return waited if is_async(function) else call

    return announce


class _Timed:
    """A call that is announced when it ends, with how it ended."""

    __slots__ = ("_begin", "_expected", "_flag", "_side", "_telemetry")

    def __init__(self, telemetry: Telemetry, flag: str, side: Side, expected: tuple[type[Exception], ...]) -> None:
        self._telemetry, self._flag, self._side, self._expected = telemetry, flag, side, expected

    def __enter__(self) -> None:
        self._begin = time.perf_counter_ns()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        duration = time.perf_counter_ns() - self._begin
        # What is no Exception, a cancellation for one, says nothing about the implementation.
        failed = isinstance(error, Exception) and not isinstance(error, self._expected)
        told = {"flag": self._flag, "implementation": self._side, "result": "error" if failed else "ok"}
        self._telemetry.execute(("overt", "guard", "call"), {"duration_ns": duration}, told)
