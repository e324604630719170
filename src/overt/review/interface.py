"""What changed in the public interface."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from overt.model import Location
from overt.review.api import Public, is_public_module, public_of
from overt.review.changes import Changes
from overt.review.python import is_source


@dataclass(frozen=True, slots=True)
class ApiChange:
    """One name of the interface that is new, gone or different.

    Args:
        word: `added`, `removed` or `changed`.
        name: Its dotted name inside the file.
        where: Where it is, or was.
        documented: Whether it has a docstring.
    """

    word: str
    name: str
    where: Location
    documented: bool = True


def _compare(path: str, before: dict[str, Public], after: dict[str, Public]) -> Iterator[ApiChange]:
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if new is None:
            yield ApiChange("removed", name, Location(path))
        elif old is None:
            yield ApiChange("added", name, Location(path, new.line), new.documented)
        elif old.differs(new):
            yield ApiChange("changed", name, Location(path, new.line))


def api_changes(changes: Changes, packages: Sequence[str]) -> tuple[ApiChange, ...]:
    """Return what changed in the public interface of the packages.

    Args:
        changes: What is reviewed.
        packages: The folders of the packages; any when empty.

    Raises:
        OvertError: A file is no Python.
        ModuleNotFoundError: griffe is not installed.
    """

    def offered(path: str, source: bytes | None) -> dict[str, Public]:
        shown = is_source(path) and is_public_module(path, packages)
        return dict(public_of(path, source)) if shown and source is not None else {}

    found: list[ApiChange] = []
    for file in changes.files:
        if not is_source(file.path) and not is_source(file.old_path):
            continue
        before, after = changes.before(file), changes.after(file)
        if file.status == "R" and offered(file.old_path, before):
            # Who imports the module by its former name finds nothing there, whatever it holds.
            found.append(ApiChange("removed", PurePosixPath(file.old_path).stem, Location(file.path)))
        if (file.path, before) != (file.old_path, after):
            found += _compare(file.path, offered(file.old_path, before), offered(file.path, after))
    return tuple(found)
