"""One computation for all who ask for its result at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


class Flight:
    """A computation under way, and those who wait for it."""

    __slots__ = ("_event", "_lock", "_wakers", "error", "stale", "thread", "value")

    def __init__(self) -> None:
        self.value: Any = None
        self.error: BaseException | None = None
        self.stale = False
        """Whether the key was set or invalidated meanwhile: the value is returned but not kept."""
        self.thread = threading.current_thread()
        self._event, self._lock = threading.Event(), threading.Lock()
        self._wakers: list[Callable[[], object]] = []

    def land(self, value: Any = None, error: BaseException | None = None) -> None:
        """End the computation and wake everybody."""
        self.value, self.error = value, error
        with self._lock:
            self._event.set()
            wakers, self._wakers = self._wakers, []
        for wake in wakers:
            wake()

    def wait(self) -> bool:
        """Wait for the end; False when whoever computed was interrupted, and the waiter is to try itself.

        Raises:
            RuntimeError: The computation asks for its own result.
        """
        if self.thread is threading.current_thread() and not self._event.is_set():
            raise RuntimeError("the computation of a cached value asks for that value itself")
        while not self._event.wait(1.0):
            if not self.thread.is_alive():
                return False  # its thread stayed on the other side of a fork
        return self._landed()

    async def wait_async(self) -> bool:
        """Wait for the end in a task; False when whoever computed was cancelled."""
        import asyncio

        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()

        def resolve() -> None:
            if not done.done():
                done.set_result(None)

        with self._lock:
            if self._event.is_set():
                return self._landed()
            self._wakers.append(lambda: loop.call_soon_threadsafe(resolve))
        await done
        return self._landed()

    def _landed(self) -> bool:
        if isinstance(self.error, Exception):
            raise self.error
        return self.error is None
