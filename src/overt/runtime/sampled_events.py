"""Events that are many: sampled, told once in a while, or told together."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any

from overt.runtime.batches import Batch, Batches
from overt.runtime.closing import Closing
from overt.runtime.figures import Figures, Tally
from overt.runtime.forks import ForkLock
from overt.runtime.helper import Helper
from overt.runtime.owners import PROCESS
from overt.runtime.samplers import Always, Sampler
from overt.runtime.telemetry import NOTHING, Name, Telemetry, Values

_MOST_KEYS = 100_000
_NO_PROCESS = -1


class SampledEvents(Closing):
    """Announces events through a `Telemetry`, fewer than there are.

    Args:
        telemetry: Where they are announced.
        prefix: Put before every name.
        sampler: Decides about `emit` and `span`, see `overt.runtime.samplers`.
        batch_size: Items of a full batch.
        flush_interval: Seconds after which a batch is announced that is not full.
        dedup_retention: Seconds that the key of `emit_once_per` is remembered at least; the interval if that is longer.
        clock: Returns seconds that never go back.
        queue_limit: Most items that wait under one name, what comes then is dropped and counted; None for no limit.

    Example:
        >>> telemetry = Telemetry()
        >>> _ = telemetry.attach("show", (), lambda name, measured, meta: print(".".join(name), dict(measured)))
        >>> with SampledEvents(telemetry, ("shop",)) as events:
        ...     _ = events.emit(("sold",), {"n": 1})
        ...     _ = [events.emit_batched(("seen",), item) for item in "abc"]
        shop.sold {'n': 1}
        shop.seen {'count': 3}
    """

    IMPLEMENTATION = "new"

    def __init__(
        self,
        telemetry: Telemetry,
        prefix: Name = (),
        *,
        sampler: Sampler | None = None,
        batch_size: int = 100,
        flush_interval: float = 1.0,
        dedup_retention: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
        queue_limit: int | None = None,
    ) -> None:
        if batch_size < 1:
            raise ValueError(f"a batch has at least one item, not {batch_size}")
        if not flush_interval > 0:
            raise ValueError(f"batches are flushed after some seconds, not {flush_interval}")
        self._telemetry, self._prefix, self._clock = telemetry, tuple(prefix), clock
        self._sample = (sampler or Always()).sample
        self._size, self._interval, self._retention = batch_size, flush_interval, dedup_retention
        self._limit = queue_limit
        self._common = batch_size - 1 if queue_limit is None else min(batch_size - 1, queue_limit)
        """While so many items wait, and at least one, another one is just appended."""
        self._lock = ForkLock()
        self._emitted, self._sampled_out, self._repeated, self._forgotten = Tally(), Tally(), Tally(), Tally()
        self._repeats = self._repeated.ticks
        self._helper = Helper("overt-events", self._look_after, delay=flush_interval)
        self._closed, self._pid = False, PROCESS.pid
        self._begin()

    def _begin(self) -> None:
        """Make the tables; what the legacy implementation replaces."""
        self._next: dict[Hashable, tuple[float, float]] = {}
        self._batches = Batches(self._telemetry, self._prefix, self._size)
        # Also when the interpreter exits, and when nobody holds this any more.
        self._at_exit = weakref.finalize(self, self._batches.flush)

    # -- one by one ----------------------------------------------------------------------------------------------

    def emit(self, name: Name, measurements: Values = NOTHING, metadata: Values = NOTHING) -> bool:
        """Announce an event if the sampler says so; returns whether it was announced."""
        if not self._sample(self._clock()):
            self._sampled_out.hit()
            return False
        self._emitted.hit()
        self._telemetry.execute(self._prefix + name, measurements, metadata)
        return True

    def emit_once_per(
        self,
        name: Name,
        interval: float,
        measurements: Values = NOTHING,
        metadata: Values = NOTHING,
        key: Hashable = None,
    ) -> bool:
        """Announce an event unless it was announced less than an interval ago; of many threads exactly one does.

        Args:
            name: Tuple of strings.
            interval: Seconds.
            measurements: Numbers.
            metadata: Anything else about it.
            key: What counts as the same event; name and metadata by default.

        Returns:
            Whether it was announced.
        """
        own = name if key is None and metadata is NOTHING else _key(name, metadata, key)
        try:
            clock, known = self._clock, self._next[own]
            if clock() < known[0]:
                next(self._repeats)
                return False
        except KeyError:
            pass
        if not self._is_due(own, interval):
            next(self._repeats)
            return False
        self._emitted.hit()
        self._telemetry.execute(self._prefix + name, measurements, metadata)
        return True

    def has_announced(self, name: Name, metadata: Values = NOTHING, key: Hashable = None) -> bool:
        """Tell whether `emit_once_per` would be too early now."""
        known = self._next.get(_key(name, metadata, key))
        return known is not None and self._clock() < known[0]

    def _is_due(self, key: Hashable, interval: float) -> bool:
        """Check and set: when the next one is due, and until when that is remembered."""
        now = self._clock()
        with self._lock.bare():
            known = self._next.get(key)
            if known is not None and now < known[0]:
                return False
            self._next[key] = (now + interval, now + max(interval, self._retention))
            if len(self._next) > _MOST_KEYS:
                self._forget_some(now)
        return True

    def _forget_some(self, now: float) -> None:
        """Keep memory bounded: forget what is past, else those that are due the soonest."""
        left = {key: times for key, times in self._next.items() if now < times[0]}
        if len(left) > _MOST_KEYS // 2:
            soonest = sorted(left, key=lambda key: left[key][0])[: len(left) - _MOST_KEYS // 2]
            for key in soonest:
                del left[key]
                self._forgotten.hit()
        self._next = left

    @contextmanager
    def span(self, name: Name, metadata: Values = NOTHING) -> Iterator[None]:
        """Announce the begin and the end of a block, `start` and `stop` added to the name; sampled as one.

        The end has the measurement `duration_ns` and the metadata `status`, ok or error.
        """
        now = self._clock()
        if not self._sample(now):
            self._sampled_out.hit()
            yield
            return
        self._emitted.hit()
        start, status = time.perf_counter_ns(), "ok"
        self._telemetry.execute((*self._prefix, *name, "start"), {"count": 1}, metadata)
        try:
            yield
        except BaseException:
            status = "error"
            raise
        finally:
            measured = {"count": 1, "duration_ns": time.perf_counter_ns() - start}
            self._telemetry.execute((*self._prefix, *name, "stop"), measured, {**metadata, "status": status})

    # -- together ------------------------------------------------------------------------------------------------

    def emit_batched(self, name: Name, item: Any) -> bool:
        """Announce an item together with others of its name: measurement `count`, metadata `items`.

        Returns:
            False when it was dropped, because the queue has a limit and is full.

        Raises:
            RuntimeError: The events are closed.
        """
        if self._pid != PROCESS.pid:
            self._reopen()
        batches = self._batches
        try:
            batch = batches.waiting[name]
        except KeyError:
            batch = batches.under(name)
        items = batch.items
        if 0 < len(items) < self._common:
            items.append(item)
            return True
        return self._append_seldom(batches, batch, item)

    def _append_seldom(self, batches: Batches, batch: Batch, item: Any) -> bool:
        """Append an item that is the first or the last of a batch, or drop it when there is no room."""
        items = batch.items
        if self._limit is not None and len(items) >= self._limit:
            batches.dropped.hit()
            return False
        items.append(item)
        if len(items) >= self._size:
            batches.deliver(batch, self._size)
        else:
            self._helper.ensure()
        return True

    def _reopen(self) -> None:
        """Leave what waits to the parent, in a forked child.

        Raises:
            RuntimeError: The events are closed.
        """
        if not self._closed:
            self._batches.forget()
            self._pid = PROCESS.pid
        if self._closed:  # looked at last, because closing looks at nothing
            self._pid = _NO_PROCESS
            raise RuntimeError("the events are closed")

    def flush(self) -> None:
        """Announce everything that waits."""
        self._batches.flush()

    @property
    def pending(self) -> int:
        """How many items wait."""
        return self._batches.pending

    def stats(self) -> Figures:
        """Return what was done so far and what is held.

        Without other threads at work, batched = delivered + pending, and what was dropped is in neither.
        """
        batches = self._batches
        return Figures(
            emitted=self._emitted.value(),
            sampled_out=self._sampled_out.value(),
            deduplicated=self._repeated.value(),
            batched=batches.batched,
            delivered=batches.delivered,
            batches=batches.batches,
            dropped=batches.dropped.value(),
            pending=batches.pending,
            keys=len(self._next),
            forgotten=self._forgotten.value(),
        )

    def close(self) -> None:
        """Announce what waits and stop the helper thread; again is harmless."""
        self._closed = True
        self._pid = _NO_PROCESS
        self._common, self._size = 0, 1  # a writer that had found it open announces its item itself
        self._helper.stop()
        self.flush()

    def _look_after(self) -> float | None:
        """Flush what waits and forget what is past; sleep when there is nothing left to do."""
        self._batches.flush()
        now = self._clock()
        with self._lock.bare():
            for key in [key for key, (_, until) in self._next.items() if now >= until]:
                del self._next[key]
        return self._interval


def _key(name: Name, metadata: Values, key: Hashable) -> Hashable:
    if key is not None:
        return name, key
    if not metadata:
        return name
    try:
        return name, frozenset(metadata.items())
    except TypeError:  # a value that cannot be hashed
        return name, repr(sorted(metadata.items(), key=lambda item: str(item[0])))
