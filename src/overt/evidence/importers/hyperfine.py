"""JSON of hyperfine (`--export-json`): how long commands took."""

from __future__ import annotations

from pathlib import Path

import msgspec

from overt.evidence.importers.imported import Imported, reading, shown_path
from overt.evidence.importers.json_file import parse_json
from overt.evidence.importers.timings import Timed, imported_timings


class _Result(msgspec.Struct, frozen=True):
    command: str
    times: list[float] = []
    median: float | None = None
    exit_codes: list[int | None] = []


class _Document(msgspec.Struct, frozen=True):
    results: list[_Result]


def read_hyperfine(path: Path, *, suite: str, root: Path) -> Imported:
    """Read a file of hyperfine; a command that failed was not measured.

    Args:
        path: The file.
        suite: Suite that its benchmarks belong to.
        root: Folder of the project.
    """
    name = shown_path(path, root)

    def read() -> Imported:
        found = [_timed(one) for one in parse_json(path, name, _Document).results]
        return imported_timings(found, tool="hyperfine", suite=suite, name=name)

    return reading(path, root, read)


def _timed(one: _Result) -> Timed:
    failed = [code for code in one.exit_codes if code != 0]
    ended = "was ended by a signal" if failed and failed[0] is None else f"exited {failed[0]}" if failed else ""
    trouble = f"{ended} in {len(failed)} of {len(one.exit_codes)} runs" if failed else ""
    seconds = one.times or ([one.median] if one.median is not None else [])
    return Timed(one.command, seconds, trouble=trouble)
