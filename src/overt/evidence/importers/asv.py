"""Results of asv, airspeed velocity: one file for each commit and environment."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from overt.evidence.importers.imported import Imported, reading, shown_path
from overt.evidence.importers.json_file import parse_json
from overt.evidence.importers.timings import Timed, imported_timings
from overt.evidence.records import AnyRecord, Measure
from overt.model import Location, Problem

_TIMES = ("time_", "timeraw_")
_SIZES = ("mem_", "peakmem_")
_VERSION = 2


class _Document(msgspec.Struct, frozen=True):
    version: int
    result_columns: list[str]
    results: dict[str, list[Any] | None]


class _Value(NamedTuple):
    """One value of one benchmark, with one choice of its parameters."""

    name: str
    sort: str
    value: object
    samples: object
    operations: object


def read_asv(path: Path, *, suite: str, root: Path) -> Imported:
    """Read a result file of asv: times become timings, sizes and tracked numbers measures.

    Args:
        path: The file.
        suite: Suite that its benchmarks belong to.
        root: Folder of the project.

    Returns:
        A benchmark that failed has no result and is a problem; one that asv skipped is left out.
    """
    name = shown_path(path, root)

    def read() -> Imported:
        document = parse_json(path, name, _Document)
        if document.version != _VERSION:
            return Imported((), (Problem(f"is of version {document.version}, and {_VERSION} is read", Location(name)),))
        return _imported(document, suite, name)

    return reading(path, root, read)


def _imported(document: _Document, suite: str, name: str) -> Imported:
    values = list(_values(document))
    others = [one for one in values if one.sort != "time"]
    measures = [measure for one in others if (measure := _measure(one, suite)) is not None]
    lost = [one for one in others if _number(one.value) is None]
    timed = [_timed(one) for one in values if one.sort == "time"] + [_timed(one) for one in lost]
    if measures and not timed:
        return Imported(tuple(measures))
    times = imported_timings(timed, tool="asv", suite=suite, name=name)
    records: tuple[AnyRecord, ...] = (*times.records, *measures)
    return Imported(records, times.problems)


def _values(document: _Document) -> Iterator[_Value]:
    for name, row in document.results.items():
        columns = dict(zip(document.result_columns, row or [], strict=False))
        sort = _sort(name)
        results = columns.get("result")
        chosen = _choices(columns.get("params"))
        several = results if isinstance(results, list) else [results] * len(chosen)
        for place, (words, value) in enumerate(zip(chosen, several, strict=False)):
            if value == "NaN":  # asv's word for what was skipped, which is no JSON
                continue
            yield _Value(
                name + (f"({', '.join(words)})" if words else ""),
                sort,
                value,
                _at(columns.get("samples"), place),
                _at(columns.get("stats_number"), place),
            )


def _sort(name: str) -> str:
    last = name.rpartition(".")[2]
    return "time" if last.startswith(_TIMES) else "bytes" if last.startswith(_SIZES) else "count"


def _choices(params: object) -> list[Sequence[str]]:
    """Return every combination of parameters, in the order of the results; one empty one when there are none."""
    lists = [one for one in params if isinstance(one, list)] if isinstance(params, list) else []
    return [tuple(map(str, words)) for words in itertools.islice(itertools.product(*lists), 100_000)]


def _at(column: object, place: int) -> object:
    return column[place] if isinstance(column, list) and place < len(column) else None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _timed(one: _Value) -> Timed:
    told = one.samples if isinstance(one.samples, list) else []
    samples = [number for number in map(_number, told) if number is not None]
    value = _number(one.value)
    if value is None:
        return Timed(one.name, (), trouble="has no result: it failed")
    operations = one.operations if isinstance(one.operations, int) and one.operations > 0 else 1
    return Timed(one.name, samples or [value], operations)


def _measure(one: _Value, suite: str) -> Measure | None:
    value = _number(one.value)
    if value is None or not math.isfinite(value) or abs(value) >= 2**53:
        return None
    if one.sort == "bytes" or value == round(value):
        unit, whole = ("bytes" if one.sort == "bytes" else "count"), round(value)
    else:
        unit, whole = "ppm", round(value * 1e6)
    return Measure(id=f"measure:{suite}:{one.name}", suite=suite, name=one.name, value=whole, unit=unit)  # type: ignore[arg-type]
