"""The SQLite store survives its users and its own destruction."""

from __future__ import annotations

import itertools
import multiprocessing
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from overt.flags import FeatureFlags, Flag, SqliteStore, StoreError, sqlite
from overt.testing import assert_no_leaks, wait_for

A = Flag("a", owner="shop", purpose="a test", created="2026-11-22", until="2027-06-30")
B = Flag("b", owner="shop", purpose="a test", created="2026-11-22", until="2027-06-30")

CHANGER = """
import sys
from overt.flags import FeatureFlags, Flag, SqliteStore
dates = {"created": "2026-11-22", "until": "2027-06-30"}
flags = FeatureFlags(SqliteStore(sys.argv[1]), [Flag("a", owner="", purpose="", **dates)])
for number in range(int(sys.argv[2])):
    flags.set_percentage("a", 1 + number % 50, by=sys.argv[3], reason=str(number))
    print(number, flush=True)
"""


def changer(path: Path, changes: int, by: str) -> subprocess.Popen[str]:
    """Start a process that changes flag a so often and prints each change once it is acknowledged."""
    command = [sys.executable, "-c", CHANGER, str(path), str(changes), by]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_values_and_history_outlive_the_process(tmp_path: Path) -> None:
    """Another store on the same file has everything."""
    with FeatureFlags(SqliteStore(tmp_path / "sub" / "flags.sqlite"), [A]) as flags:
        flags.set("a", 25, by="ann", reason="first look")
    with FeatureFlags(SqliteStore(tmp_path / "sub" / "flags.sqlite"), [A]) as flags:
        assert flags.all() == {"a": 25.0}
        assert [change.by for change in flags.history()] == ["ann"]


def test_a_change_of_another_process_is_seen_in_under_a_second(tmp_path: Path) -> None:
    """By the next read, and by a watcher without any read."""
    path, heard = tmp_path / "flags.sqlite", []
    with FeatureFlags(SqliteStore(path), [A]) as flags:
        flags.watch(heard.append)
        with changer(path, 1, "other") as process:
            assert process.stdout is not None
            process.stdout.readline()
            assert flags.all() == {"a": 1.0}
            wait_for(lambda: heard, timeout=1.0)
    assert [(change.by, change.new) for change in heard] == [("other", 1.0)]


def test_no_change_of_many_processes_is_lost(tmp_path: Path) -> None:
    """History has each change of each process, in order, and the chain of old and new values has no gap."""
    path = tmp_path / "flags.sqlite"
    processes = [changer(path, 60, f"writer-{number}") for number in range(4)]
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    store = SqliteStore(path)
    history = store.history("a")
    for number in range(4):
        mine = [change.reason for change in history if change.by == f"writer-{number}"]
        assert mine == [str(position) for position in range(60)]
    assert all(earlier.new == later.old for earlier, later in itertools.pairwise(history))
    store.close()


def test_a_killed_writer_loses_nothing_it_was_told(tmp_path: Path) -> None:
    """After kill -9 in the middle of writing, every acknowledged change is there and the file works."""
    path = tmp_path / "flags.sqlite"
    with changer(path, 100_000, "victim") as process:
        assert process.stdout is not None
        for _ in range(30):
            last = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read().split()
    acknowledged = int(rest[-1]) if rest else last
    with FeatureFlags(SqliteStore(path), [A]) as flags:
        reasons = [int(change.reason) for change in flags.history("a")]
        assert reasons[: acknowledged + 1] == list(range(acknowledged + 1))
        assert len(reasons) <= acknowledged + 2
        flags.enable("a")
        assert flags.enabled("a")


def test_a_writer_that_died_between_writing_and_telling_is_noticed(tmp_path: Path) -> None:
    """While the shared number is odd, readers look again by themselves."""
    store = SqliteStore(tmp_path / "flags.sqlite")
    with FeatureFlags(store, [A]) as flags:
        flags.disable("a")
        other = SqliteStore(tmp_path / "flags.sqlite")
        other.word[0] -= 1  # type: ignore[index]  # as a writer leaves it that is killed after its commit
        assert flags.enabled("a") is False
        connection = other._connect()
        connection.execute("UPDATE flags SET value = 'true'")
        assert wait_for(lambda: flags.enabled("a"), timeout=1.0)
        other.close()


def test_the_shared_number_is_odd_while_a_change_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a writer that is killed right then leaves readers looking."""
    store, write, seen = SqliteStore(tmp_path / "flags.sqlite"), sqlite.write, []

    def watched(*arguments: Any) -> Any:
        seen.append(store.word[0] % 2)
        return write(*arguments)

    monkeypatch.setattr(sqlite, "write", watched)
    store.apply({"a": True}, at=0.0, by="ann", reason="")
    assert (seen, store.word[0] % 2) == ([1], 0)
    monkeypatch.setattr(sqlite, "write", lambda *arguments: 1 / 0)
    before = store.word[0]
    with pytest.raises(ZeroDivisionError):
        store.apply({"a": False}, at=0.0, by="ann", reason="")
    assert (store.word[0], store.load().values) == (before, {"a": True})
    store.close()


def test_a_deleted_file_is_told_and_made_anew_with_the_last_known_values(tmp_path: Path) -> None:
    """Reads go on, the next change says what happened, the one after it works and nothing is reset."""
    path = tmp_path / "flags.sqlite"
    with FeatureFlags(SqliteStore(path), [A, B]) as flags:
        flags.set_percentage("a", 30)
        for file in tmp_path.iterdir():
            file.unlink()
        assert flags.all()["a"] == 30.0
        with pytest.raises(StoreError, match="was deleted or replaced"):
            flags.enable("b", by="ann")
        assert flags.all() == {"a": 30.0, "b": False}
        flags.enable("b", by="ann")
        assert flags.all() == {"a": 30.0, "b": True}
        assert [(change.flag, change.by) for change in flags.history()] == [("a", "overt"), ("b", "ann")]


def test_a_damaged_file_is_told_and_nothing_raises_into_a_reader(tmp_path: Path) -> None:
    """Values stay as they were known; a change is refused with what to do."""
    path = tmp_path / "flags.sqlite"
    with FeatureFlags(SqliteStore(path), [A]) as flags:
        flags.enable("a")
    for file in tmp_path.iterdir():
        if "generation" not in file.name:
            file.write_bytes(b"not a database, " * 300)
    with FeatureFlags(SqliteStore(path), [A]) as flags:
        assert flags.enabled("a") is False
        assert "is damaged" in str(flags.problem)
        with pytest.raises(StoreError, match="move it away"):
            flags.enable("a")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """The error names the path."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"flags\.sqlite"):
        SqliteStore(tmp_path / "file" / "flags.sqlite")


def _child(flags: FeatureFlags, pipe: object) -> None:
    flags.enable("b", by="child")
    pipe.send((flags.enabled("a"), flags.enabled("b")))  # type: ignore[attr-defined]
    pipe.recv()  # type: ignore[attr-defined]
    deadline = time.monotonic() + 5
    while flags.enabled("a") and time.monotonic() < deadline:
        pass
    pipe.send(flags.enabled("a"))  # type: ignore[attr-defined]


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_nothing_freezes_after_a_fork(tmp_path: Path) -> None:
    """Parent and child change flags and see each other's changes."""
    context = multiprocessing.get_context("fork")
    with FeatureFlags(SqliteStore(tmp_path / "flags.sqlite"), [A, B]) as flags:
        flags.watch(lambda change: None)
        flags.enable("a")
        here, there = context.Pipe()
        child = context.Process(target=_child, args=(flags, there))
        child.start()
        assert here.recv() == (True, True)
        assert flags.enabled("b")
        flags.disable("a")
        here.send("go")
        assert here.recv() is False
        child.join()
        assert child.exitcode == 0


def test_opening_and_closing_leaves_nothing(tmp_path: Path) -> None:
    """Files, threads and memory maps go with close()."""
    with assert_no_leaks():
        for _ in range(5):
            flags = FeatureFlags(SqliteStore(tmp_path / "flags.sqlite"), [A])
            flags.watch(lambda change: None)
            flags.enable("a")
            flags.close()
