"""JSON of pyperf: values of many worker processes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from overt.evidence.importers.imported import Imported
from overt.evidence.importers.timings import Timed, read_timings


class _Metadata(msgspec.Struct, frozen=True):
    name: str = ""
    unit: str = ""
    loops: int = 0
    inner_loops: int = 0


class _Run(msgspec.Struct, frozen=True):
    values: list[float] = []
    metadata: _Metadata = _Metadata()


class _Benchmark(msgspec.Struct, frozen=True):
    runs: list[_Run]
    metadata: _Metadata = _Metadata()


class _Document(msgspec.Struct, frozen=True):
    benchmarks: list[_Benchmark]
    metadata: _Metadata = _Metadata()


def read_pyperf(path: Path, *, suite: str, root: Path) -> Imported:
    """Read a file of pyperf; what it says of all benchmarks, or of all runs of one, counts for each.

    Args:
        path: The file.
        suite: Suite that its benchmarks belong to.
        root: Folder of the project.
    """
    return read_timings(path, _Document, _timed, tool="pyperf", suite=suite, root=root)


def _timed(document: _Document) -> Iterable[Timed]:
    for number, one in enumerate(document.benchmarks, 1):
        levels = [*(run.metadata for run in one.runs), one.metadata, document.metadata]
        name = next((level.name for level in levels if level.name), f"benchmark {number}")
        unit = next((level.unit for level in levels if level.unit), "second")
        loops = next((level.loops for level in levels if level.loops > 0), 1)
        inner = next((level.inner_loops for level in levels if level.inner_loops > 0), 1)
        trouble = "" if unit == "second" else f"is measured in {unit[:40]!r}, and only times are read"
        values = [value for run in one.runs for value in run.values]
        yield Timed(name, values, loops * inner, trouble=trouble)
