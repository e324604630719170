"""Many small results of one build in one file: read at once, written in one step, checked one by one."""

from __future__ import annotations

import contextlib
import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path

from overt.system.atomic import write_atomic

_MAGIC = b"overt pack 1\n"
_KEY, _CHECK = 32, 16
_HEAD = _KEY + _CHECK + 1 + 4
_OLDEST = 4
"""Builds that an entry survives without being asked for."""

LIMIT = 256 * 2**20
"""Bytes that a pack may have; the entries that were not asked for the longest go first."""


@dataclass(frozen=True, slots=True)
class _Entry:
    data: bytes
    check: bytes
    age: int


class Pack:
    """Results by the digest of what they were made from.

    A result that was damaged on disk is none: it is made again. What cannot be read or written harms nothing.

    Args:
        path: The file.
        limit: Bytes that it may have.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     pack = Pack(Path(folder) / "pages.pack")
        ...     pack.put("0" * 64, b"a page")
        ...     pack.save()
        ...     Pack(Path(folder) / "pages.pack").get("0" * 64)
        b'a page'
    """

    def __init__(self, path: Path, *, limit: int = LIMIT) -> None:
        self._path, self._limit = path, limit
        self._kept = self._read()
        self._used: dict[bytes, _Entry] = {}
        self.hits = self.misses = 0

    def _read(self) -> dict[bytes, _Entry]:
        found: dict[bytes, _Entry] = {}
        try:
            data = self._path.read_bytes()
        except OSError:
            return found
        if not data.startswith(_MAGIC):
            return found
        at = len(_MAGIC)
        while at + _HEAD <= len(data):
            key, check = data[at : at + _KEY], data[at + _KEY : at + _KEY + _CHECK]
            age = data[at + _KEY + _CHECK]
            size = int.from_bytes(data[at + _HEAD - 4 : at + _HEAD], "big")
            at += _HEAD
            if at + size > len(data):
                break
            found[key] = _Entry(data[at : at + size], check, age)
            at += size
        return found

    def get(self, key: str) -> bytes | None:
        """Return a result; None when there is none, or it was damaged.

        Args:
            key: Digest of what it was made from, 64 hexadecimal digits.
        """
        raw = bytes.fromhex(key)
        entry = self._used.get(raw) or self._kept.get(raw)
        if entry is not None and _check(raw, entry.data) == entry.check:
            with contextlib.suppress(zlib.error):
                data = zlib.decompress(entry.data)
                self._used[raw] = _Entry(entry.data, entry.check, 0)
                self.hits += 1
                return data
        self.misses += 1
        return None

    def put(self, key: str, data: bytes) -> None:
        """Keep a result.

        Args:
            key: Digest of what it was made from, 64 hexadecimal digits.
            data: The result.
        """
        raw, packed = bytes.fromhex(key), zlib.compress(data, 1)
        self._used[raw] = _Entry(packed, _check(raw, packed), 0)

    def save(self) -> None:
        """Write what was asked for and what was made; nothing when all of it is there already."""
        if all(key in self._kept and self._kept[key].check == entry.check for key, entry in self._used.items()):
            return
        older = ((key, _Entry(one.data, one.check, one.age + 1)) for key, one in self._kept.items())
        rest = [(key, one) for key, one in older if key not in self._used and one.age <= _OLDEST]
        parts, size = [_MAGIC], len(_MAGIC)
        for key, entry in (*self._used.items(), *sorted(rest, key=lambda pair: pair[1].age)):
            size += _HEAD + len(entry.data)
            if size > self._limit:
                break
            parts += [key, entry.check, bytes([entry.age]), len(entry.data).to_bytes(4, "big"), entry.data]
        with contextlib.suppress(OSError):
            write_atomic(self._path, b"".join(parts), durable=False)


def _check(key: bytes, data: bytes) -> bytes:
    return hashlib.sha256(key + data).digest()[:_CHECK]
