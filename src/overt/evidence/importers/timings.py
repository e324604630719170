"""Times that another tool has measured, one side alone: from seconds to a record."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from overt.evidence.ids import Numbering
from overt.evidence.importers.imported import Imported, reading, shown_path
from overt.evidence.importers.json_file import parse_json
from overt.evidence.records import AnyRecord, Timing
from overt.model import Location, Problem

_D = TypeVar("_D")

_MOST = 1000
"""Times that are kept of one benchmark, spread over all of them."""

_LEAST_NS = 100_000
"""What is scaled up to, so that whole nanoseconds are exact to five figures."""


class Timed(NamedTuple):
    """One benchmark as its tool tells it.

    Args:
        name: Its name.
        seconds: Seconds that one operation took, in each run; one number alone when the tool kept a median only.
        operations: How many operations a run did.
        runs: How many runs there were; as many as there are times when 0.
        trouble: Why its times count for nothing; empty otherwise.
    """

    name: str
    seconds: Sequence[float]
    operations: int = 1
    runs: int = 0
    trouble: str = ""


def read_timings(
    path: Path, sort: type[_D], timed: Callable[[_D], Iterable[Timed]], *, tool: str, suite: str, root: Path
) -> Imported:
    """Read a JSON file that holds nothing but benchmarks.

    Args:
        path: The file.
        sort: The struct that it is read into.
        timed: Returns the benchmarks of that.
        tool: What measured them.
        suite: Suite that they belong to.
        root: Folder of the project.
    """
    name = shown_path(path, root)

    def read() -> Imported:
        return imported_timings(timed(parse_json(path, name, sort)), tool=tool, suite=suite, name=name)

    return reading(path, root, read)


def imported_timings(found: Iterable[Timed], *, tool: str, suite: str, name: str) -> Imported:
    """Return benchmarks as records; one without times, or with times that cannot be, is a problem.

    Args:
        found: The benchmarks.
        tool: What measured them.
        suite: Suite that they belong to.
        name: Name of the file in messages.
    """
    records: list[AnyRecord] = []
    problems: list[Problem] = []
    numbering = Numbering()
    for one in found:
        why = one.trouble or _why_not(one.seconds)
        if why:
            problems.append(Problem(f"the benchmark {one.name[:200]!r} {why}", Location(name)))
            continue
        records.append(_record(one, tool, suite, numbering.unique(one.name)))
    if not records and not problems:
        problems.append(Problem("holds no benchmark, so nothing was measured", Location(name)))
    return Imported(tuple(records), tuple(problems))


def _why_not(seconds: Sequence[float]) -> str:
    if not seconds:
        return "has no times"
    wrong = next((one for one in seconds if not (math.isfinite(one) and 0 < one < 1e9)), None)
    return "" if wrong is None else f"has a time of {wrong:g} s, which cannot be"


def _record(one: Timed, tool: str, suite: str, unique: str) -> Timing:
    runs = max(one.runs, len(one.seconds))
    kept = one.seconds[:: -(-len(one.seconds) // _MOST)]
    operations = max(1, one.operations)
    while min(kept) * operations * 1e9 < _LEAST_NS:
        operations *= 10
    return Timing(
        id=f"timing:{suite}:{unique}",
        suite=suite,
        benchmark=one.name,
        tool=tool,
        times_ns=tuple(round(seconds * operations * 1e9) for seconds in kept),
        operations=operations,
        runs=runs,
    )
