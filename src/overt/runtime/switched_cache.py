"""A cache that can be switched between its new and its legacy implementation while it is used."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Any

from overt.runtime.legacy.ttl_cache import TTLCache as LegacyCache
from overt.runtime.switch import Pair, Switch
from overt.runtime.switched import Switched
from overt.runtime.telemetry import Telemetry
from overt.runtime.ttl_cache import TTLCache


class SwitchedCache(Switched):
    """The interface of `TTLCache` over both implementations.

    A value is kept where the switch says and dropped from the other side; it is found from either.

    Args:
        switch: True for the new implementation; asked at every call.
        ttl: Given to both, as everything below.
        maxsize: As of `TTLCache`.
        sweep_interval: As of `TTLCache`.
        clock: As of `TTLCache`.
        telemetry: As of `TTLCache`.
    """

    def __init__(
        self,
        switch: Switch,
        ttl: float | None = 600.0,
        maxsize: int | None = None,
        sweep_interval: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
        telemetry: Telemetry | None = None,
    ) -> None:
        new = TTLCache(ttl, maxsize, sweep_interval, clock, telemetry)
        legacy = LegacyCache(ttl, maxsize, sweep_interval, clock, telemetry)
        self._pair: Pair[TTLCache] = Pair(new=new, legacy=legacy, switch=switch)

    def _holder(self, key: Hashable) -> TTLCache:
        first, other = self._pair.both()
        return other if key not in first and key in other else first

    def get(self, key: Hashable, default: Any = None) -> Any:
        """Return the value of a key, or a default."""
        return self._holder(key).get(key, default)

    def get_or_compute(self, key: Hashable, fn: Callable[[], Any]) -> Any:
        """Return the value of a key; compute it when neither side has one."""
        return self._holder(key).get_or_compute(key, fn)

    async def aget_or_compute(self, key: Hashable, coro_fn: Callable[[], Awaitable[Any]]) -> Any:
        """Return the value of a key; await it when neither side has one."""
        return await self._holder(key).aget_or_compute(key, coro_fn)

    def set(self, key: Hashable, value: Any, ttl: float | None = None, *, owner: Any = None) -> None:
        """Keep a value on the chosen side, and drop it from the other."""
        first, other = self._pair.both()
        first.set(key, value, ttl, owner=owner)
        other.invalidate(key)

    def invalidate(self, key: Hashable) -> bool:
        """Drop a value from both sides; False when there was none."""
        found = [side.invalidate(key) for side in self._pair.both()]
        return any(found)

    def clear(self) -> None:
        """Drop everything."""
        for side in self._pair.both():
            side.clear()

    def sweep(self) -> int:
        """Drop what has expired now and return how many that were."""
        return sum(side.sweep() for side in self._pair.both())

    def __contains__(self, key: Hashable) -> bool:
        return any(key in side for side in self._pair.both())

    def __len__(self) -> int:
        return sum(map(len, self._pair.both()))

    def __bool__(self) -> bool:
        """Return True: an empty cache is a cache."""
        return True
