"""Time, passed in wherever it is needed."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Where the time comes from; tests pass a frozen one."""

    def now_ns(self) -> int:
        """Return nanoseconds since 1970-01-01 UTC."""

    def monotonic_ns(self) -> int:
        """Return nanoseconds of a clock that never goes back."""


class SystemClock:
    """The clock of this machine."""

    def now_ns(self) -> int:
        """Return nanoseconds since 1970-01-01 UTC."""
        return time.time_ns()

    def monotonic_ns(self) -> int:
        """Return nanoseconds of a clock that never goes back."""
        return time.monotonic_ns()


def iso_utc(nanoseconds: int) -> str:
    """Return a moment as people and machines both read it.

    Args:
        nanoseconds: Nanoseconds since 1970-01-01 UTC.

    Example:
        >>> iso_utc(1_700_000_000_000_000_000)
        '2023-11-14T22:13:20Z'
    """
    return datetime.fromtimestamp(nanoseconds // 1_000_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
