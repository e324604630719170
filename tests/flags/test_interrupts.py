"""Ctrl-C between the taking of a lock and the block that gives it back would leave it taken for good."""

from __future__ import annotations

from pathlib import Path

import pytest

from overt.flags import FeatureFlags, Flag, MemoryStore, MigrationControl, SqliteStore, Stage, TelemetryHealth
from overt.flags.store import Store
from overt.runtime import Telemetry
from overt.runtime.forks import ForkLock

FLAG = Flag("first", owner="", purpose="", created="2026-11-22", until="2027-12-31")


@pytest.mark.parametrize("kind", [MemoryStore, SqliteStore])
def test_locks_are_taken_where_no_interrupt_can_come_between(
    kind: type[Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The `__enter__` of the lock is Python code, in which signals are looked at; the bare lock's is not."""

    def enter(_self: ForkLock) -> None:
        raise AssertionError("an interrupt can come here")

    monkeypatch.setattr(ForkLock, "__enter__", enter)
    store = MemoryStore() if kind is MemoryStore else SqliteStore(tmp_path / "flags.sqlite")
    telemetry = Telemetry()
    health = TelemetryHealth(telemetry)
    with FeatureFlags(store, [FLAG]) as flags, MigrationControl(flags, [Stage(1, "a", ["first"])]) as control:
        flags.watch(lambda _change: None)()
        flags.watch_store(lambda _problem: None)()
        with flags.override(first=True):
            telemetry.execute(("call",), {}, {"implementation": "new"})
        control.advance_to(1)
        control.emergency_rollback("enough")
        flags.keep("health", "a", {"at": 0.0})
        flags.kept("health")
        assert flags.describe("first").changed is not None
        assert flags.problem is None
        assert len(flags.history()) == len(control.history()) == 2
    assert health().samples == 1
    health.reset()
    health.close()
