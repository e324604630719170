"""How a cache computes what it does not have: once, for all who ask at the same time."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Any

from overt.runtime.entries import Entry
from overt.runtime.flights import Flight
from overt.runtime.forks import ForkLock


class Computing:
    """The computing half of a cache, over the entries of the other half."""

    _entries: dict[Hashable, Entry]
    _flights: dict[Hashable, Flight]
    _clock: Callable[[], float]
    _ttl: float
    _closed: bool
    _lock: ForkLock
    _load_time_ns: int

    def get(self, key: Hashable, default: Any = None) -> Any:
        """Return the value of a key, or a default."""
        raise NotImplementedError

    def _keep(self, key: Hashable, value: Any, ttl: float, owner: Any) -> None:
        """Keep a value."""
        raise NotImplementedError

    def _drain(self) -> None:
        """Do what was left to whoever holds the lock."""
        raise NotImplementedError

    def _live(self, entry: Entry | None) -> bool:
        return entry is not None and self._clock() < entry.expires

    def _outdate(self, key: Hashable) -> None:
        flight = self._flights.get(key)
        if flight is not None:
            flight.stale = True

    def get_or_compute(self, key: Hashable, fn: Callable[[], Any]) -> Any:
        """Return the value of a key; compute it when there is none, once for all who ask at the same time.

        An exception is not kept; everybody who waited for it gets it.

        Raises:
            RuntimeError: The computation asks for its own result.
        """
        missing = object()
        while True:
            value = self.get(key, missing)
            if value is not missing:
                return value
            flight, leads = self._board(key)
            if not leads:
                if flight.wait():
                    return flight.value
                self._abandon(key, flight)
                continue
            if self._found_meanwhile(key, flight):
                return flight.value
            start = time.perf_counter_ns()
            try:
                value = fn()
            except BaseException as error:
                self._land(key, flight, start, error)
                raise
            self._land(key, flight, start, None, value)
            return value

    async def aget_or_compute(self, key: Hashable, coro_fn: Callable[[], Awaitable[Any]]) -> Any:
        """Return the value of a key; await it when there is none, once for all who ask at the same time.

        An exception is not kept; everybody who waited for it gets it. When the task that computes is cancelled,
        another one that waits begins again.
        """
        missing = object()
        while True:
            value = self.get(key, missing)
            if value is not missing:
                return value
            flight, leads = self._board(key)
            if not leads:
                if await flight.wait_async():
                    return flight.value
                self._abandon(key, flight)
                continue
            if self._found_meanwhile(key, flight):
                return flight.value
            start = time.perf_counter_ns()
            try:
                value = await coro_fn()
            except BaseException as error:
                self._land(key, flight, start, error)
                raise
            self._land(key, flight, start, None, value)
            return value

    def _board(self, key: Hashable) -> tuple[Flight, bool]:
        own = Flight()
        flight = self._flights.setdefault(key, own)
        return flight, flight is own

    def _land(self, key: Hashable, flight: Flight, start: int, error: BaseException | None, value: Any = None) -> None:
        if error is None and not flight.stale and not self._closed:
            self._keep(key, value, self._ttl, None)
        with self._lock.bare():
            self._load_time_ns += time.perf_counter_ns() - start
        self._drain()
        self._abandon(key, flight)
        flight.land(value, error)

    def _abandon(self, key: Hashable, flight: Flight) -> None:
        if self._flights.get(key) is flight:
            self._flights.pop(key, None)

    def _found_meanwhile(self, key: Hashable, flight: Flight) -> bool:
        """Tell whether another computation ended between the miss and the boarding; then this one is not needed."""
        entry = self._entries.get(key)
        if entry is None or not self._live(entry):
            return False
        self._abandon(key, flight)
        flight.land(entry.value)
        return True
