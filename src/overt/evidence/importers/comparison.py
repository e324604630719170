"""What two implementations came to when they were called side by side, as `overt.flags.write_comparisons` writes it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from overt.evidence.importers.imported import Imported, reading, shown_path
from overt.evidence.importers.json_file import parse_json
from overt.evidence.records import ComparisonSeen, Difference
from overt.model import Location, Problem


class _Counts(msgspec.Struct, frozen=True):
    new_calls: int = 0
    legacy_calls: int = 0
    fallbacks: int = 0
    agreed: int = 0
    mismatches: int = 0
    ignored: int = 0
    failed: int = 0
    skipped: int = 0


class Compared(msgspec.Struct, frozen=True):
    """One comparison as it is written.

    Args:
        name: Its name.
        counts: What was counted.
        mismatches: The first differences.
        test: Test in which it was.
    """

    name: str
    counts: _Counts
    mismatches: tuple[Difference, ...] = ()
    test: str = ""


class _Document(msgspec.Struct, frozen=True):
    comparisons: tuple[Compared, ...]


def comparison_record(told: Compared, *, suite: str, id: str) -> ComparisonSeen:  # noqa: A002
    """Return a comparison as a record.

    Args:
        told: As it is written.
        suite: Suite that it belongs to.
        id: Id of the record.
    """
    counts = msgspec.structs.asdict(told.counts)
    return ComparisonSeen(id=id, suite=suite, name=told.name, test=told.test, samples=told.mismatches, **counts)


def read_comparison(path: Path, *, suite: str, root: Path) -> Imported:
    """Read a file of comparisons.

    Args:
        path: The file.
        suite: Suite that it belongs to.
        root: Folder of the project.
    """
    name = shown_path(path, root)

    def read() -> Imported:
        found = parse_json(path, name, _Document).comparisons
        if not found:
            return Imported((), (Problem("holds no comparison, so nothing was compared", Location(name)),))
        records = [
            comparison_record(told, suite=suite, id=f"comparison:{suite}:{told.name}:{name}:{number}")
            for number, told in enumerate(found, 1)
        ]
        return Imported(tuple(records))

    return reading(path, root, read)
