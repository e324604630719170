"""Feature flags and migration control."""

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
