"""Result files that other programs wrote: found, and held against the start of the run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from overt.model import Exit, Location, OvertError
from overt.system.clock import iso_utc

_GRAIN_NS = 2_000_000_000
"""Coarsest unit in which a file system keeps the time of a change."""


def find_results(root: Path, patterns: Sequence[str]) -> list[Path]:
    """Return the files that globs name, each once, sorted; they need not belong to the project.

    Args:
        root: Folder of the project.
        patterns: Globs relative to it; those that begin with `!` take away.

    Raises:
        OvertError: A glob names no file.
    """
    unwanted = {path for pattern in patterns if pattern.startswith("!") for path in root.glob(pattern[1:])}
    found: set[Path] = set()
    for pattern in patterns:
        if pattern.startswith("!"):
            continue
        here = {path for path in root.glob(pattern) if path.is_file()} - unwanted
        if not here:
            hint = "run what writes it first, or give the suite a `command` that does"
            raise OvertError(f"there is no file {pattern!r}", hint=hint, exit=Exit.UNCHECKED)
        found |= here
    return sorted(found)


def refuse_stale(path: Path, root: Path, start_ns: int, *, before_ns: int = 0) -> None:
    """Refuse a file that the program which was to write it has not written.

    Args:
        path: The file.
        root: Folder of the project.
        start_ns: When the program began, nanoseconds since 1970 UTC.
        before_ns: Time of its last change as it was before the program began; 0 when it was not there.

    Raises:
        OvertError: It is older than the program's start.
    """
    changed_ns = path.stat().st_mtime_ns
    # A file system may cut the time down to its grain; within it, a change since before tells.
    written = changed_ns >= start_ns or (changed_ns + _GRAIN_NS >= start_ns and changed_ns != before_ns)
    if not written:
        message = f"is older than this run (last written {iso_utc(changed_ns)}): the command did not write it"
        where = Location(path.relative_to(root).as_posix())
        raise OvertError(message, where=where, hint="remove it, and let the command write it", exit=Exit.UNCHECKED)
