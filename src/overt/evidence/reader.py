"""A run read back: what it says, and whether it is what was written."""

from __future__ import annotations

from functools import cached_property
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TypeVar

import msgspec

from overt.evidence.canonical import is_sealed, plan_digest, sha256
from overt.evidence.contents import Contents, read_contents
from overt.evidence.layout import BLOBS, MANIFEST, may_be_listed, shown
from overt.evidence.manifest import FORMAT, Manifest
from overt.evidence.records import AnyRecord, Record
from overt.model import Exit, Location, OvertError, Problem

_R = TypeVar("_R", bound=Record)


class _Head(msgspec.Struct):
    format: int


class Run:
    """A run of the ledger; its records are read when they are first asked for.

    Args:
        folder: Its folder.
        manifest: Its head.
        head_damage: What is wrong with the head.
        records: Its records, when they are known already: it was written just now.
    """

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        head_damage: tuple[Problem, ...] = (),
        *,
        records: tuple[AnyRecord, ...] | None = None,
    ) -> None:
        self.folder, self.manifest = folder, manifest
        self._head_damage, self._known = head_damage, records

    @property
    def name(self) -> str:
        """Name of the run."""
        return self.manifest.run

    @property
    def records(self) -> tuple[AnyRecord, ...]:
        """Every record that can be read, sorted by id when the run is closed."""
        return self._contents.records

    @property
    def damage(self) -> tuple[Problem, ...]:
        """What was truncated, edited, added or removed since the run was written, each with its path."""
        return self._head_damage + self._contents.damage

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What is worth saying and is no damage: a run that was never closed, a last line cut by a kill."""
        return self._contents.notes

    def of(self, sort: type[_R]) -> list[_R]:
        """Return the records of one type."""
        found: list[_R] = []
        for kind, records in self._by_type.items():
            if issubclass(kind, sort):
                found += records  # type: ignore[arg-type]  # they are of that type
        return found

    def for_suite(self, name: str) -> list[AnyRecord]:
        """Return the records of one suite."""
        return self._by_suite.get(name, [])

    def blob(self, digest: str) -> bytes:
        """Return the bytes of a blob.

        Args:
            digest: Its name, as a record gives it.

        Raises:
            OvertError: It is not there, or is not what was written.
        """
        name = f"{BLOBS}/{digest}"
        where = Location(shown(self.folder, name))
        if not may_be_listed(name):
            raise OvertError(f"{digest!r} is not the name of a blob", exit=Exit.UNCHECKED)
        try:
            data = (self.folder / name).read_bytes()
        except OSError as error:
            raise OvertError(f"cannot be read: {error.strerror}", where=where, exit=Exit.UNCHECKED) from error
        if sha256(data) != digest:
            raise OvertError("is not what was written: its digest differs", where=where, exit=Exit.UNCHECKED)
        return data

    @cached_property
    def _contents(self) -> Contents:
        if self._known is not None:
            return Contents(self._known, (), ())
        return read_contents(self.folder, self.manifest)

    @cached_property
    def _by_type(self) -> dict[type[Record], list[AnyRecord]]:
        grouped: dict[type[Record], list[AnyRecord]] = {}
        for kind, some in groupby(self.records, key=type):
            grouped.setdefault(kind, []).extend(some)
        return grouped

    @cached_property
    def _by_suite(self) -> dict[str, list[AnyRecord]]:
        grouped: dict[str, list[AnyRecord]] = {}
        # Records of one suite mostly stand together.
        for suite, some in groupby(self.records, key=attrgetter("suite")):
            grouped.setdefault(suite, []).extend(some)
        return grouped


def open_run(folder: Path) -> Run:
    """Return the run in a folder.

    Args:
        folder: Folder that holds its manifest.

    Raises:
        OvertError: The manifest is missing, cannot be understood, or was written by a newer version.
    """
    where = Location(shown(folder, MANIFEST))
    try:
        data = (folder / MANIFEST).read_bytes()
    except OSError as error:
        hint = "the run was killed before it began, or a file was taken away; delete its folder"
        raise OvertError(f"cannot be read: {error.strerror}", where=where, hint=hint, exit=Exit.UNCHECKED) from error
    try:
        version = msgspec.json.decode(data, type=_Head).format
        if version > FORMAT:
            message = f"is of format {version}; this version of overt reads up to {FORMAT}"
            raise OvertError(message, where=where, hint="use a newer overt", exit=Exit.UNCHECKED)
        manifest = msgspec.json.decode(data, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        message = f"is not a manifest: {error}"
        raise OvertError(message, where=where, hint="it was truncated or edited", exit=Exit.UNCHECKED) from error
    return Run(folder, manifest, tuple(_head_damage(folder, manifest, data, where)))


def _head_damage(folder: Path, manifest: Manifest, data: bytes, where: Location) -> list[Problem]:
    found: list[Problem] = []
    if not is_sealed(manifest, data):
        found.append(Problem("was edited: its seal does not hold", where))
    if manifest.plan_sha256 != plan_digest(manifest.plan):
        found.append(Problem("its plan is not the one that was hashed before the run", where))
    if manifest.run != folder.resolve().name:
        found.append(Problem(f"says it is the run {manifest.run!r}, but lies in another folder", where))
    return found
