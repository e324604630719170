"""Feature flags and migration control."""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from overt.flags.compare import Guard, write_comparisons
    from overt.flags.feature_flags import FeatureFlags
    from overt.flags.health import Health, TelemetryHealth
    from overt.flags.memory import MemoryStore
    from overt.flags.migration import MigrationControl
    from overt.flags.records import Change, Flag, FlagsError, FlagState, Overtaken, StoreError, UnknownFlag
    from overt.flags.redis import RedisStore
    from overt.flags.sqlite import SqliteStore
    from overt.flags.stages import Check, Move, Readiness, Stage, Status
    from overt.flags.states import state_values, values_in
    from overt.flags.switched import switched_runtime

__all__ = [
    "Change",
    "Check",
    "FeatureFlags",
    "Flag",
    "FlagState",
    "FlagsError",
    "Guard",
    "Health",
    "MemoryStore",
    "MigrationControl",
    "Move",
    "Overtaken",
    "Readiness",
    "RedisStore",
    "SqliteStore",
    "Stage",
    "Status",
    "StoreError",
    "TelemetryHealth",
    "UnknownFlag",
    "state_values",
    "switched_runtime",
    "values_in",
    "write_comparisons",
]

_HOMES = MappingProxyType(
    {
        "Change": "records",
        "Check": "stages",
        "FeatureFlags": "feature_flags",
        "Flag": "records",
        "FlagState": "records",
        "FlagsError": "records",
        "Guard": "compare",
        "Health": "health",
        "MemoryStore": "memory",
        "MigrationControl": "migration",
        "Move": "stages",
        "Overtaken": "records",
        "Readiness": "stages",
        "RedisStore": "redis",
        "SqliteStore": "sqlite",
        "Stage": "stages",
        "Status": "stages",
        "StoreError": "records",
        "TelemetryHealth": "health",
        "UnknownFlag": "records",
        "state_values": "states",
        "switched_runtime": "switched",
        "values_in": "states",
        "write_comparisons": "compare",
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
