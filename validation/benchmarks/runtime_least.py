"""The least that each operation of the runtime could cost: the calls into the interpreter it cannot do without.

One bare method or block each, with none of what makes the operation safe, counted, switchable or told.
"""

from __future__ import annotations

import random
import threading
import time
import weakref
from contextvars import ContextVar
from itertools import count
from typing import Any

EMPTY: dict[str, object] = {}


class Agent:
    """Something to register."""


class Least:
    """Registry, cache and events."""

    def __init__(self) -> None:
        self.agent = Agent()
        self.rows: dict[object, Any] = {"a": weakref.ref(self.agent)}
        self.entries = {"a": (1, float("inf"))}
        self.due: dict[tuple[str, ...], float] = {("seen",): float("inf")}
        self.clock, self.lock, self.items = time.monotonic, threading.RLock(), list[object]()
        self.ticks = count()

    def get(self, key: object, default: object = None) -> Any:
        """Look up, and look whether the owner lives."""
        row = self.rows.get(key)
        if row is None or row() is None:
            return default
        return row

    def register(self, key: object, agent: object) -> None:
        """Make a weak reference that tells, and enter it if there is none."""
        self.rows.setdefault(key, weakref.ref(agent, self.rows.get))

    def unregister(self, key: object) -> None:
        """Take out, if it is there and lives."""
        self.lock.acquire()
        row = self.rows.get(key)
        if row is not None and row() is not None:
            del self.rows[key]
        self.lock.release()

    def hit(self, key: str, default: object = None) -> Any:
        """Look up, look at the clock, count."""
        entry, clock = self.entries[key], self.clock
        if clock() >= entry[1]:
            return default
        next(self.ticks)
        return entry[0]

    def repeated(self, name: tuple[str, ...], _interval: float) -> bool:
        """Look up, look at the clock, count."""
        clock = self.clock
        if clock() < self.due[name]:
            next(self.ticks)
            return False
        return True

    def batched(self, item: object) -> bool:
        """Append, look whether that was enough."""
        items = self.items
        items.append(item)
        if len(items) >= 100:
            del items[:100]
        return True


VALUE: ContextVar[dict[str, object]] = ContextVar("benchmark_value")


class LeastBlock:
    """Sets and resets a context variable with a merged dictionary."""

    __slots__ = ("mapping", "token")

    mapping: dict[str, object]

    def __enter__(self) -> dict[str, object]:
        value = VALUE.get(EMPTY) | self.mapping
        self.token = VALUE.set(value)
        return value

    def __exit__(self, *_: object) -> None:
        VALUE.reset(self.token)


def least_block(mapping: dict[str, object]) -> LeastBlock:
    """Return a block; made without `__init__`, which takes longer."""
    made = LeastBlock()
    made.mapping = mapping
    return made


class LeastSpan:
    """Two numbers and a time."""

    __slots__ = ("number", "start", "trace")


CURRENT: ContextVar[LeastSpan | None] = ContextVar("benchmark_span", default=None)


class LeastTracer:
    """Numbers, times, what is open, what is current, and two counts."""

    def __init__(self) -> None:
        self.open: dict[LeastSpan, bool] = {}
        self.bits = random.Random().getrandbits
        self.started, self.ended = count(), count()
        self.get, self.put = CURRENT.get, CURRENT.set

    def start_span(self, _name: str) -> LeastSpan:
        """Draw numbers, look at the clock, note as open, make current, count."""
        made, bits, put = LeastSpan(), self.bits, self.put
        made.number, made.trace, made.start = bits(64), bits(128), time.monotonic_ns()
        self.open[made] = True
        put(made)
        next(self.started)
        return made

    def end_span(self, span: LeastSpan) -> int:
        """Look at the clock, note as ended, make current what was, count."""
        get, duration = self.get, time.monotonic_ns() - span.start
        self.open.pop(span)
        if get() is span:
            put = self.put
            put(None)
        next(self.ended)
        return duration
