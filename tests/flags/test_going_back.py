"""Going back works when the store does not, in the process that knew it and in one that never did."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from overt.flags import FeatureFlags, Flag, MigrationControl, RedisStore, SqliteStore, Stage, StoreError
from overt.testing import wait_for

NAMES = ("first", "second", "other")
FLAGS = [Flag(name, owner="", purpose="", created="2026-11-22", until="2027-12-31") for name in NAMES]
STAGES = [Stage(1, "one", ["first"]), Stage(2, "two", ["second"])]

Mishap = Callable[[Path], None]


def delete(path: Path) -> None:
    path.unlink()


def delete_everything(path: Path) -> None:
    for each in path.parent.glob("flags.sqlite*"):
        each.unlink()


def overwrite(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)


def spoil_a_page(path: Path) -> None:
    """Damage what only a look at all of it can find."""
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))


def spoil_a_value(path: Path) -> None:
    script = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('UPDATE flags SET value = 7000'); c.commit()"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], check=True)


MISHAPS = [delete, delete_everything, overwrite, spoil_a_page, spoil_a_value]


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Callable[[], MigrationControl]]:
    """Open the store once more."""
    with ExitStack() as stack:

        def made() -> MigrationControl:
            flags = stack.enter_context(FeatureFlags(SqliteStore(tmp_path / "flags.sqlite"), FLAGS))
            return stack.enter_context(MigrationControl(flags, STAGES))

        yield made


@pytest.mark.parametrize("mishap", MISHAPS)
@pytest.mark.parametrize("known", [True, False])
def test_everything_goes_off_whatever_happened_to_the_store(
    tmp_path: Path, begin: Callable[[], MigrationControl], mishap: Mishap, known: bool
) -> None:
    """Also in a program that runs and has it on, and by one that is only started now; other flags stay."""
    running = begin()
    running.advance_to(2, by="ann")
    running._flags.enable("other")
    here = running
    mishap(tmp_path / "flags.sqlite")
    if not known:
        here = begin()
    move = here.emergency_rollback("fire", by="bob")
    assert (move.kind, move.new, move.reason) == ("emergency", 0, "fire")
    if known:
        assert ("flag store" in move.problem) is (mishap is not spoil_a_page)  # of which the log has a whole copy
        assert move.old == 2
        assert here._flags.all() == {"first": False, "second": False, "other": True}

    def is_off() -> bool:
        running.status()  # looks at the store, which reads do not
        return not running._flags.enabled("first") and not running._flags.enabled("second")

    wait_for(is_off, timeout=5)
    wait_for(lambda: running.status().problem == "", timeout=5)
    assert [each.reason for each in begin().history()][-1:] == ["fire"]
    assert running.status().stage == begin().status().stage == 0


def test_status_is_served_from_what_was_known(tmp_path: Path, begin: Callable[[], MigrationControl]) -> None:
    """It says why, no stage counts as ready, and only what turns off may be done."""
    control = begin()
    control.advance_to(1, percentage=50)
    assert control.status().problem == ""
    overwrite(tmp_path / "flags.sqlite")
    status = control.status()
    assert (status.stage, status.percentage, status.flags["first"]) == (1, 50, 50.0)
    assert "flag store" in status.problem
    readiness = control.readiness(1)
    assert not readiness
    assert readiness.checks[0] == ("store", False, control.status().problem)
    with pytest.raises(StoreError):
        control.advance_to(1)
    assert control.rollback_to(1).percentage == 50
    assert control.status().flags == {"first": 50.0, "second": False}


def test_a_stage_that_is_not_known_to_be_reached_is_not_gone_back_to(
    tmp_path: Path, begin: Callable[[], MigrationControl]
) -> None:
    """A program that never could read the store can only turn everything off, and says so."""
    begin().advance_to(2)
    overwrite(tmp_path / "flags.sqlite")
    with pytest.raises(StoreError, match="0 turns everything off"):
        begin().rollback_to(1)


def test_what_cannot_be_made_anew_is_told_with_the_way_out(
    tmp_path: Path, begin: Callable[[], MigrationControl]
) -> None:
    """A folder lies where the store was: nothing could be turned off, and that is said."""
    control = begin()
    control.advance_to(1)
    delete_everything(tmp_path / "flags.sqlite")
    (tmp_path / "flags.sqlite").mkdir()
    with pytest.raises(StoreError, match=r"could not be turned off.*bring the store back"):
        control.emergency_rollback("fire")
    assert control.status().flags["first"] is True


def test_a_whole_store_stays_as_it_is(tmp_path: Path, begin: Callable[[], MigrationControl]) -> None:
    """Nothing is put aside and no history lost when there is no need."""
    control = begin()
    control.advance_to(2)
    assert control.emergency_rollback("fire").problem == ""
    assert [move.kind for move in control.history()] == ["advance", "emergency"]
    assert not list(tmp_path.glob("*damaged"))
    assert control.history() == begin().history()


@pytest.mark.redis
def test_a_server_that_is_gone_is_told_and_one_that_lost_everything_is_not_in_the_way(make_server: Any) -> None:
    """Out of reach: a clear error. Back without data: off, for a program that runs, by one that is only started now."""
    server = make_server()
    server.start()
    with (
        FeatureFlags(RedisStore(server.url, timeout=0.5), FLAGS) as flags,
        MigrationControl(flags, STAGES) as running,
    ):
        running.advance_to(2)
        server.stop()
        with pytest.raises(StoreError, match=r"could not be turned off.*bring the store back"):
            running.emergency_rollback("fire")
        assert (running.status().stage, flags.enabled("second")) == (2, True)
        server.start()
        with (
            FeatureFlags(RedisStore(server.url), FLAGS) as later,
            MigrationControl(later, STAGES) as here,
        ):
            here.emergency_rollback("fire")
        wait_for(lambda: not flags.enabled("first") and not flags.enabled("second"), timeout=5)
