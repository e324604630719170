"""How long things took, in a file small enough to be committed: what the shards of a run are dealt out by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from overt.evidence.canonical import encode
from overt.evidence.reader import Run
from overt.evidence.records import SuiteRun, TestCase
from overt.evidence.shards import missing_shards
from overt.model import Location, OvertError

FORMAT = 1
"""Version of the file."""

FILE = "validation/durations.json"
"""Where the durations of a project are looked for, relative to its root."""

_ALONE_US = 50_000
"""Tests that take as long are listed one by one; of the others only their average is kept."""


class FileTimes(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The tests of one file.

    Args:
        each_us: What each test takes that is not listed, microseconds.
        count: How many tests these are.
        tests: The tests that take longest, by the part of their name behind the file's, microseconds.
    """

    each_us: int = 1
    count: int = 0
    tests: dict[str, int] = {}


class SuiteTimes(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A suite.

    Args:
        wall_us: How long all of it took, microseconds.
        each_us: What the average test took; 0 when it has no tests.
        files: Its tests by file, scaled so that they add up to about `wall_us`.
    """

    wall_us: int
    each_us: int = 0
    files: dict[str, FileTimes] = {}

    def names(self) -> list[str]:
        """Return the names of its tests, those that are not listed with made-up ones."""
        listed = [f"{file}::{name}" for file, times in self.files.items() for name in times.tests]
        return listed + [f"{file}::?{n}" for file, times in self.files.items() for n in range(times.count)]


class Durations(msgspec.Struct, frozen=True, kw_only=True):
    """How long the suites of a project take.

    Args:
        format: Version of the file.
        suites: The suites by name.
    """

    format: int = FORMAT
    suites: dict[str, SuiteTimes] = {}


def durations_of(runs: Iterable[Run], suites: Iterable[str] = ()) -> Durations:
    """Return how long suites took, each in the first run that measured the whole of it.

    Args:
        runs: The runs, the newest first. Parts of a run, runs that broke off, and damaged ones tell nothing.
        suites: Names of the suites; every suite when empty.
    """
    wanted, found = set(suites), dict[str, SuiteTimes]()
    for run in runs:
        plan = run.manifest.plan
        names = [
            suite.name for suite in plan.suites if suite.name not in found and (suite.name in wanted or not wanted)
        ]
        if names and not missing_shards(plan.shard) and run.manifest.state == "closed" and not run.damage:
            found |= {name: times for name in names if (times := _suite_times(run, name))}
        if wanted and wanted == found.keys():
            break
    return Durations(suites=dict(sorted(found.items())))


def _suite_times(run: Run, name: str) -> SuiteTimes | None:
    records = run.for_suite(name)
    ends = [record for record in records if isinstance(record, SuiteRun)]
    if not ends or any(end.status != "completed" for end in ends):
        return None
    wall_us = max(1, sum(end.duration_ns for end in ends) // 1_000)
    spent: dict[str, int] = {}
    for record in records:
        if isinstance(record, TestCase):
            spent[record.name] = spent.get(record.name, 0) + record.duration_ns
    if not spent:
        return SuiteTimes(wall_us=wall_us)
    return _scaled(spent, wall_us)


def _scaled(spent: Mapping[str, int], wall_us: int) -> SuiteTimes:
    """Return the times of tests as their share of a suite's wall time, which workers and set-up make another sum."""
    total = sum(spent.values()) or 1
    files: dict[str, dict[str, int]] = {}
    for name, ns in sorted(spent.items()):
        file, _, rest = name.partition("::")
        files.setdefault(file, {})[rest] = max(1, ns * wall_us // total)
    return SuiteTimes(
        wall_us=wall_us,
        each_us=max(1, wall_us // len(spent)),
        files={file: _file_times(tests) for file, tests in files.items()},
    )


def _file_times(tests: Mapping[str, int]) -> FileTimes:
    alone = {name: us for name, us in tests.items() if us >= _ALONE_US and name}
    others = [us for name, us in tests.items() if name not in alone]
    return FileTimes(each_us=max(1, sum(others) // len(others)) if others else 1, count=len(others), tests=alone)


def write_durations(durations: Durations) -> bytes:
    """Return durations as the file holds them: the same durations are the same bytes, one file of tests a line."""
    suites = []
    for name, times in durations.suites.items():
        files = ",\n".join(f"    {_json(file)}: {_json(one)}" for file, one in sorted(times.files.items()))
        held = f',\n   "files": {{\n{files}}}' if files else ""
        suites.append(f'  {_json(name)}: {{"wall_us": {times.wall_us}, "each_us": {times.each_us}{held}}}')
    text = ",\n".join(suites)
    return f'{{"format": {durations.format},\n "suites": {{\n{text}}}}}\n'.encode()


def _json(value: object) -> str:
    return encode(value).decode()


def read_durations(path: Path, shown: str = "") -> Durations:
    """Return the durations in a file.

    Args:
        path: The file.
        shown: How it is named in messages; its path when empty.

    Raises:
        OvertError: It cannot be read, or holds something else. Going on without it would deal the tests out in
            another way than the other shards do.
    """
    where = Location(shown or path.as_posix())
    hint = "overt evidence export --format durations writes one"
    try:
        durations = msgspec.json.decode(path.read_bytes(), type=Durations)
    except OSError as error:
        raise OvertError(f"cannot be read: {error.strerror}", where=where, hint=hint) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise OvertError(f"is no file of durations: {error}", where=where, hint=hint) from error
    if durations.format != FORMAT:
        raise OvertError(f"is of format {durations.format}, not {FORMAT}", where=where, hint=hint)
    return durations
