"""The three files of an SQLite database in use, watched for foreign hands."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from overt.flags.word import identity

_LOG, _INDEX = "-wal", "-shm"
_PAGE = 512
"""Every page size is a multiple of it."""
_MAGIC = b"SQLite format 3\x00"
_INDEX_HEADER = 96
"""Bytes of the two copies of what the index says of itself."""


class Files:
    """What the files of an open database were when they were last looked at.

    SQLite maps the index of its log into memory and trusts what it has read: a file that was cut may end the process,
    and one that was overwritten goes unnoticed for long. Nothing here opens a file that SQLite has open, because
    closing it again would take away SQLite's locks.

    Args:
        path: The database; its log and the index of the log lie beside it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: dict[str, os.stat_result] = {}
        self.look()

    def look(self) -> str | None:
        """Compare with the last look.

        Returns:
            None when nothing happened to the files, else what did; an empty text when that is no damage, but the
            database must be opened again.
        """
        told = {suffix: self._compare(suffix) for suffix in (_INDEX, "", _LOG)}  # the index is mended before use
        if told[_LOG] or told[_INDEX] is not None:
            self._forget_index()
        return max((text for text in told.values() if text is not None), key=len, default=None)

    def _compare(self, suffix: str) -> str | None:
        path, was = f"{self._path}{suffix}", self._seen.get(suffix)
        try:
            now = os.stat(path)  # noqa: PTH116
        except OSError:
            return None if was is None else f"was deleted or replaced while it was in use{_beside(suffix)}"
        self._seen[suffix] = now
        if was is None:
            return None
        if identity(now) != identity(was):
            return f"was deleted or replaced while it was in use{_beside(suffix)}"
        if not suffix and (now.st_size, now.st_mtime_ns) != (was.st_size, was.st_mtime_ns) and not _is_whole(now):
            return f"is damaged: it was cut or overwritten, and is put aside as {self._put_aside(identity(now))}"
        if now.st_size >= was.st_size:
            return None
        if suffix == _INDEX:
            os.truncate(path, was.st_size)
            self._seen[suffix] = os.stat(path)  # noqa: PTH116
        if suffix == _LOG and now.st_size > 0:
            return f"is damaged: it was cut from {was.st_size} to {now.st_size} bytes{_beside(suffix)}"
        return ""  # SQLite makes the index again, and can empty the log and shorten the database itself

    def _put_aside(self, file: tuple[int, int]) -> str:
        """Rename a damaged database, so that SQLite writes nothing more into it when it is closed."""
        aside = self._path.with_name(f"{self._path.name}-damaged")
        with suppress(OSError):
            if identity(self._path.stat()) == file:
                self._path.replace(aside)
        return aside.name

    def _forget_index(self) -> None:
        """Let SQLite make the index of the log again: others may hold it open, and it tells of a log that is gone."""
        index = self._seen.get(_INDEX)
        descriptor = None if index is None else _open_already(identity(index))
        if descriptor is not None:
            os.pwrite(descriptor, bytes(_INDEX_HEADER), 0)


def _is_whole(database: os.stat_result) -> bool:
    """Tell whether the file itself begins and ends as a database does; SQLite would go on with what its log says."""
    descriptor = _open_already(identity(database))
    begins = _MAGIC if descriptor is None else os.pread(descriptor, len(_MAGIC), 0)
    return database.st_size > 0 and database.st_size % _PAGE == 0 and begins == _MAGIC


def _beside(suffix: str) -> str:
    return f" (its file *{suffix})" if suffix else ""


def _open_already(file: tuple[int, int]) -> int | None:
    """Return the descriptor by which this process has a file open."""
    for name in os.listdir("/dev/fd"):  # noqa: PTH208
        with suppress(OSError):  # one that was closed meanwhile
            if identity(os.fstat(int(name))) == file:
                return int(name)
    return None


def is_there(path: Path) -> bool:
    """Tell whether a database is there: not missing, not emptied."""
    try:
        return path.stat().st_size > 0 or not path.is_file()
    except OSError:
        return False


def make(path: Path, schema: str, *, lock: Path) -> None:
    """Make a database where none is, without what is left of a deleted one.

    A log that is left is that of the deleted database, and other processes may still have it open. Only one process
    at a time does this, and the file is never seen empty.

    Args:
        path: The database.
        schema: The statements that make its tables.
        lock: An existing file that serves as the lock.

    Raises:
        OSError: The file cannot be made.
        sqlite3.Error: The tables cannot be made.
    """
    with lock.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if is_there(path):
            return
        new = Path(f"{path}-new")
        new.unlink(missing_ok=True)
        with closing(sqlite3.connect(new)) as connection:
            connection.executescript(schema)
        for suffix in (_LOG, _INDEX):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        new.replace(path)
