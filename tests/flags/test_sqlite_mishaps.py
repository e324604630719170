"""Whatever is done to the file while it is in use: readers go on, it is reported once, told by the next change, healed.

One thing no program can survive is left out: that the eight shared bytes beside the file are cut to nothing, see
`SharedWord`.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from overt.flags import FeatureFlags, Flag, SqliteStore, StoreError
from overt.flags.sqlite_files import Files
from overt.runtime import Telemetry
from overt.testing import capture_telemetry, wait_for

A = Flag("a", owner="shop", purpose="a test", created="2026-11-22", until="2027-06-30")
B = Flag("b", owner="shop", purpose="a test", created="2026-11-22", until="2027-06-30")
LOG, INDEX = "-wal", "-shm"


def beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def delete(*suffixes: str) -> Callable[[Path], None]:
    """Delete some of the files."""
    return lambda path: [beside(path, suffix).unlink() for suffix in suffixes] and None


def delete_everything(path: Path) -> None:
    """Also the shared number."""
    for file in path.parent.iterdir():
        file.unlink()


def write(data: bytes, *suffixes: str) -> Callable[[Path], None]:
    """Put other content into some of the files, without emptying them first: SQLite empties its log, too."""

    def overwrite(path: Path) -> None:
        for suffix in suffixes:
            with beside(path, suffix).open("r+b") as file:
                file.write(data)
                file.truncate(len(data))

    return overwrite


def folder_instead(path: Path) -> None:
    """Put a folder in its place."""
    path.unlink()
    path.mkdir()


def garbage_inside(path: Path) -> None:
    """Overwrite all but the first page of the file, once everything is in it."""
    outside = sqlite3.connect(path)
    outside.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    outside.close()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"x" * (path.stat().st_size - 4096))


def another_database(path: Path) -> None:
    """Put a database of somebody else in its place."""
    other = path.with_name("other")
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE stranger (x)")
    connection.close()
    other.replace(path)


MISHAPS: dict[str, Callable[[Path], None]] = {
    "file deleted": delete(""),
    "all three files deleted": delete("", LOG, INDEX),
    "everything deleted": delete_everything,
    "file emptied": write(b"", ""),
    "file a little garbage": write(b"garbage", ""),
    "file much garbage": write(b"not a database, " * 512, ""),
    "file noughts": write(bytes(4096), ""),
    "all three files emptied": write(b"", "", LOG, INDEX),
    "all three files garbage": write(b"not a database, " * 512, "", LOG, INDEX),
    "log deleted": delete(LOG),
    "log cut": lambda path: os.truncate(beside(path, LOG), 100),
    "log garbage": write(b"garbage", LOG),
    "index deleted": delete(INDEX),
    "another database": another_database,
}
NEEDS_A_HAND: dict[str, Callable[[Path], None]] = {
    "garbage inside": garbage_inside,
    "a folder instead": folder_instead,
}


NO_LOSS: dict[str, Callable[[Path], None]] = {
    "index emptied": write(b"", INDEX),
    "index cut": lambda path: os.truncate(beside(path, INDEX), 5000),
    "index garbage": write(b"garbage" * 600, INDEX),
}


class Rig:
    """Flags over a file, with readers that never stop, and another view of the same file."""

    def __init__(self, path: Path) -> None:
        self.path, self.telemetry = path, Telemetry()
        self.flags = FeatureFlags(SqliteStore(path), [A, B], telemetry=self.telemetry)
        self.flags.set_percentage("a", 20, by="ann")
        self.flags.set_percentage("a", 30, by="ann")
        self.other = FeatureFlags(SqliteStore(path), [A, B])
        self.raised: list[BaseException] = []
        self.seen: set[Any] = set()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._read, args=(flags,)) for flags in (self.flags, self.other)]
        for thread in self._threads:
            thread.start()
        wait_for(lambda: self.seen, timeout=30)  # on a busy machine a mishap would be over before the first look

    def _read(self, flags: FeatureFlags) -> None:
        while not self._stop.wait(0.0005):
            try:
                self.seen.add((flags.all()["a"], flags.enabled("a", "user-7")))
            except BaseException as error:
                self.raised.append(error)

    def close(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self.flags.close()
        self.other.close()


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path / "flags.sqlite")
    yield made
    made.close()


def change_twice(rig: Rig, flags: FeatureFlags) -> None:
    """Make a change, which is refused with what to do, and make it again, until the other view is out of the way."""
    with pytest.raises(StoreError) as caught:
        flags.enable("b", by="bob")
    assert str(rig.path) in caught.value.message
    assert caught.value.hint
    wait_for(lambda: _changed(flags), timeout=30)


def is_as_it_should_be(rig: Rig) -> None:
    """Both views agree, nothing known is lost, and readers never saw or raised anything else."""
    for flags in (rig.flags, rig.other):
        wait_for(lambda flags=flags: flags.problem is None and flags.all() == {"a": 30.0, "b": True}, timeout=30)
    history = rig.flags.history()
    assert ("b", "bob", True) in [(change.flag, change.by, change.new) for change in history]
    assert [change.new for change in history if change.flag == "a"][-1] == 30.0
    with FeatureFlags(SqliteStore(rig.path), [A, B]) as later:
        assert (later.all(), later.problem) == ({"a": 30.0, "b": True}, None)
    inside = (30.0, rig.flags.enabled("a", "user-7"))
    assert rig.seen == {inside}
    assert rig.raised == []


@pytest.mark.parametrize("mishap", MISHAPS.values(), ids=MISHAPS)
def test_a_mishap_is_told_by_the_next_change_and_healed_by_the_one_after(
    rig: Rig, mishap: Callable[[Path], None]
) -> None:
    """Each view tells it once, and reports it once; then both go on, with what was known."""
    with capture_telemetry(rig.telemetry, ("overt", "flags", "store_failed")) as events:
        mishap(rig.path)
        change_twice(rig, rig.flags)
        is_as_it_should_be(rig)
    assert len(events) == 1
    rig.flags.disable("b", by="ann")
    wait_for(lambda: rig.other.all()["b"] is False, timeout=5)


@pytest.mark.parametrize("mishap", MISHAPS.values(), ids=MISHAPS)
def test_a_mishap_is_told_to_who_asks(rig: Rig, mishap: Callable[[Path], None]) -> None:
    """Nobody watches, and no read notices: asking looks."""
    mishap(rig.path)
    assert rig.other.problem is not None


@pytest.mark.parametrize("mishap", MISHAPS.values(), ids=MISHAPS)
def test_a_mishap_is_noticed_without_any_change(rig: Rig, mishap: Callable[[Path], None]) -> None:
    """Who watches is told unasked, and the next change tells it all the same."""
    heard: list[Any] = []
    rig.flags.watch_store(heard.append)
    mishap(rig.path)
    wait_for(lambda: heard, timeout=5)
    change_twice(rig, rig.flags)
    is_as_it_should_be(rig)


@pytest.mark.parametrize("mishap", NO_LOSS.values(), ids=NO_LOSS)
def test_what_sqlite_can_make_again_is_no_mishap(rig: Rig, mishap: Callable[[Path], None]) -> None:
    """Without a look at it first the process would be ended: it is mapped into memory."""
    mishap(rig.path)
    rig.flags.enable("b", by="bob")
    is_as_it_should_be(rig)


@pytest.mark.parametrize("mishap", NEEDS_A_HAND.values(), ids=NEEDS_A_HAND)
def test_what_cannot_be_healed_is_told_until_it_is_moved_away(rig: Rig, mishap: Callable[[Path], None]) -> None:
    """Every change says so; once it is out of the way one is made, with what was known."""
    mishap(rig.path)
    for _ in range(3):
        with pytest.raises(StoreError):
            rig.flags.enable("b", by="bob")
        assert rig.flags.problem is not None
        assert rig.flags.all() == {"a": 30.0, "b": False}
    for suffix in ("", LOG, INDEX):
        if beside(rig.path, suffix).exists():
            beside(rig.path, suffix).rename(rig.path.with_name(f"away{suffix}"))
    wait_for(lambda: _changed(rig.flags), timeout=5)
    is_as_it_should_be(rig)


def _changed(flags: FeatureFlags) -> bool:
    try:
        return flags.enable("b", by="bob") is not None
    except StoreError:
        return False


def test_an_old_copy_put_back_counts_as_lost_data(rig: Rig) -> None:
    """Numbers of changes tell it: what was known stays, and is entered again by the change after the next."""
    rig.other.close()
    old = rig.path.with_name("old")
    with sqlite3.connect(rig.path) as source, sqlite3.connect(old) as copy:
        source.backup(copy)
    source.close()
    copy.close()
    rig.flags.set_percentage("a", 40, by="ann")
    rig.seen.clear()
    for suffix in ("", LOG, INDEX):
        beside(rig.path, suffix).unlink()
    shutil.copy(old, rig.path)
    assert rig.flags.all()["a"] == 40.0
    change_twice(rig, rig.flags)
    assert rig.flags.all() == {"a": 40.0, "b": True}
    assert {change.by for change in rig.flags.history("a")} == {"ann", "overt"}
    assert rig.raised == []


def test_versions_go_on_rising_after_a_loss(rig: Rig) -> None:
    """So that whoever knew of more changes than the one who healed takes the new ones for newer."""
    store = SqliteStore(rig.path)
    before = store.load().version
    number = store.word[0]
    delete("", LOG, INDEX)(rig.path)
    change_twice(rig, rig.flags)
    with closing(SqliteStore(rig.path)) as fresh:
        assert fresh.load().version > before + 2
        assert fresh.word[0] > number
        assert fresh.word[0] % 2 == 0
    store.close()


def test_two_that_heal_at_once_lose_neither_change(rig: Rig) -> None:
    """The second finds what the first has made, and enters nothing over it."""
    delete_everything(rig.path)
    for flags in (rig.flags, rig.other):
        with pytest.raises(StoreError):
            flags.enable("b")
    rig.flags.enable("b", by="ann")
    rig.other.set_percentage("a", 30, by="bob")
    is_as_it_should_be_both = {"a": 30.0, "b": True}
    for flags in (rig.flags, rig.other):
        wait_for(lambda flags=flags: flags.all() == is_as_it_should_be_both, timeout=5)
    assert [change.by for change in rig.other.history("b")] == ["ann"]
    assert [change.by for change in rig.other.history("a")] == ["overt", "bob"]


def test_a_shared_number_that_is_deleted_is_found_again(rig: Rig) -> None:
    """Whoever notices tells the others through the old one."""
    beside(rig.path, "-generation").unlink()
    rig.flags.enable("b", by="ann")
    wait_for(lambda: rig.other.all()["b"] is True, timeout=5)
    rig.flags.disable("b", by="ann")
    wait_for(lambda: rig.other.all()["b"] is False, timeout=5)
    assert rig.raised == []


def test_emptying_the_log_as_sqlite_itself_does_is_no_mishap(rig: Rig) -> None:
    """Somebody tells SQLite to put its log into the file and empty it: changes go on without a word."""
    outside = sqlite3.connect(rig.path)
    assert outside.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    outside.close()
    assert beside(rig.path, LOG).stat().st_size == 0
    rig.flags.enable("b", by="bob")
    is_as_it_should_be(rig)


def test_a_value_that_is_none_is_not_served(rig: Rig) -> None:
    """A text in the place of a value is damage, not true."""
    with sqlite3.connect(rig.path) as outside:
        outside.execute("UPDATE flags SET value = '\"off\"' WHERE name = 'a'")
    outside.close()
    store = SqliteStore(rig.path)
    with pytest.raises(StoreError, match="damaged"):
        store.load()
    store.close()


def refusal(flags: FeatureFlags) -> StoreError | None:
    """Make a change that takes room, and return why it was refused."""
    try:
        flags.enable("b", by="bob", reason="x" * 2000)
    except StoreError as error:
        return error
    return None


def test_a_disk_that_is_full_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    """Changes are refused until there is room again; what was acknowledged is there, what was refused is not."""
    import resource

    path = tmp_path / "flags.sqlite"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with FeatureFlags(SqliteStore(path), [A, B]) as flags:
        flags.set_percentage("a", 30, by="ann")
        acknowledged = 1
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, hard))  # for this process, in place of a full disk
        try:
            refused = None
            while refused is None:
                refused = refusal(flags)
                acknowledged += refused is None
            assert "cannot be used" in refused.message
            assert "disk" in refused.hint
            assert flags.all()["a"] == 30.0
            assert flags.problem is None or "disk" in str(flags.problem)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        flags.disable("b", by="bob")
        assert len(flags.history()) == acknowledged + 1
        wait_for(lambda: flags.problem is None, timeout=5)
        assert flags.all() == {"a": 30.0, "b": False}


FORBIDDEN = """
import logging, os, sys
from overt.flags import FeatureFlags, Flag, SqliteStore, StoreError
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
about = {"owner": "", "purpose": "", "created": "2026-11-22", "until": "2027-06-30"}
flags = FeatureFlags(SqliteStore(sys.argv[1]), [Flag("a", **about), Flag("b", **about)])
print(flags.all(), flush=True)
for line in sys.stdin:
    try:
        flags.enable("b")
    except StoreError as error:
        print(type(error).__name__, bool(error.hint), flags.all(), flags.enabled("a", 7), flush=True)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="UNCHECKED: only root can become somebody who may not write")
def test_a_file_that_may_not_be_written_is_read_and_refused() -> None:
    """Somebody else reads the values; a change says what is wrong; nothing raises but a StoreError."""
    import subprocess
    import sys
    import tempfile

    # Not below the folder of the test run, which is closed to others.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "shared"
        with FeatureFlags(SqliteStore(folder / "flags.sqlite"), [A, B]) as flags:
            flags.set_percentage("a", 100, by="ann")
            for each in (folder.parent, folder, *folder.iterdir()):
                each.chmod(0o755 if each.is_dir() else 0o644)
            command = [sys.executable, "-c", FORBIDDEN, str(folder / "flags.sqlite")]
            pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
            with subprocess.Popen(command, **pipes) as somebody:
                answer, _ = somebody.communicate("change\nchange\n", timeout=60)
    assert answer.splitlines() == [
        "{'a': 100.0, 'b': False}",
        *["StoreError True {'a': 100.0, 'b': False} True"] * 2,
    ]


def test_the_files_of_a_database_are_compared_without_opening_them(tmp_path: Path) -> None:
    """What is no mishap: growing, being looked at twice, and a log that was never there."""
    path = tmp_path / "x"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (x)")
    files = Files(path)
    assert files.look() is None
    connection.execute("CREATE TABLE much (x)")
    connection.commit()
    assert files.look() is None
    os.truncate(path, 10)
    assert "put aside as x-damaged" in str(files.look())
    assert (path.exists(), path.with_name("x-damaged").exists()) == (False, True)
    connection.close()
