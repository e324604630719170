"""Which events are announced, when not all can be."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from overt.runtime.forks import ForkLock


class Sampler(Protocol):
    """Decides for one event."""

    def sample(self, now: float | None = None) -> bool:
        """Return True when the event is to be announced; `now` is in seconds that never go back."""


class Always:
    """Announces everything."""

    def sample(self, now: float | None = None) -> bool:  # noqa: ARG002  # the interface of all samplers
        """Return True."""
        return True


class Never:
    """Announces nothing."""

    def sample(self, now: float | None = None) -> bool:  # noqa: ARG002  # the interface of all samplers
        """Return False."""
        return False


class Ratio:
    """Announces a share of the events, chosen at random.

    Args:
        p: From 0 to 1.
        random: Returns a number from 0 up to 1; a generator of its own by default.

    Raises:
        ValueError: Not from 0 to 1.
    """

    def __init__(self, p: float, random: Callable[[], float] | None = None) -> None:
        if not 0 <= p <= 1:
            raise ValueError(f"a share is from 0 to 1, not {p}")
        self._p, self._random = p, random or own_random()

    def sample(self, now: float | None = None) -> bool:  # noqa: ARG002  # the interface of all samplers
        """Return True for about that share."""
        return self._random() < self._p


class RateLimited:
    """Announces so many events a second at most, after a pause as many at once.

    Args:
        per_second: Events a second; less than one is one in several seconds.
        clock: Returns seconds that never go back.

    Raises:
        ValueError: Negative or no number.
    """

    def __init__(self, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._clock = _rate(per_second), clock
        self._most = max(1.0, per_second)
        self._left, self._at = self._most if per_second else 0.0, float("-inf")
        self._lock = ForkLock()

    def sample(self, now: float | None = None) -> bool:
        """Return True while there is some of the second's share left."""
        if not self._rate:
            return False
        now = self._clock() if now is None else now
        with self._lock.bare():
            if now > self._at:
                self._left = min(self._most, self._left + (now - self._at) * self._rate)
                self._at = now
            if self._left < 1.0 - 1e-9:  # a tenth of a second ten times is a second
                return False
            self._left -= 1.0
            return True


class Adaptive:
    """Announces about so many events a second, however many there are, spread over all of them.

    The share follows the number of events of the second before, so it falls when they become many and rises again
    when they become few; after a second without events everything is announced again.

    Args:
        target_per_second: Events a second.
        clock: Returns seconds that never go back.
        random: Returns a number from 0 up to 1; a generator of its own by default.

    Raises:
        ValueError: Negative or no number.
    """

    def __init__(
        self,
        target_per_second: float,
        clock: Callable[[], float] = time.monotonic,
        random: Callable[[], float] | None = None,
    ) -> None:
        self._target, self._clock, self._random = _rate(target_per_second), clock, random or own_random()
        self._window, self._seen, self._share = float("-inf"), 0, 1.0
        self._lock = ForkLock()

    @property
    def share(self) -> float:
        """The share that is announced now, from 0 to 1."""
        return self._share

    def sample(self, now: float | None = None) -> bool:
        """Return True for the share that gives about the target."""
        now = self._clock() if now is None else now
        with self._lock.bare():
            elapsed = now - self._window
            if elapsed >= 1.0:
                # More than two seconds mean that at least one whole second had no event at all.
                rate = self._seen / elapsed if elapsed < 2.0 else 0.0
                self._share = min(1.0, self._target / rate) if rate else float(self._target > 0)
                self._window, self._seen = now, 0
            self._seen += 1
            share = self._share
        return self._random() < share


def _rate(per_second: float) -> float:
    if not 0 <= per_second < float("inf"):
        raise ValueError(f"a rate is so many a second, not {per_second}")
    return per_second


def own_random() -> Callable[[], float]:
    """Return a source of numbers from 0 up to 1 that nobody else seeds."""
    import random

    return random.Random().random  # noqa: S311  # sampling, no secrets
