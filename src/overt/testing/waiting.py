"""Waiting for something to become true, and failing when it does not."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator
from types import TracebackType
from typing import Any, NoReturn, TypeVar, overload

from overt.runtime.figures import shown

Value = TypeVar("Value")

_INTERVAL = 0.005


class _Deadline:
    """How long there is to wait, and what was seen meanwhile."""

    def __init__(self, timeout: float, message: str | None) -> None:
        if timeout < 0:
            raise ValueError(f"a time limit is not negative, asked for {timeout} s")
        self.timeout, self.message, self.looks = timeout, message, 0
        self._end = time.monotonic() + timeout

    @property
    def passed(self) -> bool:
        return time.monotonic() >= self._end

    def fail(self, last: object) -> NoReturn:
        what = self.message or "the condition did not become true"
        looks = f"{self.looks} look{'s' if self.looks != 1 else ''}"
        raise AssertionError(f"{what} (waited {self.timeout:g} s, {looks}, last saw {shown(last)})")


def wait_for(
    condition: Callable[[], Value], timeout: float = 1.0, message: str | None = None, *, interval: float = _INTERVAL
) -> Value:
    """Call a condition until it is true and return what it gave.

    Args:
        condition: Called again and again; what it raises comes through.
        timeout: Seconds to wait at most.
        message: What did not happen, for the failure.
        interval: Seconds between two looks.

    Raises:
        AssertionError: The time is over; it says what was seen last.

    Example:
        >>> numbers = iter([0, 0, 7])
        >>> wait_for(lambda: next(numbers))
        7
    """
    deadline = _Deadline(timeout, message)
    while True:
        passed = deadline.passed  # read before the look, so that there is one after the time is over
        deadline.looks += 1
        seen = condition()
        if seen:
            return seen
        if passed:
            deadline.fail(seen)
        time.sleep(interval)


async def wait_for_async(
    condition: Callable[[], Value | Awaitable[Value]],
    timeout: float = 1.0,  # noqa: ASYNC109  # the helper's whole purpose
    message: str | None = None,
    *,
    interval: float = _INTERVAL,
) -> Value:
    """Call a condition, plain or async, until it is true, and let other tasks run meanwhile.

    Raises:
        AssertionError: The time is over; it says what was seen last.
    """
    import asyncio
    import inspect

    deadline = _Deadline(timeout, message)
    while True:
        passed = deadline.passed
        deadline.looks += 1
        answer = condition()
        seen: Any = await answer if inspect.isawaitable(answer) else answer
        if seen:
            found: Value = seen
            return found
        if passed:
            deadline.fail(seen)
        await asyncio.sleep(interval)


class _Attempt:
    """One try of a block of assertions."""

    def __init__(self, deadline: _Deadline) -> None:
        self._deadline, self.held = deadline, False

    def __enter__(self) -> None:
        self._deadline.looks += 1

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> bool:
        self.held = error is None
        return isinstance(error, AssertionError) and not self._deadline.passed


class Eventually:
    """Tries a block of assertions until it holds, see `eventually`."""

    def __init__(self, timeout: float, interval: float) -> None:
        self._timeout, self._interval = timeout, interval

    def __iter__(self) -> Iterator[_Attempt]:
        deadline = _Deadline(self._timeout, None)
        while True:
            attempt = _Attempt(deadline)
            yield attempt
            if attempt.held:
                return
            time.sleep(self._interval)

    def __call__(self, block: Callable[[], Value]) -> Value:
        """Call a function until its assertions hold and return what it gave."""
        for attempt in self:
            with attempt:
                return block()
        raise AssertionError("unreachable: the last attempt returns or raises")


@overload
def eventually(block: Callable[[], Value], timeout: float = ..., *, interval: float = ...) -> Value: ...
@overload
def eventually(block: None = ..., timeout: float = ..., *, interval: float = ...) -> Eventually: ...
def eventually(block: Callable[[], Any] | None = None, timeout: float = 1.0, *, interval: float = _INTERVAL) -> Any:
    """Retry a block of assertions until all of them hold; the last failure comes through.

    Only `AssertionError` is retried.

    Args:
        block: Function to call; without it, what is returned gives the attempts one by one.
        timeout: Seconds to try at most.
        interval: Seconds between two tries.

    Example:
        >>> numbers = iter([1, 2, 3])
        >>> for attempt in eventually(timeout=1.0):
        ...     with attempt:
        ...         assert next(numbers) == 3
    """
    attempts = Eventually(timeout, interval)
    return attempts if block is None else attempts(block)
