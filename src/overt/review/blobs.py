"""Contents of many objects in few calls of git."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from overt.system.git import git

LARGEST: Final = 2_000_000
"""Bytes above which a content is not read."""
_PER_CALL: Final = 24_000_000


class Blobs:
    """The contents of some objects, read when the first is asked for.

    Args:
        root: The repository.
        names: Hashes of the objects that may be asked for.
    """

    def __init__(self, root: Path, names: Sequence[str]) -> None:
        self._root, self._names = root, sorted(set(names))
        self._found: dict[str, bytes] | None = None

    def read(self, name: str) -> bytes | None:
        """Return the content of an object; None when it is missing or larger than what is read."""
        if self._found is None:
            self._found = self._read_all()
        return self._found.get(name)

    def _sizes(self) -> dict[str, int]:
        told = git(self._root, "cat-file", "--batch-check", stdin="\n".join(self._names).encode() + b"\n") or b""
        sizes = {}
        for line in told.decode().splitlines():
            parts = line.split()
            if len(parts) == 3 and parts[1] == "blob" and int(parts[2]) <= LARGEST:
                sizes[parts[0]] = int(parts[2])
        return sizes

    def _read_all(self) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        group: list[str] = []
        room = _PER_CALL
        for name, size in self._sizes().items():
            if size > room:
                found |= self._read_group(group)
                group, room = [], _PER_CALL
            group.append(name)
            room -= size
        return found | self._read_group(group)

    def _read_group(self, names: Sequence[str]) -> dict[str, bytes]:
        if not names:
            return {}
        data = git(self._root, "cat-file", "--batch", stdin="\n".join(names).encode() + b"\n") or b""
        found, place = {}, 0
        while place < len(data):
            end = data.index(b"\n", place)
            name, _, size = data[place:end].decode().split()
            found[name] = data[end + 1 : end + 1 + int(size)]
            place = end + int(size) + 2
        return found
