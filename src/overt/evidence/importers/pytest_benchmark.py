"""JSON of pytest-benchmark (`--benchmark-json`, `--benchmark-save`)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from overt.evidence.importers.imported import Imported
from overt.evidence.importers.timings import Timed, read_timings


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
    return read_timings(path, _Document, _benchmarks, tool="pytest-benchmark", suite=suite, root=root)


def _benchmarks(document: _Document) -> Iterable[Timed]:
    return map(_timed, document.benchmarks)


def _timed(one: _Benchmark) -> Timed:
    stats = one.stats
    seconds = stats.data or ([stats.median] if stats.median is not None else [])
    return Timed(one.fullname or one.name, seconds, max(1, stats.iterations), max(0, stats.rounds))
