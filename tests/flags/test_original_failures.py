"""How the flags and the migration of the code this project began as have failed, and how they could have.

Five failures are known: constants for health, a rollback that could not fire, a percentage taken for true, flags that
nothing read, an hour that was none. The other tests hold what would be of the same kind. Further failures of that code
have their tests elsewhere: batches that were never flushed and a sampler that stuck at nothing in the tests of sampled
events, the linter that changed no exit status in those of the command.
"""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from overt.flags import FeatureFlags, Flag, Health, MemoryStore, MigrationControl, SqliteStore, Stage, UnknownFlag
from overt.lint.flag_readers import flag_reads
from overt.runtime import Telemetry
from overt.testing import FrozenClock, assert_no_leaks, capture_telemetry, wait_for

ROOT = Path(__file__).parents[2]
NAMES = ("registry", "context", "cache")
STAGES = [Stage(number, name, [name]) for number, name in enumerate(NAMES, 1)]


def declared() -> list[Flag]:
    return [Flag(name, owner="shop", purpose="a step", created="2026-11-22", until="2027-06-30") for name in NAMES]


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(1_000_000.0)


@pytest.fixture
def flags(telemetry: Telemetry, clock: FrozenClock) -> Iterator[FeatureFlags]:
    with FeatureFlags(MemoryStore(), declared(), telemetry=telemetry, clock=clock) as made:
        yield made


@pytest.fixture
def control(flags: FeatureFlags, telemetry: Telemetry, clock: FrozenClock) -> Iterator[MigrationControl]:
    with MigrationControl(flags, STAGES, telemetry=telemetry, clock=clock) as made:
        yield made


def call(telemetry: Telemetry, calls: int, failures: int, *, new_ns: int = 100) -> None:
    """Announce calls of both implementations."""
    for number in range(calls):
        result = "error" if number < failures else "ok"
        telemetry.execute(("work",), {"duration_ns": new_ns}, {"implementation": "new", "result": result})
        telemetry.execute(("work",), {"duration_ns": 100}, {"implementation": "legacy", "result": "ok"})


def test_health_is_measured_and_no_constant(control: MigrationControl, telemetry: Telemetry) -> None:
    """Known: every input of health was a constant in the source, so that health was always the same."""
    readings = [control.health()]
    for failures, new_ns in ((0, 100), (20, 100), (0, 900)):
        call(telemetry, 100, failures, new_ns=new_ns)
        readings.append(control.health())
    assert readings[0] == Health(None, None, 0), "what was not measured is said to be so"
    assert len(set(readings)) == len(readings)
    assert readings[2] == Health(0.1, 1.0, 200)


@pytest.mark.parametrize(("failures", "new_ns"), [(10, 100), (0, 500)])
def test_rollback_by_itself_does_happen(
    control: MigrationControl, flags: FeatureFlags, telemetry: Telemetry, failures: int, new_ns: int
) -> None:
    """Known: automatic rollback was a stub that could not fire, whatever went wrong."""
    control.advance_to(2, by="ann")
    call(telemetry, 100, failures, new_ns=new_ns)
    control.start_monitor(interval=0.005)
    wait_for(lambda: control.status().stage == 1, timeout=5)
    assert flags.all() == {"registry": True, "context": False, "cache": False}


def test_a_part_is_never_taken_for_true(flags: FeatureFlags) -> None:
    """Known: a percentage was a number that was read as a truth value, so that 1 % was on for everybody."""
    for percentage in (0.001, 1, 10, 50, 99, 99.999):
        flags.set_percentage("registry", percentage)
        assert flags.enabled("registry") is False
        assert flags.switch("registry")() is False
        assert flags.describe("registry").enabled is False
        assert {type(flags.enabled("registry", key)) for key in range(50)} == {bool}
    flags.set_percentage("registry", 10)
    assert 0 < sum(flags.enabled("registry", key) for key in range(1000)) < 200


def test_a_percentage_is_no_lottery(flags: FeatureFlags) -> None:
    """A number drawn at each call would show one user both implementations in turn."""
    flags.set_percentage("registry", 50)
    answers = [[flags.enabled("registry", key) for key in range(200)] for _ in range(5)]
    assert all(each == answers[0] for each in answers)
    assert set(answers[0]) == {True, False}


def test_every_flag_of_this_project_is_read_by_its_code() -> None:
    """Known: three flags were read by nothing."""
    declared_here = tomllib.loads((ROOT / "overt.toml").read_text(encoding="utf-8"))["flags"]
    files = [str(path.relative_to(ROOT)) for path in (ROOT / "src").rglob("*.py")]
    found = flag_reads(ROOT, files, declared_here)
    assert (len(declared_here) > 0, found.unreadable) == (True, ())
    assert [name for name in declared_here if not found.readers[name]] == []


def test_every_flag_of_a_stage_changes_with_it(control: MigrationControl, flags: FeatureFlags) -> None:
    """A stage that is entered while a flag of it, or of one before it, stays off would be a step that was not taken."""
    for number, name in enumerate(NAMES, 1):
        before = flags.all()
        control.advance_to(number, by="ann")
        assert before[name] is False
        assert flags.enabled(name) is True
        assert [stage for stage in NAMES if flags.enabled(stage)] == list(NAMES[:number]), "stages add up"


def test_an_hour_is_an_hour(control: MigrationControl, clock: FrozenClock) -> None:
    """Known: the check for a rollback in the last hour was not one of an hour."""
    control.advance_to(1)
    control.rollback_to(0, reason="too slow")
    seen = []
    for seconds in (0, 60, 1800, 1739):  # up to a second before the hour is over
        clock.advance(seconds)
        seen.append(control.readiness(1).ready)
    assert seen == [False] * 4
    clock.advance(1)
    assert control.readiness(1).ready


def test_readiness_is_looked_up_and_not_assumed(control: MigrationControl, telemetry: Telemetry) -> None:
    """A check that answers yes without a look is none."""
    assert not control.readiness(2).ready, "the stage before it was not entered"
    control.advance_to(1)
    assert not control.readiness(2).ready, "nothing was measured"
    call(telemetry, 100, 0)
    assert control.readiness(2).ready
    call(telemetry, 100, 50)
    assert not control.readiness(2).ready, "half of the calls failed"


def test_a_reset_is_announced_and_remembered(flags: FeatureFlags, telemetry: Telemetry) -> None:
    """A reset that goes by in silence cannot be explained afterwards."""
    with capture_telemetry(telemetry, ("overt", "flags", "changed")) as events:
        flags.enable("registry", by="ann", reason="ready")
        flags.reset("registry", by="bob", reason="not ready")
    assert [(event.metadata["by"], event.metadata["new"]) for event in events] == [("ann", True), ("bob", None)]
    assert [(change.by, change.reason) for change in flags.history()] == [("ann", "ready"), ("bob", "not ready")]


def test_a_move_is_announced_and_remembered(control: MigrationControl, telemetry: Telemetry) -> None:
    """An emergency that leaves no trace of who and why cannot be either."""
    with capture_telemetry(telemetry, ("overt", "migration")) as events:
        control.advance_to(2, by="ann")
        control.emergency_rollback("on fire", by="bob")
    assert [event.name[-1] for event in events] == ["advance", "emergency"]
    assert [(move.by, move.reason) for move in control.history()] == [("ann", ""), ("bob", "on fire")]


def test_nothing_is_forgotten_by_a_restart(tmp_path: Path) -> None:
    """What lives in the memory of one process is back at the start after a crash."""
    for opened in range(2):
        with (
            FeatureFlags(SqliteStore(tmp_path / "flags.sqlite"), declared()) as flags,
            MigrationControl(flags, STAGES) as control,
        ):
            if opened == 0:
                control.advance_to(2, percentage=25, by="ann")
            assert (control.status().stage, control.status().percentage) == (2, 25)
            assert flags.all() == {"registry": True, "context": 25.0, "cache": False}
            assert [move.by for move in control.history()] == ["ann"]


def test_an_unknown_flag_is_an_error(flags: FeatureFlags) -> None:
    """A typo in the name of a flag would be off for ever, and nobody would know."""
    for read in (flags.enabled, flags.switch, flags.describe, flags.value):
        with pytest.raises(UnknownFlag, match="registry"):
            read("registri")


def test_there_is_one_monitor_and_it_ends(flags: FeatureFlags, telemetry: Telemetry) -> None:
    """A monitor that was started twice would go back twice; one that crashed would never look again."""
    looks: list[int] = []

    def health() -> Health:
        looks.append(1)
        if len(looks) in {2, 3}:
            raise SystemExit
        return Health(0.0, 1.0, 100)

    with assert_no_leaks():
        control = MigrationControl(flags, STAGES, health=health, telemetry=telemetry)
        for _ in range(3):
            control.start_monitor(interval=0.001)
        assert sum(thread.name == "overt-migration" for thread in threading.enumerate()) == 1
        wait_for(lambda: len(looks) > 5, timeout=5)
        control.close()


def test_a_rollback_does_not_run_down_all_stages(flags: FeatureFlags, clock: FrozenClock) -> None:
    """One bad reading that is answered at every look would turn off everything."""
    with MigrationControl(flags, STAGES, health=lambda: Health(0.9, 1.0, 500), clock=clock) as control:
        control.advance_to(3)
        for _ in range(10):
            control._watch()
        assert (control.status().stage, len(control.history())) == (2, 2)


def test_a_store_that_fails_does_not_fail_its_readers() -> None:
    """A table that is gone would raise into every caller of every flag."""

    class Gone(MemoryStore):
        gone = False

        def load(self) -> Any:
            if self.gone:
                from overt.flags import StoreError

                raise StoreError("gone")
            return super().load()

    store = Gone()
    with FeatureFlags(store, declared()) as flags:
        flags.enable("registry")
        store.gone = True
        store.word[0] += 2
        assert [flags.enabled("registry") for _ in range(3)] == [True] * 3
        assert str(flags.problem) == "gone"
