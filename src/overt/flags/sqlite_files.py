"""The three files of an SQLite database in use, watched for foreign hands."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from overt.flags.word import identity

_LOG, _INDEX = "-wal", "-shm"
_PAGE = 512
"""Every page size is a multiple of it."""
_MAGIC = b"SQLite format 3\x00"


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
        told = [self._compare(suffix) for suffix in (_INDEX, "", _LOG)]  # the index first: it is mended before use
        return max((text for text in told if text is not None), key=len, default=None)

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
        if now.st_size >= was.st_size:
            return None if suffix else self._overwritten(was, now)
        if suffix == _INDEX:
            os.truncate(path, was.st_size)
            del self._seen[suffix]
        if suffix == _LOG and now.st_size == 0:
            return ""  # SQLite empties it itself when it is told to
        return f"is damaged: it was cut{_beside(suffix)} from {was.st_size} to {now.st_size} bytes"

    def _overwritten(self, was: os.stat_result, now: os.stat_result) -> str | None:
        """Tell whether the database itself was overwritten; SQLite would go on with what its log says."""
        if now.st_mtime_ns == was.st_mtime_ns:
            return None
        if now.st_size % _PAGE == 0 and is_database(identity(now)):
            return None
        return "is damaged: it was overwritten"


def _beside(suffix: str) -> str:
    return f" (its file *{suffix})" if suffix else ""


def is_database(file: tuple[int, int]) -> bool:
    """Tell whether a file that this process has open begins as a database does.

    Args:
        file: Its identity; it is read through a descriptor that is there already.

    Raises:
        OSError: It cannot be read.
    """
    for name in os.listdir("/dev/fd"):  # noqa: PTH208
        with suppress(OSError):  # one that was closed meanwhile
            if identity(os.fstat(int(name))) == file:
                return os.pread(int(name), len(_MAGIC), 0) == _MAGIC
    return True


def make_empty(path: Path, beside: Path) -> None:
    """Make the file of a database that is missing, without what is left of a deleted one.

    A log that is left is that of the deleted database, and other processes may still have it open. Only one process
    at a time does this.

    Args:
        path: The database.
        beside: An existing file that serves as the lock.

    Raises:
        OSError: The file cannot be made.
    """
    with beside.open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if path.exists():
            return
        for suffix in (_LOG, _INDEX):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o644))
