"""From a sealed run to the lines that are remembered of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from math import isfinite
from typing import TypeVar

from overt.evidence.benchmarks import Benchmark, benchmarks
from overt.evidence.history import VERSION, Compared, Entry, Leaked
from overt.evidence.history_names import names_digest, pack
from overt.evidence.leaks import LeakCheck, leak_checks
from overt.evidence.manifest import Host, PlannedSuite
from overt.evidence.reader import Run
from overt.evidence.records import AnyRecord, FindingSeen, Measure, Record, ReviewItem, Sample, Series, TestCase
from overt.evidence.shards import missing_shards
from overt.evidence.summary import summarise
from overt.evidence.tally import Counts, distinct
from overt.model import Severity

_R = TypeVar("_R", bound=Record)
_LETTERS = {"passed": "p", "xpassed": "p", "xfailed": "p", "failed": "f", "error": "e"}
_ANSWERS = {"proved": "p", "refuted": "r", "conflict": "r", "stale": "r", "open": "o"}
_MANY = 200
"""Tests that failed above which they are kept compressed."""

_ATTEMPTS = 50
"""Attempts at one test that are remembered."""

_MEASURES = "coverage."
"""Beginning of the names of measures that are followed over time."""


@dataclass(frozen=True, slots=True)
class Made:
    """What is remembered of a run.

    Args:
        entries: One for each of its suites.
        names: The tests that ran: digest of the set to suite and sorted names.
    """

    entries: tuple[Entry, ...]
    names: dict[str, tuple[str, tuple[str, ...]]]


def unfit(run: Run) -> str:
    """Return why nothing of a run can be remembered; empty when it can.

    Args:
        run: The run.
    """
    if run.manifest.state == "running":
        return "was never closed"
    if run.damage:
        return f"is damaged: {run.damage[0]}"
    if missing := missing_shards(run.manifest.plan.shard):
        return f"is a part of a run; shard {', '.join(map(str, missing))} is to be merged first"
    return ""


def make_entries(run: Run) -> Made:
    """Return what is to be remembered of a run.

    Args:
        run: A run that is fit for it.
    """
    names: dict[str, tuple[str, tuple[str, ...]]] = {}
    entries = []
    for planned in run.manifest.plan.suites:
        records = run.for_suite(planned.name)
        ran, tests = outcomes(record for record in records if type(record) is TestCase)
        digest = names_digest(ran) if ran else ""
        if ran:
            names.setdefault(digest, (planned.name, ran))
        entries.append(_entry(run, planned, records, digest, tests))
    return Made(tuple(entries), names)


def _entry(run: Run, planned: PlannedSuite, records: Sequence[AnyRecord], names: str, tests: dict[str, str]) -> Entry:
    head, summary = run.manifest, summarise(run, planned)
    many = len(tests) > _MANY
    return Entry(
        version=VERSION,
        run=run.name,
        seal=head.seal,
        suite=planned.name,
        suite_kind=planned.suite_kind,
        created_ns=head.created_ns,
        duration_ns=summary.duration_ns,
        commit=head.subject.commit,
        branch=head.subject.branch,
        dirty=head.subject.dirty,
        difference=head.subject.diff_sha256,
        inputs=planned.inputs.sha256,
        settings=planned.settings_sha256,
        host=_where(head.host),
        packages=head.host.packages_sha256[:12],
        outcome=summary.verdict.state.value,
        status=summary.status,
        counts=_counts(summary.counts),
        standings=_standings(records),
        benchmarks={one.name: compared(one) for one in benchmarks(_of(records, Sample))},
        leaks={one.name: _leaked(one) for one in leak_checks(_of(records, Series))},
        measures={one.name: one.value for one in records if type(one) is Measure and one.name.startswith(_MEASURES)},
        items=_items(records),
        names=names,
        tests={} if many else tests,
        packed=pack(tests) if many else "",
    )


def _where(host: Host) -> str:
    """Return what a test may depend on of the machine, without what differs between machines of one pool."""
    version = ".".join(host.python.split(".")[:2])
    return " ".join((host.system.partition(" ")[0], host.machine, host.implementation, version))


def outcomes(cases: Iterable[TestCase]) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the names of the tests that ran, sorted, and the letters of all attempts of those that ever failed."""
    known = [case for case in cases if case.outcome in _LETTERS]
    bad = {case.name for case in known if case.outcome in {"failed", "error"}}
    attempts: dict[str, list[tuple[int, str]]] = {}
    for case in known if bad else ():
        if case.name in bad:
            attempts.setdefault(case.name, []).append((case.attempt, _LETTERS[case.outcome]))
    letters = {
        name: "".join(letter for _, letter in sorted(tried))[:_ATTEMPTS] for name, tried in sorted(attempts.items())
    }
    # Records come in order, and so do their names, nearly: sorting takes no time then.
    names = sorted([case.name for case in known])
    return tuple(names if distinct(names) else sorted(set(names))), letters


def _counts(counts: Counts) -> dict[str, int]:
    told = {one.name: getattr(counts, one.name) for one in fields(counts)}
    return {name: number for name, number in told.items() if number}


def _standings(records: Iterable[AnyRecord]) -> dict[str, int]:
    seen = {record.id: record for record in records if isinstance(record, FindingSeen)}.values()
    return dict(Counter(_standing(one) for one in seen))


def _standing(seen: FindingSeen) -> str:
    return "note" if seen.standing == "new" and seen.finding.severity is Severity.NOTE else seen.standing


def _items(records: Iterable[AnyRecord]) -> dict[str, str]:
    return {one.item: _ANSWERS.get(one.state, "u") for one in records if type(one) is ReviewItem}


def _of(records: Iterable[AnyRecord], sort: type[_R]) -> list[_R]:
    return [record for record in records if isinstance(record, sort)]


def _leaked(one: LeakCheck) -> Leaked:
    held = one.growth.held
    if held is None or not (isfinite(held.low) and isfinite(held.high)):
        return Leaked(verdict=one.growth.verdict)
    return Leaked(value=round(held.value), low=round(held.low), high=round(held.high), verdict=one.growth.verdict)


def compared(one: Benchmark) -> Compared:
    """Return a benchmark in short.

    Args:
        one: What its samples decide.
    """
    found = one.ratio
    if found is None or not isfinite(found.high):
        return Compared(verdict=one.verdict, pairs=found.pairs if found else 0)
    value, low, high = (round(figure * 1e6) for figure in (found.value, found.low, found.high))
    return Compared(ratio=value, low=low, high=high, pairs=found.pairs, verdict=one.verdict)
