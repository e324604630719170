"""Helpers and a pytest plugin for tests of code that shares state."""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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

_HOMES = MappingProxyType(
    {
        "Event": "events",
        "FrozenClock": "clocks",
        "assert_flat": "slope",
        "assert_no_leaks": "leaks",
        "capture_telemetry": "events",
        "eventually": "waiting",
        "wait_for": "waiting",
        "wait_for_async": "waiting",
        "wait_for_events": "events",
    }
)
"""Module of each name: it is imported when the name is first asked for, since most programs need few of them."""


if not TYPE_CHECKING:  # a type checker that saw it would take every name for one of ours

    def __getattr__(name: str) -> object:
        home = _HOMES.get(name)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
