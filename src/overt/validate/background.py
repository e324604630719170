"""Work in a thread of its own, while its owner follows what it leaves on the way."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

_T = TypeVar("_T")


class Background(Generic[_T]):
    """A call that runs beside its caller; it does not keep the program from ending.

    Args:
        work: What to call.

    Example:
        >>> Background(lambda: 6 * 7).result()
        42
    """

    def __init__(self, work: Callable[[], _T]) -> None:
        self._work = work
        self._value: list[_T] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._value.append(self._work())
        except BaseException as error:  # noqa: BLE001 (raised again where the result is asked for)
            self._error = error

    def wait(self, seconds: float) -> bool:
        """Wait for the end, at most so long; tell whether it has come."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def result(self) -> _T:
        """Wait for the end and return what the call returned, or raise what it raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._value[0]
