"""JSON of hyperfine (`--export-json`): how long commands took."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from overt.evidence.importers.imported import Imported
from overt.evidence.importers.timings import Timed, read_timings


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
    return read_timings(path, _Document, _benchmarks, tool="hyperfine", suite=suite, root=root)


def _benchmarks(document: _Document) -> Iterable[Timed]:
    return map(_timed, document.results)


def _timed(one: _Result) -> Timed:
    failed = [code for code in one.exit_codes if code != 0]
    ended = "was ended by a signal" if failed and failed[0] is None else f"exited {failed[0]}" if failed else ""
    trouble = f"{ended} in {len(failed)} of {len(one.exit_codes)} runs" if failed else ""
    seconds = one.times or ([one.median] if one.median is not None else [])
    return Timed(one.command, seconds, trouble=trouble)
