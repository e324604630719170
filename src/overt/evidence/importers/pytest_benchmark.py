"""JSON of pytest-benchmark (`--benchmark-json`, `--benchmark-save`)."""

from __future__ import annotations

from pathlib import Path

import msgspec

from overt.evidence.importers.imported import Imported, reading, shown_path
from overt.evidence.importers.json_file import parse_json
from overt.evidence.importers.timings import Timed, imported_timings


class _Stats(msgspec.Struct, frozen=True):
    data: list[float] | None = None
    median: float | None = None
    rounds: int = 0
    iterations: int = 1


class _Benchmark(msgspec.Struct, frozen=True):
    name: str
    fullname: str = ""
    stats: _Stats = _Stats()


class _Document(msgspec.Struct, frozen=True):
    benchmarks: list[_Benchmark]


def read_pytest_benchmark(path: Path, *, suite: str, root: Path) -> Imported:
    """Read a file of pytest-benchmark; without its single times only the median of each benchmark is known.

    Args:
        path: The file.
        suite: Suite that its benchmarks belong to.
        root: Folder of the project.
    """
    name = shown_path(path, root)

    def read() -> Imported:
        found = [_timed(one) for one in parse_json(path, name, _Document).benchmarks]
        return imported_timings(found, tool="pytest-benchmark", suite=suite, name=name)

    return reading(path, root, read)


def _timed(one: _Benchmark) -> Timed:
    stats = one.stats
    seconds = stats.data or ([stats.median] if stats.median is not None else [])
    return Timed(one.fullname or one.name, seconds, max(1, stats.iterations), max(0, stats.rounds))
