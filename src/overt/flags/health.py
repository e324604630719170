"""How the new implementations do, measured from what they announce."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from overt.runtime.forks import ForkLock
from overt.runtime.telemetry import Name, Telemetry, Values


class Health(NamedTuple):
    """What was measured; a part that could not be measured is None, never a guess.

    Args:
        error_rate: Share of the calls of new implementations that failed, 0 to 1.
        latency_ratio: Mean duration of new calls by that of legacy calls.
        samples: Calls of new implementations that this rests on.
        age: Seconds since another process measured it; None when it is measured here and now.
    """

    error_rate: float | None
    latency_ratio: float | None
    samples: int
    age: float | None = None


class _Second:
    """What was announced in one second."""

    __slots__ = ("at", "calls", "duration_ns", "failures", "timed")

    def __init__(self, at: int) -> None:
        self.at, self.failures = at, 0
        self.calls = {"new": 0, "legacy": 0}
        self.timed = {"new": 0, "legacy": 0}
        self.duration_ns = {"new": 0, "legacy": 0}


class TelemetryHealth:
    """Listens to every event that says which implementation it is of.

    Counted are events with the metadata `implementation`, `new` or `legacy`. One failed when its metadata `result` or
    `status` is `error`; its duration is the measurement `duration_ns`.

    Args:
        telemetry: What to listen to.
        window: Seconds that are looked back.
        clock: Returns seconds that never go back.

    Example:
        >>> telemetry = Telemetry()
        >>> health = TelemetryHealth(telemetry)
        >>> for result in ("ok", "ok", "ok", "error"):
        ...     telemetry.execute(("shop", "pay"), {}, {"implementation": "new", "result": result})
        >>> health()
        Health(error_rate=0.25, latency_ratio=None, samples=4, age=None)
    """

    def __init__(
        self, telemetry: Telemetry, *, window: float = 60.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._window, self._clock, self._lock = window, clock, ForkLock()
        self._seconds: deque[_Second] = deque()
        self.on_second: Callable[[], object] = lambda: None
        """Called at the first call that is heard in a second."""
        self._handle = telemetry.attach(f"overt-health-{id(self)}", (), self._hear)

    def __call__(self) -> Health:
        """Return what was measured in the window."""
        with self._lock.bare():
            self._forget()
            seconds = list(self._seconds)
        samples = sum(second.calls["new"] for second in seconds)
        failures = sum(second.failures for second in seconds)
        means = []
        for side in ("new", "legacy"):
            timed = sum(second.timed[side] for second in seconds)
            means.append(sum(second.duration_ns[side] for second in seconds) / timed if timed else 0.0)
        ratio = means[0] / means[1] if all(means) else None
        return Health(failures / samples if samples else None, ratio, samples)

    def reset(self) -> None:
        """Begin anew: what was before a change says nothing about what comes after it."""
        with self._lock.bare():
            self._seconds.clear()

    def close(self) -> None:
        """Listen no longer."""
        self._handle.detach()

    def _hear(self, _name: Name, measurements: Values, metadata: Values) -> None:
        side = metadata.get("implementation")
        if side not in {"new", "legacy"}:
            return
        failed = side == "new" and "error" in {metadata.get("result"), metadata.get("status")}
        duration = measurements.get("duration_ns")
        with self._lock.bare():
            second = self._now()
            first = not any(second.calls.values())
            second.calls[side] += 1
            second.failures += failed
            if duration:
                second.timed[side] += 1
                second.duration_ns[side] += duration
        if first:
            self.on_second()

    def _now(self) -> _Second:
        at = int(self._clock())
        if not self._seconds or self._seconds[-1].at != at:
            self._seconds.append(_Second(at))
            self._forget()
        return self._seconds[-1]

    def _forget(self) -> None:
        oldest = self._clock() - self._window
        while self._seconds and self._seconds[0].at < oldest:
            self._seconds.popleft()
