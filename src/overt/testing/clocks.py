"""A clock that stands still until it is told to go on."""

from __future__ import annotations


class FrozenClock:
    """A clock for tests, for everything here that takes `clock=`: a callable that returns seconds.

    It has the methods of `overt.system.clock.Clock` too.

    Args:
        start: Seconds it begins at.

    Example:
        >>> clock = FrozenClock(100.0)
        >>> clock.advance(2.5)
        102.5
        >>> clock(), clock.monotonic_ns()
        (102.5, 102500000000)
    """

    def __init__(self, start: float = 1_000_000.0) -> None:
        self._now_ns = round(start * 1e9)

    def __call__(self) -> float:
        """Return seconds."""
        return self._now_ns / 1e9

    def advance(self, seconds: float) -> float:
        """Let time pass; returns the new time in seconds.

        Raises:
            ValueError: The time is negative: clocks do not go back.
        """
        if seconds < 0:
            raise ValueError(f"a clock does not go back, asked for {seconds} s")
        self._now_ns += round(seconds * 1e9)
        return self()

    def time(self) -> float:
        """Return seconds."""
        return self()

    def monotonic(self) -> float:
        """Return seconds."""
        return self()

    def now_ns(self) -> int:
        """Return nanoseconds."""
        return self._now_ns

    def monotonic_ns(self) -> int:
        """Return nanoseconds."""
        return self._now_ns
