"""Values that are kept for a while: computed once, dropped in time, read without a lock."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Hashable
from typing import Any

from overt.runtime.closing import Closing
from overt.runtime.computing import Computing
from overt.runtime.entries import NEVER, Entry, TiedEntry
from overt.runtime.figures import Figures, Tally
from overt.runtime.flights import Flight
from overt.runtime.helper import Helper
from overt.runtime.owners import Life, TaskLife, watch
from overt.runtime.reaping import Reaping
from overt.runtime.telemetry import Telemetry


class TTLCache(Reaping[Entry], Computing, Closing):
    """A cache in memory, with one owner of its own: whoever closes it.

    An expired value, or one whose owner is dead, is never returned. When the cache is full, values that were not read
    since the last look go first, the oldest before the others.

    Args:
        ttl: Seconds that a value is kept; None for as long as there is room.
        maxsize: Most values held at once; None for no limit.
        sweep_interval: Seconds between two sweeps by the helper thread, which starts with the first value.
        clock: Returns seconds that never go back.
        telemetry: Where `("overt", "cache", op)` is announced; op is hit, miss, expired, evicted.

    Example:
        >>> with TTLCache(ttl=60.0) as cache:
        ...     cache.get_or_compute("answer", lambda: 42), cache.get("answer"), cache.stats().hits
        (42, 42, 1)
    """

    IMPLEMENTATION = "new"

    def __init__(
        self,
        ttl: float | None = 600.0,
        maxsize: int | None = None,
        sweep_interval: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
        telemetry: Telemetry | None = None,
    ) -> None:
        super().__init__()
        if maxsize is not None and maxsize < 1:
            raise ValueError(f"a cache holds at least one value, not {maxsize}")
        if not sweep_interval > 0:
            raise ValueError(f"sweeps are some seconds apart, not {sweep_interval}")
        self._ttl = _seconds(ttl)
        self._maxsize, self._interval, self._clock, self._telemetry = maxsize, sweep_interval, clock, telemetry
        self._begin()
        self._counts = {name: Tally() for name in ("hits", "misses", "expired", "evicted")}
        self._hits, self._misses = self._counts["hits"].ticks, self._counts["misses"].ticks
        self._load_time_ns = 0
        self._untold: deque[Hashable] = deque()
        self._helper = Helper("overt-cache", self._look_after, delay=sweep_interval)
        self._closed = False

    def _begin(self) -> None:
        """Make the tables; what the legacy implementation replaces."""
        self._entries: dict[Hashable, Entry] = {}
        self._order: deque[Entry] = deque()
        self._flights: dict[Hashable, Flight] = {}

    # -- reads ---------------------------------------------------------------------------------------------------

    def get(self, key: Hashable, default: Any = None) -> Any:
        """Return the value of a key, or a default."""
        try:
            entry = self._entries[key]
        except KeyError:  # a miss is followed by a computation; a hit is what has to be cheap
            return self._missed(key, default)
        clock = self._clock  # to call a local variable takes half of what an attribute does
        if entry.expires > clock():
            next(self._hits)
            entry.used = True
            if self._telemetry is not None:
                self._tell("hit", key)
            return entry.value
        self._expire(entry)
        return self._missed(key, default)

    def _missed(self, key: Hashable, default: Any) -> Any:
        next(self._misses)
        if self._telemetry is not None:
            self._tell("miss", key)
        return default

    def __contains__(self, key: Hashable) -> bool:
        return self._live(self._entries.get(key))

    def __len__(self) -> int:
        return sum(map(self._live, list(self._entries.values())))

    def __bool__(self) -> bool:
        """Return True: an empty cache is a cache."""
        return True

    def stats(self) -> Figures:
        """Return hits, misses, expired, evicted, active values, rows held, and nanoseconds spent computing."""
        counted = {name: tally.value() for name, tally in self._counts.items()}
        return Figures(**counted, active=len(self), rows=len(self._entries), load_time_ns=self._load_time_ns)

    # -- writes --------------------------------------------------------------------------------------------------

    def set(self, key: Hashable, value: Any, ttl: float | None = None, *, owner: Any = None) -> None:
        """Keep a value.

        Args:
            key: Anything hashable.
            value: Anything; None is a value too.
            ttl: Seconds; that of the cache when None.
            owner: What the value is to vanish with: a thread, a task, a process, any object; none by default.

        Raises:
            ValueError: The time is negative or no number.
            TypeError: The key cannot be hashed, or the owner cannot be watched.
            RuntimeError: The cache is closed.
        """
        if self._closed:
            raise RuntimeError("the cache is closed")
        self._outdate(key)
        self._keep(key, value, self._ttl if ttl is None else _seconds(ttl), owner)

    def invalidate(self, key: Hashable) -> bool:
        """Drop a value, and what is being computed for its key is not kept; False when there was none."""
        self._outdate(key)
        with self._lock.bare():
            entry = self._entries.pop(key, None)
        self._drain()
        self._unfollow(entry)
        return self._live(entry)

    def clear(self) -> None:
        """Drop everything."""
        for flight in list(self._flights.values()):
            flight.stale = True
        with self._lock.bare():
            entries = list(self._entries.values())
            self._entries.clear()
            self._order.clear()
        self._drain()
        for entry in entries:
            self._unfollow(entry)

    def sweep(self) -> int:
        """Drop what has expired now and return how many that were."""
        gone = [entry for entry in list(self._entries.values()) if not self._live(entry)]
        return sum(map(self._expire, gone))

    def close(self) -> None:
        """Drop everything and stop the sweep; again is harmless."""
        self._closed = True
        self.clear()
        self._helper.stop()
        self._tell_expired()

    # -- inside --------------------------------------------------------------------------------------------------

    def _keep(self, key: Hashable, value: Any, ttl: float, owner: Any) -> None:
        life = None if owner is None else watch(key, owner, self._reap)
        expires = self._clock() + ttl
        entry = Entry(key, value, expires) if life is None else TiedEntry(key, value, expires, life)
        with self._lock.bare():
            old = self._entries.get(key)
            self._entries[key] = entry
            victims = self._make_room(entry)
        self._drain()
        self._unfollow(old)
        if isinstance(life, TaskLife):
            life.start()
        for victim in victims:
            self._counts["evicted"].hit()
            self._unfollow(victim)
            self._tell("evicted", victim.key)
        self._helper.ensure()
        if self._closed:  # since it was looked at
            self.clear()

    def _make_room(self, entry: Entry) -> list[Entry]:
        """Take out what is too much; called with the lock held."""
        if self._maxsize is None:
            return []
        order, entries, victims = self._order, self._entries, []
        order.append(entry)
        while len(entries) > self._maxsize:
            oldest = order.popleft()
            if entries.get(oldest.key) is not oldest:
                continue  # it is gone, or has a newer value further behind
            if oldest.used and oldest is not entry and self._live(oldest):
                oldest.used = False  # it was read: it gets another round
                order.append(oldest)
                continue
            victim = entries.pop(oldest.key, None)  # a collection may have taken it out just now
            if victim is not None:
                victims.append(victim)
        if len(order) > 2 * self._maxsize + 16:
            self._order = deque(other for other in order if entries.get(other.key) is other)
        return victims

    def _expire(self, entry: Entry) -> bool:
        """Take an expired value out; False when another thread was first."""
        with self._lock.bare():
            found = self._entries.get(entry.key) is entry
            if found:
                self._entries.pop(entry.key, None)
        self._drain()
        if found:
            self._let_go(entry)
        return found

    def _remove(self, life: Life) -> Entry | None:
        entry = self._entries.get(life.key)
        return self._entries.pop(life.key, None) if entry is not None and entry.life is life else None

    def _let_go(self, row: Entry) -> None:
        """Count and announce what expired; by the helper thread, because this may run inside the collector."""
        self._counts["expired"].hit()
        self._unfollow(row)
        if self._telemetry is not None:
            self._untold.append(row.key)
            self._helper.ring()

    def _unfollow(self, entry: Entry | None) -> None:
        if entry is not None and isinstance(entry.life, TaskLife):
            entry.life.cancel()

    def _look_after(self) -> float | None:
        self.sweep()
        self._tell_expired()
        return self._interval

    def _tell_expired(self) -> None:
        while self._untold:
            self._tell("expired", self._untold.popleft())

    def _tell(self, operation: str, key: Hashable) -> None:
        telemetry = self._telemetry
        if telemetry is not None and telemetry.active:
            about = {"key": key, "implementation": self.IMPLEMENTATION}
            telemetry.execute(("overt", "cache", operation), {"count": 1}, about)


def _seconds(ttl: float | None) -> float:
    if ttl is None:
        return NEVER
    if not ttl >= 0:
        raise ValueError(f"a value is kept for some seconds, not {ttl}")
    return ttl
