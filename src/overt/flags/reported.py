"""Health that running programs have told the store, read by whoever looks from another process."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from overt.flags.health import Health
from overt.flags.records import StoreError

if TYPE_CHECKING:
    from overt.flags.feature_flags import FeatureFlags

TOPIC = "health"


class Reported(NamedTuple):
    """What one process has told.

    Args:
        member: Machine and number of the process.
        at: Seconds since 1970 UTC.
        moves: How many moves of the migration it knew of: what was before a move says nothing about what comes after.
        health: What it measured.
    """

    member: str
    at: float
    moves: int
    health: Health


def report_health(flags: FeatureFlags, health: Health, *, moves: int, at: float) -> None:
    """Tell the store what this process has measured, in the place of what it told before.

    Args:
        flags: The flags.
        health: What was measured.
        moves: How many moves of the migration it knows of.
        at: Seconds since 1970 UTC.

    Raises:
        StoreError: The store cannot be written.
    """
    told = {"at": at, "moves": moves, **health._asdict()}
    flags.keep(TOPIC, f"{socket.gethostname()}:{os.getpid()}", told)


def reported(flags: FeatureFlags) -> tuple[Reported, ...]:
    """Return what processes have told, the newest first; a report that makes no sense is passed over.

    Raises:
        StoreError: The store cannot be read.
    """
    found = [_read(member, told) for member, told in flags.kept(TOPIC).items()]
    return tuple(sorted((one for one in found if one is not None), key=lambda one: -one.at))


def _read(member: str, told: Mapping[str, Any]) -> Reported | None:
    try:
        ratio, rate = (None if told[name] is None else float(told[name]) for name in ("latency_ratio", "error_rate"))
        return Reported(member, float(told["at"]), int(told["moves"]), Health(rate, ratio, int(told["samples"])))
    except (KeyError, TypeError, ValueError):
        return None


def together(reports: Sequence[Reported], now: float) -> Health | None:
    """Return the health of several processes as one: rates and ratios weighed by calls; None when there is none.

    Args:
        reports: What they have told.
        now: Seconds since 1970 UTC.

    Example:
        >>> together([Reported("a", 1.0, 0, Health(0.0, None, 30)), Reported("b", 4.0, 0, Health(0.4, 2.0, 10))], 6.0)
        Health(error_rate=0.1, latency_ratio=2.0, samples=40, age=5.0)
    """
    if not reports:
        return None
    healths = [report.health for report in reports]
    return Health(
        _weighed([(health.error_rate, health.samples) for health in healths]),
        _weighed([(health.latency_ratio, health.samples) for health in healths]),
        sum(health.samples for health in healths),
        max(0.0, now - min(report.at for report in reports)),
    )


def _weighed(parts: Sequence[tuple[float | None, int]]) -> float | None:
    known = [(value, weight) for value, weight in parts if value is not None and weight > 0]
    total = sum(weight for _, weight in known)
    return sum(value * weight for value, weight in known) / total if total else None


class ReportedHealth:
    """Returns the health that running programs have told, for `MigrationControl(health=...)` of another process.

    What is too old counts as not measured, and so does what was measured before the last move.

    Args:
        flags: The flags over the same store.
        max_age: Seconds that a report counts.
        moves: Returns how many moves there were.
        clock: Returns seconds since 1970 UTC.
    """

    def __init__(
        self,
        flags: FeatureFlags,
        *,
        max_age: float,
        moves: Callable[[], int],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._flags, self._max_age, self._moves, self._clock = flags, max_age, moves, clock

    def __call__(self) -> Health:
        """Return what was told; no calls when nothing was, or when the store cannot be read."""
        try:
            moves, now = self._moves(), self._clock()
            counting = [one for one in reported(self._flags) if one.moves == moves and now - one.at <= self._max_age]
        except StoreError:
            return Health(None, None, 0)
        return together(counting, now) or Health(None, None, 0)
