"""Feature flags and migration control."""

from overt.flags.feature_flags import FeatureFlags
from overt.flags.memory import MemoryStore
from overt.flags.records import Change, Flag, FlagsError, FlagState, StoreError, UnknownFlag
from overt.flags.sqlite import SqliteStore

__all__ = [
    "Change",
    "FeatureFlags",
    "Flag",
    "FlagState",
    "FlagsError",
    "MemoryStore",
    "SqliteStore",
    "StoreError",
    "UnknownFlag",
]
