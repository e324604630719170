"""A number that processes share through a small file, read as quickly as an item of an array."""

from __future__ import annotations

import mmap
import os
from pathlib import Path


class SharedWord:
    """Eight bytes of a file, mapped into memory.

    Args:
        path: The file; made when it is missing.

    Raises:
        OSError: It cannot be made or mapped.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            if os.fstat(descriptor).st_size < 8:
                os.ftruncate(descriptor, 8)
            self._inode = os.fstat(descriptor).st_ino
            self._map = mmap.mmap(descriptor, 8)
        finally:
            os.close(descriptor)
        self.value = memoryview(self._map).cast("Q")
        """The number, at index 0."""

    def is_lost(self) -> bool:
        """Tell whether the file was deleted or replaced, so that other processes look elsewhere."""
        try:
            return os.stat(self._path).st_ino != self._inode  # noqa: PTH116
        except OSError:
            return True

    def close(self) -> None:
        """Let go of the memory."""
        self.value.release()
        self._map.close()
