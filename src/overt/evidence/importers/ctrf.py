"""CTRF, the common test report format: JSON that reporters of many test runners write."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from overt.evidence.ids import Numbering, case_id
from overt.evidence.importers.imported import Imported, Paths, reading, shown_path
from overt.evidence.importers.json_file import parse_json
from overt.evidence.records import Outcome, TestCase
from overt.model import Location, Problem

_OUTCOMES: dict[str, Outcome] = {
    "passed": "passed",
    "failed": "failed",
    "skipped": "skipped",
    "pending": "skipped",
    "other": "skipped",
}

_FINER: dict[Outcome, str] = {"error": "failed", "xfailed": "skipped", "xpassed": "passed"}
"""Outcomes that CTRF has no status for -> the status that they are written with."""


class _Attempt(msgspec.Struct):
    status: str = ""
    attempt: int = 0
    duration: float = 0.0
    message: str | None = None
    trace: str | None = None


class _Test(msgspec.Struct, rename="camel"):
    name: str
    status: str = ""
    raw_status: str | None = None
    duration: float = 0.0
    message: str | None = None
    trace: str | None = None
    file_path: str | None = None
    line: int | None = None
    suite: str | list[str] | None = None
    retries: int | None = None
    retry_attempts: list[_Attempt] = []


class _Summary(msgspec.Struct):
    tests: int = 0


class _Results(msgspec.Struct):
    tests: list[_Test]
    summary: _Summary = msgspec.field(default_factory=_Summary)


class _Report(msgspec.Struct):
    results: _Results


def read_ctrf(path: Path, *, suite: str, root: Path) -> Imported:
    """Read a CTRF file.

    Args:
        path: The file.
        suite: Suite that its tests belong to.
        root: Folder of the project; paths are made relative to it.

    Returns:
        One record for each attempt at each test. A test without a known status leaves no record and is a problem,
        and so is a file that holds fewer tests than its summary says.
    """
    name = shown_path(path, root)

    def read() -> Imported:
        results = parse_json(path, name, _Report).results
        paths, numbering = Paths(root), Numbering()
        records = [record for test in results.tests for record in _records(test, suite, paths, numbering)]
        return Imported(tuple(records), tuple(_problems(results, name)))

    return reading(path, root, read)


def _problems(results: _Results, name: str) -> Iterable[Problem]:
    for number, test in enumerate(results.tests, 1):
        if test.status not in _OUTCOMES:
            said = f"has the unknown status {test.status[:40]!r}" if test.status else "has no status"
            yield Problem(f"test {number}, {test.name[:200]!r}, {said}", Location(name))
    if len(results.tests) < results.summary.tests:
        message = f"says that it has {results.summary.tests} tests, but holds {len(results.tests)}"
        yield Problem(message, Location(name), "it was cut or edited after it was written")


def _records(test: _Test, suite: str, paths: Paths, numbering: Numbering) -> Iterable[TestCase]:
    if test.status not in _OUTCOMES:
        return
    group = " > ".join(test.suite) if isinstance(test.suite, list) else test.suite or ""
    name = f"{group}::{test.name}" if group and not test.name.startswith(group) else test.name
    unique = numbering.unique(name)
    path = paths.relative(test.file_path) if test.file_path else ""
    earlier = [one for one in test.retry_attempts if one.status in _OUTCOMES]
    last = max(len(earlier), test.retries or 0) + 1
    tried: list[tuple[int, _Attempt | _Test]] = [*enumerate(earlier, 1), (last, test)]
    for number, one in tried:
        message = (one.message or "").strip() or ("its status is 'other'" if one.status == "other" else "")
        yield TestCase(
            id=case_id(suite, unique, number),
            suite=suite,
            name=name,
            outcome=_outcome(one),
            attempt=number,
            duration_ns=round(one.duration * 1e6) if 0 < one.duration < 1e12 else 0,
            path=path,
            line=max(test.line or 0, 0),
            message=message.split("\n", 1)[0],
            detail=(one.trace or message).strip() if one.status == "failed" else "",
        )


def _outcome(one: _Attempt | _Test) -> Outcome:
    """Return the outcome; where the runner's own word is one of ours and fits the status, it says more than that."""
    raw = one.raw_status if isinstance(one, _Test) else None
    return next(
        (finer for finer, status in _FINER.items() if (finer, status) == (raw, one.status)), _OUTCOMES[one.status]
    )
