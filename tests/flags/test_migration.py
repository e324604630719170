"""A migration goes stage by stage, can be taken back by anybody, and takes itself back."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.flags import FeatureFlags, Flag, Health, MemoryStore, MigrationControl, SqliteStore, Stage, UnknownFlag
from overt.flags.health import TelemetryHealth
from overt.runtime import Telemetry
from overt.testing import FrozenClock, assert_no_leaks, capture_telemetry, wait_for

STAGES = (
    Stage(1, "registry", ["registry"]),
    Stage(2, "context and cache", ["context", "cache"], risk="medium"),
    Stage(3, "spans", ["spans"], risk="high"),
)
NAMES = ("registry", "context", "cache", "spans", "other")


def declared() -> list[Flag]:
    return [Flag(name, owner="", purpose="", created="2026-11-22", until="2027-06-30") for name in NAMES]


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(10_000.0)


@pytest.fixture
def control(telemetry: Telemetry, clock: FrozenClock) -> Iterator[MigrationControl]:
    """Give a migration of three stages that measures its own telemetry."""
    with (
        FeatureFlags(MemoryStore(), declared(), clock=clock) as flags,
        MigrationControl(flags, STAGES, telemetry=telemetry, clock=clock) as made,
    ):
        yield made


def announce(telemetry: Telemetry, calls: int, failures: int, *, new_ns: int = 100, legacy_ns: int = 100) -> None:
    """Announce so many calls of the new implementation, of which so many failed, and as many legacy calls."""
    for number in range(calls):
        result = "error" if number < failures else "ok"
        telemetry.execute(("shop",), {"duration_ns": new_ns}, {"implementation": "new", "result": result})
        telemetry.execute(("shop",), {"duration_ns": legacy_ns}, {"implementation": "legacy", "result": "ok"})


def test_stages_add_up(control: MigrationControl) -> None:
    """A stage turns its own flags on by percentage and those before it wholly; later and other flags are left."""
    control.advance_to(2, percentage=25, by="ann", reason="half the way")
    status = control.status()
    assert (status.stage, status.percentage, status.name) == (2, 25, "context and cache")
    assert status.flags == {"registry": True, "context": 25.0, "cache": 25.0, "spans": False}
    assert status.drift == ()
    control.advance_to(2)
    assert control.status().flags == {"registry": True, "context": True, "cache": True, "spans": False}


def test_rollback_goes_down_to_nothing(control: MigrationControl) -> None:
    """Only later stages are turned off."""
    control.advance_to(3)
    control.rollback_to(2, by="bob", reason="slow spans")
    assert control.status().flags == {"registry": True, "context": True, "cache": True, "spans": False}
    control.rollback_to(0)
    assert not any(control.status().flags.values())
    assert control.status().stage == 0


def test_an_emergency_rollback_turns_everything_off(control: MigrationControl) -> None:
    """Also what somebody has turned on by hand; it is in the history with its reason."""
    control.advance_to(2)
    control._flags.enable("spans")
    assert control.status().drift == ("spans",)
    control.emergency_rollback("everything is on fire", by="bob")
    assert not any(control.status().flags.values())
    last = control.history()[-1]
    assert (last.kind, last.old, last.new, last.by, last.reason) == ("emergency", 2, 0, "bob", "everything is on fire")


def test_moves_that_make_no_sense_are_refused(control: MigrationControl) -> None:
    """With what to do instead; nothing is changed."""
    for call, message in (
        (lambda: control.advance_to(4), "no stage 4"),
        (lambda: control.advance_to(1, percentage=0), "more than 0"),
        (lambda: control.advance_to(1, percentage=101), "at most 100"),
        (lambda: control.rollback_to(1), "use advance_to"),
    ):
        with pytest.raises(ValueError, match=message):
            call()
    control.advance_to(2, percentage=50)
    with pytest.raises(ValueError, match="use rollback_to"):
        control.advance_to(1)
    with pytest.raises(ValueError, match="use rollback_to"):
        control.advance_to(2, percentage=10)
    assert len(control.history()) == 1


def test_stages_are_checked() -> None:
    """A gap, an unknown flag, a stage without flags and an unknown risk are refused."""
    with FeatureFlags(MemoryStore(), declared()) as flags:
        with pytest.raises(ValueError, match="without a gap"):
            MigrationControl(flags, [Stage(2, "late", ["cache"])])
        with pytest.raises(UnknownFlag, match="did you mean 'cache'"):
            MigrationControl(flags, [Stage(1, "typo", ["cashe"])])
    with pytest.raises(ValueError, match="no flag"):
        Stage(1, "empty", [])
    with pytest.raises(ValueError, match="low, medium or high"):
        Stage(1, "odd", ["cache"], risk="huge")  # type: ignore[arg-type]


def test_every_move_is_announced_and_kept(control: MigrationControl, telemetry: Telemetry) -> None:
    """One event a move, and a history with who, when, what and why."""
    with capture_telemetry(telemetry, ("overt", "migration")) as events:
        control.advance_to(1, by="ann", reason="go")
        control.rollback_to(0, by="bob", reason="back")
    assert [event.name[-1] for event in events] == ["advance", "rollback"]
    assert [(move.at, move.by, move.kind, move.old, move.new, move.reason) for move in control.history()] == [
        (10_000.0, "ann", "advance", 0, 1, "go"),
        (10_000.0, "bob", "rollback", 1, 0, "back"),
    ]


def test_history_survives_a_restart(tmp_path: Path) -> None:
    """Another process goes on where the first one stopped."""
    with FeatureFlags(SqliteStore(tmp_path / "f"), declared()) as flags, MigrationControl(flags, STAGES) as control:
        control.advance_to(2, percentage=50, by="ann")
    with FeatureFlags(SqliteStore(tmp_path / "f"), declared()) as flags, MigrationControl(flags, STAGES) as control:
        assert (control.status().stage, control.status().percentage, control.history()[0].by) == (2, 50, "ann")
        control.rollback_to(1)
        assert control.status().flags["context"] is False


def test_readiness_looks_at_order_health_and_rollbacks(
    control: MigrationControl, telemetry: Telemetry, clock: FrozenClock
) -> None:
    """Nothing measured is not ready; nor is a sick one, a skipped stage, or a rollback within the true last hour."""
    assert control.readiness(1).ready
    assert not control.readiness(2)
    control.advance_to(1)
    checks = {check.name: check for check in control.readiness(2).checks}
    assert (checks["health"].ok, checks["health"].why) == (False, "0 calls measured, 20 are needed")
    announce(telemetry, 100, 0)
    assert control.readiness(2).ready
    announce(telemetry, 100, 50)
    assert [check.name for check in control.readiness(2).checks if not check.ok] == ["health"]
    control.rollback_to(0, reason="too many errors")
    assert control.health() == Health(None, None, 0), "what was before a move says nothing about what comes after it"
    clock.advance(3599)
    refused = [check for check in control.readiness(1).checks if not check.ok]
    assert [(check.name, check.why) for check in refused] == [
        ("rollbacks", "rolled back 60 minutes ago: too many errors")
    ]
    clock.advance(1)
    assert control.readiness(1).ready


def test_further_checks_count_and_one_that_fails_does_not_hold() -> None:
    """Their name and reason are shown."""

    def broken() -> tuple[str, bool, str]:
        raise FileNotFoundError("no evidence")

    with FeatureFlags(MemoryStore(), declared()) as flags:
        control = MigrationControl(flags, STAGES, checks=[lambda: ("claims", False, "2 refuted"), broken])
        readiness = control.readiness(1)
    assert not readiness
    assert [(check.name, check.ok, check.why) for check in readiness.checks[-2:]] == [
        ("claims", False, "2 refuted"),
        ("broken", False, "it failed: FileNotFoundError: no evidence"),
    ]


def test_health_is_measured_and_forgets(telemetry: Telemetry) -> None:
    """Error rate, ratio of durations, samples, within the window; what is not measured is None."""
    clock = FrozenClock()
    health = TelemetryHealth(telemetry, window=10.0, clock=clock)
    assert health() == Health(None, None, 0)
    announce(telemetry, 10, 1, new_ns=300, legacy_ns=200)
    telemetry.execute(("other",), {"duration_ns": 10**9}, {"result": "error"})
    assert health() == Health(0.1, 1.5, 10)
    clock.advance(12)
    assert health() == Health(None, None, 0)
    announce(telemetry, 1, 0)
    health.close()
    announce(telemetry, 5, 5)
    assert health().samples == 1


@pytest.mark.parametrize(("failures", "new_ns"), [(100, 100), (0, 500)])
def test_a_sick_stage_is_rolled_back_by_itself_once(
    control: MigrationControl, telemetry: Telemetry, failures: int, new_ns: int
) -> None:
    """Ten percent errors, or five times the duration: one stage back, once, with what was seen."""
    control.advance_to(2)
    control.start_monitor(interval=0.005, max_error_rate=0.05)
    announce(telemetry, 1000, failures, new_ns=new_ns)
    wait_for(lambda: control.status().stage == 1, timeout=5)
    move = control.history()[-1]
    assert (move.kind, move.by, move.old, move.new) == ("automatic", "overt monitor", 2, 1)
    assert ("10.00 % errors" if failures else "5.00 x the duration") in move.reason
    control.close()
    assert len(control.history()) == 2


def test_a_healthy_stage_is_left_alone(control: MigrationControl, telemetry: Telemetry) -> None:
    """One call in a thousand fails: nothing happens, look after look."""
    control.advance_to(2)
    announce(telemetry, 1000, 1)
    control.start_monitor(interval=60.0)
    for _ in range(5):
        control._watch()
    assert control.status().stage == 2


def test_one_bad_look_is_not_enough_and_after_a_rollback_it_has_to_recover(clock: FrozenClock) -> None:
    """Hysteresis: bad looks in a row are needed, and a constant bad reading does not roll back stage after stage."""
    readings = [Health(0.5, None, 100), Health(0.0, None, 100)]
    reading = iter(
        [*readings, *readings, readings[0], readings[0], *[readings[0]] * 5, readings[1], *[readings[0]] * 2]
    )
    with FeatureFlags(MemoryStore(), declared(), clock=clock) as flags:
        latest = [readings[1]]
        control = MigrationControl(flags, STAGES, health=lambda: latest[0], clock=clock)
        control.advance_to(3)
        control._breaches_needed = 2
        stages = []
        for latest[0] in reading:
            control._watch()
            stages.append(control.status().stage)
        control.close()
    assert stages == [3, 3, 3, 3, 3, 2, 2, 2, 2, 2, 2, 2, 2, 1]


def test_too_few_samples_decide_nothing(control: MigrationControl, telemetry: Telemetry) -> None:
    """Three failures of three are no evidence."""
    control.advance_to(1)
    announce(telemetry, 3, 3)
    for _ in range(5):
        control._watch()
    assert control.status().stage == 1


def test_close_ends_the_monitor(telemetry: Telemetry) -> None:
    """No thread is left, and the telemetry has no listener more; without a measure there is no monitor."""
    with FeatureFlags(MemoryStore(), declared()) as flags:
        with assert_no_leaks():
            control = MigrationControl(flags, STAGES, telemetry=telemetry)
            control.start_monitor(interval=0.01)
            assert any(thread.name == "overt-migration" for thread in threading.enumerate())
            control.close()
        assert telemetry.handlers == ()
        with pytest.raises(ValueError, match="nothing measures"):
            MigrationControl(flags, STAGES).start_monitor()


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3), st.sampled_from([10, 50, 100])), max_size=12))
def test_any_sequence_of_moves_leaves_flags_as_the_stage_says(moves: list[tuple[bool, int, int]]) -> None:
    """Refused or made, there is no drift, and the history is a chain."""
    with FeatureFlags(MemoryStore(), declared()) as flags:
        control = MigrationControl(flags, STAGES)
        for forward, stage, percentage in moves:
            try:
                control.advance_to(stage, percentage) if forward else control.rollback_to(stage)
            except ValueError:
                continue
            status = control.status()
            assert status.drift == ()
            for number, each in enumerate(STAGES, 1):
                expected: Any = True if number < status.stage else status.percentage if number == status.stage else 0
                for name in each.flags:
                    assert (
                        100.0 * status.flags[name] == 100.0 * expected
                        or status.flags[name] == expected
                        or (expected == 100 and status.flags[name] is True)
                    )
        history = control.history()
        assert all(one.new == other.old for one, other in itertools.pairwise(history))
