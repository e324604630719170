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

from overt.flags.records import Change, Snapshot, StoreError, Value, parsed
from overt.flags.sqlite_changes import count, enter_again, read_history, version, write, write_note
from overt.flags.sqlite_files import Files, is_there, make
from overt.flags.sqlite_forks import let_go_at_forks
from overt.flags.sqlite_latest import read_latest, write_latest
from overt.flags.sqlite_whole import is_blank_or_damaged
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
_START_AGAIN = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PROTOCOL})
"""Errors after which a new connection may find a way: two of one process stood in each other's."""
_LEAP = 1000
"""What the number of changes jumps by when known values are entered again: other processes may have known of more."""


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
        self._files: Files | None = None
        self._known, self._last = 0, dict[str, Value]()
        self._mishap = ""  # what happened to the file, until a change has told it
        self._may_enter_again = False
        self._word: SharedWord | None = None
        self._shared()
        let_go_at_forks(self)

    def hold(self) -> None:
        """Wait until nothing is under way, close the connection and begin nothing more until `go_on`."""
        self._lock.acquire()
        self._disconnect()

    def go_on(self) -> None:
        """End what `hold` has begun."""
        self._lock.release()

    @property
    def word(self) -> Word:
        """The number that changes with every change, shared by all processes."""
        return self._shared().value

    def _shared(self) -> SharedWord:
        word = self._word
        if word is None or word.is_lost():
            if word is not None:
                word.call()
            with _told(self.path):
                self.path.parent.mkdir(parents=True, exist_ok=True)
                word = self._word = SharedWord(self.path.with_name(self.path.name + "-generation"))
        return word

    def check(self) -> None:
        """Look whether the files are as they were left, without opening them.

        Raises:
            StoreError: They were deleted, replaced, cut or overwritten.
        """
        with self._lock.bare(), _told(self.path):
            if self._connection is not None and self._pid == os.getpid():
                self._connect()

    def load(self) -> Snapshot:
        """Return everything that is set.

        Raises:
            StoreError: The file is gone, no database, has lost changes, or cannot be read.
        """

        def read(connection: sqlite3.Connection) -> Snapshot:
            rows = connection.execute("SELECT name, value FROM flags").fetchall()
            return Snapshot(version(connection), {name: parsed(value) for name, value in rows})

        snapshot = self._reading(read)
        if snapshot.version < self._known:
            raise self._lost(snapshot.version)
        self._known, self._last = snapshot.version, dict(snapshot.values)
        return snapshot

    def apply(
        self, values: Mapping[str, Value | None], *, at: float, by: str, reason: str, note: Note | None = None
    ) -> Sequence[Change]:
        """Set flags, all or none, and remember it; None takes a value away.

        Raises:
            StoreError: The file was deleted, is no database, or cannot be written; nothing was changed. After a
                deletion the next change makes a new file and enters the last known values first.
            Overtaken: The note came too late.
        """
        with self._lock.bare(), self._minding():
            if self._mishap:
                raise self._error(self._mishap)  # what a reader came upon
            connection = self._connect(may_make=self._may_enter_again)
            changes = self._write(connection, values, at, by, reason, note)
            self._may_enter_again = False
        return changes

    @contextmanager
    def _minding(self) -> Iterator[None]:
        """Tell what happened to the file once; when the change is made again it is to succeed."""
        try:
            with _told(self.path):
                yield
        except _Damaged:
            self._disconnect()
            self._may_enter_again = True
            raise
        except StoreError as error:
            if getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF in _START_AGAIN:
                self._disconnect()
            if self._mishap:
                self._mishap, self._may_enter_again = "", True
            raise

    def _write(
        self,
        connection: sqlite3.Connection,
        values: Mapping[str, Value | None],
        at: float,
        by: str,
        reason: str,
        note: Note | None,
    ) -> list[Change]:
        word = self._shared().value
        connection.execute("BEGIN IMMEDIATE")
        before = word[0] + word[0] % 2  # odd: a writer was killed, perhaps after its change was made
        after = before
        try:
            known = version(connection)
            if known < self._known:
                if not self._may_enter_again:
                    after = before + 1
                    raise self._lost(known)
                enter_again(connection, self._last, self._known + _LEAP)
            if not word.readonly:
                word[0] = before + 1  # odd: a change is on its way
            changes = write(connection, values, at, by, reason)
            if note is not None:
                write_note(connection, note, at, by, reason)
            known = version(connection)
            connection.execute("COMMIT")
            after = max(before + 2, 2 * (known + 1))
        except BaseException:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise
        finally:
            # Also after a failure: an odd number would keep every reader looking again.
            if not word.readonly:
                word[0] = after
        self._known = known
        return changes

    def _lost(self, version: int) -> StoreError:
        return self._error(f"has lost changes: it is at number {version}, and {self._known} was known")

    def _error(self, mishap: str) -> StoreError:
        """Return an error for what happened to the file, which the next change is to tell, unless one has."""
        if not self._may_enter_again:
            self._mishap = mishap
        with suppress(StoreError):
            self._shared().call()  # the other processes are to look, too
        return StoreError(
            f"the flag store {self.path} {mishap}",
            "put it back, or make the change again: that enters the last known values first",
        )

    def renew(self, *, at: float) -> None:
        """Make way for a change that must be made: a damaged file is kept beside it.

        Raises:
            StoreError: The file cannot be looked at.
        """
        with self._lock.bare(), _told(self.path):
            self._disconnect()
            self._mishap, self._may_enter_again = "", True
            if is_blank_or_damaged(self.path):
                # No other process can know of a higher number, however it was lost.
                self._known = max(self._known, int(at))

    def history(
        self, flag: str | None = None, *, limit: int | None = None, before: int | None = None
    ) -> Sequence[Change]:
        """Return the changes, of one flag or of all, the oldest first.

        Raises:
            StoreError: The file cannot be read.
        """
        return self._reading(lambda connection: read_history(connection, flag, limit, before))

    def count(self, flag: str | None = None) -> int:
        """Return how many changes there were, of one flag or of all.

        Raises:
            StoreError: The file cannot be read.
        """
        return self._reading(lambda connection: count(connection, flag))

    def notes(self, topic: str) -> Sequence[Mapping[str, Any]]:
        """Return what was noted on a topic, the oldest first.

        Raises:
            StoreError: The file cannot be read.
        """
        select = "SELECT data FROM notes WHERE topic = ? ORDER BY id"
        rows = self._reading(lambda connection: connection.execute(select, (topic,)).fetchall())
        return [json.loads(data) for (data,) in rows]

    def last(self, flag: str) -> Change | None:
        """Return the last change of a flag; None when there was none.

        Raises:
            StoreError: The file cannot be read.
        """
        select = "SELECT at, by, old, new, reason FROM history WHERE flag = ? ORDER BY id DESC LIMIT 1"
        row = self._reading(lambda connection: connection.execute(select, (flag,)).fetchone())
        return None if row is None else Change(row[0], row[1], flag, json.loads(row[2]), json.loads(row[3]), row[4])

    def keep(self, topic: str, member: str, data: Mapping[str, Any]) -> None:
        """Remember the latest that a process has to tell.

        Raises:
            StoreError: The file cannot be written.
        """
        with self._lock.bare(), _told(self.path):
            write_latest(self._connect(), topic, member, data)

    def kept(self, topic: str) -> Mapping[str, Mapping[str, Any]]:
        """Return the latest that each process has told on a topic.

        Raises:
            StoreError: The file cannot be read.
        """
        return self._reading(lambda connection: read_latest(connection, topic))

    def close(self) -> None:
        """Close the file; again is harmless."""
        with self._lock.bare():
            if self._pid == os.getpid():
                self._disconnect()
            self._connection = self._word = None

    def _reading(self, read: Callable[[sqlite3.Connection], Answer]) -> Answer:
        with self._lock.bare(), _told(self.path):
            connection = self._connect()
            connection.execute("BEGIN")
            try:
                return read(connection)
            finally:
                connection.execute("COMMIT")

    def _connect(self, *, may_make: bool = False) -> sqlite3.Connection:
        """Return this process's connection; make one at first use, after a fork and when the files were changed.

        Args:
            may_make: Make the file also when it was there before and is gone.
        """
        if self._pid != os.getpid():
            # A connection must not be used, nor closed, on the other side of a fork.
            if self._connection is not None:
                self._inherited.append(self._connection)
            self._connection, self._pid = None, os.getpid()
        self._shared()
        if self._connection is not None:
            assert self._files is not None
            happened = self._files.look()
            if happened is None:
                return self._connection
            self._disconnect()
            if happened:
                raise self._error(happened)
        if not is_there(self.path):
            if self._files is not None and not may_make:
                raise self._error("was deleted or emptied while it was in use")
            make(self.path, _SCHEMA, lock=self.path.with_name(self.path.name + "-generation"))
        connection = sqlite3.connect(
            self.path, timeout=_SECONDS_TO_WAIT, isolation_level=None, check_same_thread=False, cached_statements=32
        )
        try:
            _prepare(connection)
        except BaseException:
            connection.close()
            raise
        self._connection, self._files = connection, Files(self.path)
        return connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None


class _Damaged(StoreError):
    """What is in the file is no database, or not whole."""


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tell what goes wrong with a file as one kind of error, with what to do."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StoreError(
            f"the flag store {path} cannot be used: {error}", "look at its permissions and disk"
        ) from error
    except (sqlite3.DatabaseError, ValueError) as error:
        raise _Damaged(
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
        except sqlite3.OperationalError as error:  # changing the mode does not wait for other processes by itself
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.01)
    connection.execute("PRAGMA synchronous=NORMAL")
    if connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'notes'").fetchone()[0] == 0:
        connection.executescript(f"BEGIN IMMEDIATE;{_SCHEMA}COMMIT;")
