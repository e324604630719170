"""Flags in an SQLite file that the processes of one machine share."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from overt.flags.records import Change, Snapshot, StoreError, Value
from overt.flags.store import Note, Word
from overt.flags.word import SharedWord
from overt.runtime.forks import ForkLock

Answer = TypeVar("Answer")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS flags (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS history (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, by TEXT NOT NULL, flag TEXT NOT NULL,
    old TEXT NOT NULL, new TEXT NOT NULL, reason TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS history_of_flag ON history (flag);
CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, data TEXT NOT NULL);
"""
_SECONDS_TO_WAIT = 10.0


class SqliteStore:
    """Keeps flags in a file; survives the death of every process that uses it.

    A change is written before the call returns. It is then on its way to the disk but not forced onto it: a killed
    process loses nothing, a power cut may lose the last changes. Other processes learn of it through eight shared
    bytes in a file beside it.

    Args:
        path: The file; its folder is created when missing.

    Example:
        >>> import tempfile
        >>> store = SqliteStore(Path(tempfile.mkdtemp()) / "flags.sqlite")
        >>> _ = store.apply({"new-cart": True}, at=0.0, by="ann", reason="ready")
        >>> store.load().values
        {'new-cart': True}
        >>> store.close()
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._lock, self._pid = ForkLock(), os.getpid()
        self._connection: sqlite3.Connection | None = None
        self._inherited: list[sqlite3.Connection] = []
        self._inode = 0
        self._last: dict[str, Value] = {}
        self._word: SharedWord | None = None
        self._shared()

    @property
    def word(self) -> Word:
        """The number that changes with every change, shared by all processes."""
        return self._shared().value

    def _shared(self) -> SharedWord:
        word = self._word
        if word is None or word.is_lost():
            with _told(self.path):
                self.path.parent.mkdir(parents=True, exist_ok=True)
                word = self._word = SharedWord(self.path.with_name(self.path.name + "-generation"))
        return word

    def load(self) -> Snapshot:
        """Return everything that is set.

        Raises:
            StoreError: The file is gone, no database, or cannot be read.
        """

        def read(connection: sqlite3.Connection) -> Snapshot:
            rows = connection.execute("SELECT name, value FROM flags").fetchall()
            return Snapshot(_version(connection), {name: json.loads(value) for name, value in rows})

        snapshot = self._reading(read)
        self._last = dict(snapshot.values)
        return snapshot

    def apply(
        self, values: Mapping[str, Value | None], *, at: float, by: str, reason: str, note: Note | None = None
    ) -> Sequence[Change]:
        """Set flags, all or none, and remember it; None takes a value away.

        Raises:
            StoreError: The file was deleted, is no database, or cannot be written; nothing was changed. After a
                deletion the next change makes a new file and enters the last known values first.
        """
        with self._lock, _told(self.path):
            connection, word = self._connect(), self._shared().value
            connection.execute("BEGIN IMMEDIATE")
            version = word[0] // 2
            try:
                version = _version(connection)
                word[0] = 2 * version + 1  # odd: a change is on its way
                changes = _write(connection, values, at, by, reason)
                if note is not None:
                    data = json.dumps({**note.data, "at": at, "by": by, "reason": reason})
                    connection.execute("INSERT INTO notes (topic, data) VALUES (?, ?)", (note.topic, data))
                version = _version(connection)
                connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise
            finally:
                # Also after a failure: an odd number would keep every reader looking again.
                word[0] = 2 * (version + 1)
        return changes

    def history(self, flag: str | None = None) -> Sequence[Change]:
        """Return the changes, of one flag or of all, the oldest first.

        Raises:
            StoreError: The file cannot be read.
        """
        select = "SELECT at, by, flag, old, new, reason FROM history WHERE ? IS NULL OR flag = ? ORDER BY id"
        rows = self._reading(lambda connection: connection.execute(select, (flag, flag)).fetchall())
        return [Change(at, by, name, json.loads(old), json.loads(new), why) for at, by, name, old, new, why in rows]

    def notes(self, topic: str) -> Sequence[Mapping[str, Any]]:
        """Return what was noted on a topic, the oldest first.

        Raises:
            StoreError: The file cannot be read.
        """
        select = "SELECT data FROM notes WHERE topic = ? ORDER BY id"
        rows = self._reading(lambda connection: connection.execute(select, (topic,)).fetchall())
        return [json.loads(data) for (data,) in rows]

    def close(self) -> None:
        """Close the file; again is harmless."""
        with self._lock:
            if self._connection is not None and self._pid == os.getpid():
                self._connection.close()
            self._connection = self._word = None

    def _reading(self, read: Callable[[sqlite3.Connection], Answer]) -> Answer:
        with self._lock, _told(self.path):
            connection = self._connect()
            connection.execute("BEGIN")
            try:
                return read(connection)
            finally:
                connection.execute("COMMIT")

    def _connect(self) -> sqlite3.Connection:
        """Return this process's connection; make one at first use, after a fork and when the file was deleted."""
        if self._pid != os.getpid():
            # A connection must not be used, nor closed, on the other side of a fork.
            if self._connection is not None:
                self._inherited.append(self._connection)
            self._connection, self._pid = None, os.getpid()
        self._shared()
        if self._connection is not None:
            if _inode(self.path) == self._inode:
                return self._connection
            self._connection.close()
            self._connection = None
            raise StoreError(
                f"the flag store {self.path} was deleted or replaced while it was in use",
                "put it back, or make the change again: that makes a new file with the last known values",
            )
        is_new = _inode(self.path) == 0
        connection = sqlite3.connect(
            self.path, timeout=_SECONDS_TO_WAIT, isolation_level=None, check_same_thread=False, cached_statements=32
        )
        try:
            _prepare(connection)
            if is_new and self._last:
                _enter_again(connection, self._last)
        except BaseException:
            connection.close()
            raise
        self._connection, self._inode = connection, _inode(self.path)
        return connection


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tell what goes wrong with a file as one kind of error, with what to do."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StoreError(
            f"the flag store {path} cannot be used: {error}", "look at its permissions and disk"
        ) from error
    except (sqlite3.DatabaseError, json.JSONDecodeError) as error:
        raise StoreError(
            f"the flag store {path} is damaged: {error}", "move it away: the next change makes a new one"
        ) from error
    except OSError as error:
        raise StoreError(f"the flag store {path} cannot be used: {error.strerror or error}") from error


def _prepare(connection: sqlite3.Connection) -> None:
    """Make the tables when they are missing; several processes may do so at once."""
    end = time.monotonic() + _SECONDS_TO_WAIT
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").fetchone()
            break
        except sqlite3.OperationalError:  # changing the mode does not wait for other processes by itself
            if time.monotonic() > end:
                raise
            time.sleep(0.01)
    connection.execute("PRAGMA synchronous=NORMAL")
    if connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'notes'").fetchone()[0] == 0:
        connection.executescript(f"BEGIN IMMEDIATE;{_SCHEMA}COMMIT;")


def _version(connection: sqlite3.Connection) -> int:
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'history'").fetchone()
    return int(row[0]) if row else 0


def _write(
    connection: sqlite3.Connection, values: Mapping[str, Value | None], at: float, by: str, reason: str
) -> list[Change]:
    changes = []
    for flag, new in values.items():
        row = connection.execute("SELECT value FROM flags WHERE name = ?", (flag,)).fetchone()
        old: Value | None = json.loads(row[0]) if row else None
        if new is None:
            connection.execute("DELETE FROM flags WHERE name = ?", (flag,))
        else:
            connection.execute("REPLACE INTO flags (name, value) VALUES (?, ?)", (flag, json.dumps(new)))
        connection.execute(
            "INSERT INTO history (at, by, flag, old, new, reason) VALUES (?, ?, ?, ?, ?, ?)",
            (at, by, flag, json.dumps(old), json.dumps(new), reason),
        )
        changes.append(Change(at, by, flag, old, new, reason))
    return changes


def _enter_again(connection: sqlite3.Connection, values: Mapping[str, Value]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    _write(connection, values, time.time(), "overt", "the store was deleted; these are the last known values")
    connection.execute("COMMIT")


def _inode(path: Path) -> int:
    try:
        return os.stat(path).st_ino  # noqa: PTH116
    except OSError:
        return 0
