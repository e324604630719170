"""The files of a run, held against what its manifest says of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from overt.evidence.canonical import decode_lines, sha256
from overt.evidence.layout import MANIFEST, RECORDS, may_be_listed, shown
from overt.evidence.manifest import Manifest, SealedFile
from overt.evidence.records import AnyRecord
from overt.model import Location, Problem


@dataclass(frozen=True, slots=True)
class Contents:
    """What the files of a run hold.

    Args:
        records: Every record that can be read.
        damage: What is not as it was written.
        notes: What is worth saying and is no damage.
    """

    records: tuple[AnyRecord, ...]
    damage: tuple[Problem, ...]
    notes: tuple[Problem, ...]


@dataclass(slots=True)
class _Reading:
    folder: Path
    records: list[AnyRecord] = field(default_factory=list)
    damage: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    def place(self, name: str, line: int = 0) -> Location:
        return Location(shown(self.folder, name), line)

    def done(self) -> Contents:
        return Contents(tuple(self.records), tuple(self.damage), tuple(self.notes))


def read_contents(folder: Path, manifest: Manifest) -> Contents:
    """Read the files of a run.

    Args:
        folder: Its folder.
        manifest: Its head.
    """
    reading = _Reading(folder)
    if manifest.state == "running":
        _read_running(reading)
    else:
        _read_closed(reading, manifest)
    return reading.done()


def _read_running(reading: _Reading) -> None:
    place = reading.place("")
    reading.notes.append(Problem("the run was never closed: it was killed, or is still going", place))
    for name in _names(reading.folder):
        if not name.startswith(f"{RECORDS}/"):
            continue
        data = _read(reading, name)
        whole, _, torn = data.rpartition(b"\n")
        if torn:
            line = data.count(b"\n") + 1
            message = f"its last line was cut off and is dropped ({len(torn)} bytes)"
            reading.notes.append(Problem(message, reading.place(name, line)))
        _decode(reading, name, whole)


def _read_closed(reading: _Reading, manifest: Manifest) -> None:
    for name, listed in sorted(manifest.files.items()):
        if not may_be_listed(name):
            reading.damage.append(Problem(f"lists {name!r}, which no run can hold", reading.place(MANIFEST)))
            continue
        data = _read(reading, name)
        _compare(reading, name, data, listed)
        if name.startswith(f"{RECORDS}/"):
            _decode(reading, name, data.removesuffix(b"\n"))
    for name in _names(reading.folder):
        if name not in manifest.files:
            reading.damage.append(Problem("is not listed in the manifest", reading.place(name)))


def _compare(reading: _Reading, name: str, data: bytes, listed: SealedFile) -> None:
    if len(data) < listed.bytes:
        message = f"was truncated: {len(data)} of {listed.bytes} bytes are left"
    elif len(data) > listed.bytes:
        message = f"was added to: {len(data)} bytes instead of {listed.bytes}"
    elif sha256(data) != listed.sha256:
        message = "was edited: its digest is not the one in the manifest"
    else:
        return
    if data or (reading.folder / name).exists():
        reading.damage.append(Problem(message, reading.place(name)))


def _read(reading: _Reading, name: str) -> bytes:
    path = reading.folder / name
    try:
        if path.is_symlink():
            reading.damage.append(Problem("is a link, not a file of the run", reading.place(name)))
            return b""
        return path.read_bytes()
    except OSError as error:
        reading.damage.append(Problem(f"is missing or cannot be read: {error.strerror}", reading.place(name)))
        return b""


def _decode(reading: _Reading, name: str, data: bytes) -> None:
    try:
        reading.records += decode_lines(data)
        return
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    for number, line in enumerate(data.split(b"\n"), 1):
        try:
            reading.records += decode_lines(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            reading.damage.append(Problem(f"is not a record: {error}", reading.place(name, number)))


def _names(folder: Path) -> Iterator[str]:
    """Yield the files of a run but its manifest; half-written ones have another name and are not evidence."""
    for parent, folders, files in os.walk(folder):
        folders.sort()
        below = os.path.relpath(parent, folder)
        for file in sorted(files):
            name = file if below == "." else f"{Path(below).as_posix()}/{file}"
            if name != MANIFEST and not (file.startswith(".") and file.endswith(".tmp")):
                yield name
