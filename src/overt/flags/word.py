"""A number that processes share through a small file, read as quickly as an item of an array."""

from __future__ import annotations

import mmap
import os
from pathlib import Path

_SIZE = 8


class SharedWord:
    """Eight bytes of a file, mapped into memory; read only for whoever may not write the file.

    The file may be deleted or overwritten while it is in use, but not emptied: a program that then looks into the
    memory is ended by the operating system, as with every file that is mapped.

    Args:
        path: The file; made when it is missing.

    Raises:
        OSError: It cannot be made or mapped.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            descriptor, access = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644), mmap.ACCESS_WRITE
        except PermissionError:
            descriptor, access = os.open(path, os.O_RDONLY | os.O_CLOEXEC), mmap.ACCESS_READ
        try:
            if os.fstat(descriptor).st_size < _SIZE:
                os.ftruncate(descriptor, _SIZE)
            self._file = identity(os.fstat(descriptor))
            self._map = mmap.mmap(descriptor, _SIZE, access=access)
        finally:
            os.close(descriptor)
        self.value = memoryview(self._map).cast("Q")
        """The number, at index 0."""

    def is_lost(self) -> bool:
        """Tell whether the file was deleted or replaced, so that other processes look elsewhere."""
        try:
            found = os.stat(self._path)  # noqa: PTH116
            if identity(found) == self._file and found.st_size < _SIZE:
                os.truncate(self._path, _SIZE)  # emptied a moment ago: before anybody looks into the memory
        except OSError:
            return True
        return identity(found) != self._file

    def call(self) -> None:
        """Let everybody who shares this memory look at the store again, until a change is made."""
        if not self.value.readonly:
            self.value[0] |= 1


def identity(status: os.stat_result) -> tuple[int, int]:
    """Return what tells a file from every other one that exists at the same time."""
    return status.st_dev, status.st_ino
