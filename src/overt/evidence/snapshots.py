"""One state of a project, suite by suite: from runs, or from what is remembered of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from overt.evidence.benchmarks import benchmarks
from overt.evidence.flaky import failures_of
from overt.evidence.history import Compared, Entry, Names
from overt.evidence.history_make import compared
from overt.evidence.history_names import resolve
from overt.evidence.manifest import PlannedSuite
from overt.evidence.reader import Run
from overt.evidence.records import AnyRecord, FindingSeen, Sample, TestCase
from overt.evidence.summary import summarise
from overt.model import OvertError, Problem

_BAD = frozenset({"failed", "error"})


class Result(NamedTuple):
    """What became of a test: whether it failed, its time (nanoseconds, 0: not known), whether it was skipped."""

    bad: bool
    duration_ns: int = 0
    skipped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What one suite came to.

    Args:
        run: The run that measured it.
        outcome: Its verdict, as it was measured.
        duration_ns: Wall time, nanoseconds.
        tests: Each test with its result; those that were skipped only when the run is there.
        benchmarks: What was compared, by name.
        findings: Findings by id, in words; None when only their number is remembered.
        whole: Whether the run is there; else this is what the history remembers.
        doubts: Why it is not to be relied on.
    """

    run: str
    outcome: str
    duration_ns: int = 0
    tests: Mapping[str, Result] = field(default_factory=dict)
    benchmarks: Mapping[str, Compared] = field(default_factory=dict)
    findings: Mapping[str, str] | None = None
    whole: bool = True
    doubts: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """One state of a project.

    Args:
        name: How it is named in messages.
        suites: What is known of each suite.
    """

    name: str
    suites: Mapping[str, Snapshot]

    @property
    def doubts(self) -> tuple[Problem, ...]:
        """Why it is not to be relied on, each reason once."""
        return tuple(dict.fromkeys(doubt for one in self.suites.values() for doubt in one.doubts))


def side_of(run: Run) -> Side:
    """Return the state that one run measured.

    Args:
        run: The run.
    """
    return Side(run.name, {planned.name: snapshot(run, planned) for planned in run.manifest.plan.suites})


def snapshot(run: Run, planned: PlannedSuite) -> Snapshot:
    """Return what a suite came to in a run.

    Args:
        run: The run.
        planned: The suite as the run planned it.
    """
    records, summary = run.for_suite(planned.name), summarise(run, planned)
    return Snapshot(
        run=run.name,
        outcome=summary.verdict.state.value,
        duration_ns=summary.duration_ns,
        tests={name: _result(case) for name, case in _deciding(records).items()},
        benchmarks={one.name: compared(one) for one in benchmarks(r for r in records if isinstance(r, Sample))},
        findings=_findings(records),
        doubts=run.damage or run.notes,
    )


def _result(case: TestCase) -> Result:
    return Result(case.outcome in _BAD, case.duration_ns, case.outcome == "skipped")


def _deciding(records: Iterable[AnyRecord]) -> dict[str, TestCase]:
    """Return the deciding attempt of each test."""
    last: dict[str, TestCase] = {}
    for record in records:
        if type(record) is TestCase and (record.name not in last or _weight(record) > _weight(last[record.name])):
            last[record.name] = record
    return last


def _weight(test: TestCase) -> tuple[int, bool]:
    """Later attempts decide; of two results of one attempt the bad one."""
    return test.attempt, test.outcome in _BAD


def _findings(records: Iterable[AnyRecord]) -> dict[str, str]:
    seen = (record for record in records if isinstance(record, FindingSeen))
    return {one.id: f"{one.finding.location}: {one.finding.rule} {one.finding.message}" for one in seen}


def remembered(entry: Entry, sets: Mapping[str, Names]) -> Snapshot:
    """Return what is remembered of a suite whose run is gone.

    Args:
        entry: What is remembered of it.
        sets: Sets of tests by digest.
    """
    failing = failures_of(entry)
    doubts: tuple[Problem, ...] = ()
    try:
        names = resolve(entry.names, sets) if entry.names else frozenset[str]()
    except OvertError as error:
        names, doubts = frozenset(failing), (Problem(f"of the run {entry.run}: {error.message}"),)
    return Snapshot(
        run=entry.run,
        outcome=entry.outcome,
        duration_ns=entry.duration_ns,
        tests={name: Result(not failing.get(name, "p").endswith("p")) for name in names},
        benchmarks=entry.benchmarks,
        findings=None if entry.count("findings") else {},
        whole=False,
        doubts=doubts,
    )
