"""Helpers and a pytest plugin for tests of code that shares state."""

from overt.testing.clocks import FrozenClock
from overt.testing.events import Event, capture_telemetry, wait_for_events
from overt.testing.leaks import assert_no_leaks
from overt.testing.slope import assert_flat
from overt.testing.waiting import eventually, wait_for, wait_for_async

__all__ = [
    "Event",
    "FrozenClock",
    "assert_flat",
    "assert_no_leaks",
    "capture_telemetry",
    "eventually",
    "wait_for",
    "wait_for_async",
    "wait_for_events",
]
