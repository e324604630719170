"""What a suite came to: recomputed from its observations each time, never stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TypeVar

from overt.campaign.records import Suite
from overt.evidence.controls import achieved as controls_achieved
from overt.evidence.judging import (
    Doubt,
    judge_commands,
    judge_end,
    judge_flags,
    judge_limits,
    judge_others,
    judge_parts,
    judge_scan,
    judge_tests,
    tells_something,
)
from overt.evidence.manifest import PlannedSuite
from overt.evidence.quarantine import Excused, Held, Quarantine
from overt.evidence.reader import Run
from overt.evidence.records import (
    AnyRecord,
    Collected,
    CommandRun,
    ComparisonSeen,
    Measure,
    Record,
    Scan,
    SuiteRun,
    TestCase,
    Timing,
)
from overt.evidence.shards import missing_shards
from overt.evidence.tally import Counts, tally_findings, tally_tests
from overt.evidence.words import tests_in_words, within
from overt.model import State, Verdict, worst
from overt.system.units import count

__all__ = ["Counts", "SuiteSummary", "never_run", "summarise"]

NO_QUARANTINE = Quarantine()
_R = TypeVar("_R", bound=Record)
_TEST_KINDS = frozenset({"pytest", "samples"})
_SCAN_KINDS = frozenset({"lint", "hidden-state"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteSummary:
    """What a suite came to.

    Args:
        name: Its name.
        title: Its name in words.
        kind: Its kind.
        required: Whether the project stands only if it does.
        verdict: What its observations say.
        measured: `proved` when its figures are complete and fresh, whatever they say; else why not.
        counts: How many of what.
        duration_ns: Wall time, nanoseconds.
        start_ns: Start, nanoseconds since 1970 UTC; 0 when not known.
        run: Name of its run; empty when it never ran.
        commit: Commit it was measured on; empty when not known.
        dirty: Whether the work tree differed from it.
        status: How it ended: `completed`, `timeout`, ...; `not-run` when it never ran, `running` without an end.
        reason: Why it did not complete; empty when it did.
        exit_code: Exit status of its program; None when there was none.
        at_most: Most new findings it may have.
        quarantined: Tests that failed and count for nothing, for now.
    """

    name: str
    title: str
    kind: str
    required: bool
    verdict: Verdict
    measured: State
    counts: Counts = field(default_factory=Counts)
    duration_ns: int = 0
    start_ns: int = 0
    run: str = ""
    commit: str = ""
    dirty: bool = False
    status: str = "not-run"
    reason: str = ""
    exit_code: int | None = None
    at_most: int = 0
    quarantined: tuple[Held, ...] = ()


def never_run(name: str, suite: Suite, reason: str = "it was never run") -> SuiteSummary:
    """Return the summary of a suite that left no evidence.

    Args:
        name: Its name.
        suite: The suite as the campaign has it.
        reason: Why there is none.
    """
    return SuiteSummary(
        name=name,
        title=suite.title or name,
        kind=suite.kind,
        required=suite.required,
        verdict=Verdict(State.UNCHECKED, reason),
        measured=State.UNCHECKED,
        reason=reason,
    )


def summarise(
    run: Run,
    planned: PlannedSuite,
    *,
    suite: Suite | None = None,
    stale: str = "",
    doubt: str = "",
    quarantine: Quarantine = NO_QUARANTINE,
) -> SuiteSummary:
    """Return what a suite came to in a run.

    Args:
        run: The run.
        planned: The suite as that run planned it.
        suite: The suite as the campaign has it now; as planned when not given.
        stale: Why its evidence no longer fits the project; empty when it does.
        doubt: Why the run may not be relied on at all; empty when it may.
        quarantine: Tests whose failure refutes nothing, for now.

    Returns:
        Its verdict: `unchecked` for a run that is damaged or incomplete, `stale` for one that no longer fits,
        `refuted` for a failure, `conflict` for records that disagree, `proved` when nothing speaks against it.
    """
    cases, others = split_cases(run.for_suite(planned.name))
    ends, commands = _of(others, SuiteRun), _of(others, CommandRun)
    at_most = suite.at_most if suite else planned.at_most
    counts, doubts, excused = _observe(run, planned, cases, others, suite, at_most, quarantine)
    about_run = _run_doubts(run, doubt)
    if run.damage or doubt:
        # What the records say does not matter when they may not be what was written.
        doubts = []
    verdict, measured = _verdict(run, ends, [*about_run, *doubts], _achieved(counts, others, at_most), stale)
    return SuiteSummary(
        name=planned.name,
        title=(suite.title if suite else "") or planned.name,
        kind=planned.suite_kind,
        required=suite.required if suite else planned.required,
        verdict=verdict,
        measured=measured,
        counts=counts,
        duration_ns=sum(end.duration_ns for end in ends),
        start_ns=min((end.start_ns for end in ends if end.start_ns), default=run.manifest.created_ns),
        run=run.name,
        commit=run.manifest.subject.commit,
        dirty=run.manifest.subject.dirty,
        status=next((end.status for end in ends if end.status != "completed"), "completed" if ends else "running"),
        reason=next((end.reason for end in ends if end.reason), ""),
        exit_code=max((c.exit_code for c in commands if c.exit_code is not None), default=None),
        at_most=at_most,
        quarantined=excused.held,
    )


def split_cases(records: Iterable[AnyRecord]) -> tuple[list[TestCase], list[AnyRecord]]:
    """Return the records of tests, of which there may be very many, and all others."""
    cases: list[TestCase] = []
    others: list[AnyRecord] = []
    for sort, some in groupby(records, key=type):
        (cases if sort is TestCase else others).extend(some)  # type: ignore[arg-type]
    return cases, others


def _of(records: Sequence[AnyRecord], sort: type[_R]) -> list[_R]:
    return [record for record in records if isinstance(record, sort)]


def _run_doubts(run: Run, doubt: str) -> list[Doubt]:
    """Return what speaks against the run as a whole."""
    doubts = [Doubt(State.UNCHECKED, doubt)] if doubt else []
    if run.damage:
        more = f" (and {len(run.damage) - 1} more)" if len(run.damage) > 1 else ""
        doubts.append(Doubt(State.UNCHECKED, f"its evidence is damaged: {run.damage[0]}{more}"))
    if run.manifest.state == "running":
        reason = "its run was never closed: it was killed, or is still going"
        doubts.append(Doubt(State.UNCHECKED, reason, breaks=True))
    if missing := missing_shards(run.manifest.plan.shard):
        doubts.append(Doubt(State.UNCHECKED, f"shard {', '.join(map(str, missing))} of the run is not there"))
    return doubts


def _observe(
    run: Run,
    planned: PlannedSuite,
    cases: list[TestCase],
    others: list[AnyRecord],
    suite: Suite | None,
    at_most: int,
    quarantine: Quarantine,
) -> tuple[Counts, list[Doubt], Excused]:
    """Return what the records come to, and what speaks against them."""
    kind, commands, scans = planned.suite_kind, _of(others, CommandRun), _of(others, Scan)
    collected = _of(others, Collected)
    tally = tally_tests(cases, collected, run.blob, strict=bool(run.manifest.merged_from))
    seen, new, failing = tally_findings(others)
    excused = quarantine.excuse(planned.name, cases, tally.failing)
    counts = replace(
        tally.counts,
        findings=len(seen),
        new_findings=len(failing),
        notes=len(new) - len(failing),
        quarantined=len(excused.ids),
    )
    doubts = judge_end(_of(others, SuiteRun))
    if cases or collected or kind in _TEST_KINDS or _expects_tests(others, suite):
        doubts += judge_tests(tally, _at_least(planned, suite), excused)
    doubts += judge_parts(collected)
    if planned.flags and cases:
        doubts += judge_flags(cases, planned.flags)
    doubts += judge_limits(cases)
    if scans or seen or kind in _SCAN_KINDS:
        told = any(command.exit_code == 0 for command in commands)
        doubts += judge_scan(scans, failing, told=told, strict=kind == "hidden-state", at_most=at_most)
    failed = bool(tally.failing) or len(failing) > at_most
    finished = all(end.status == "completed" for end in _of(others, SuiteRun))
    doubts += judge_commands(commands, kind, failures=failed, findings=bool(seen), finished=finished)
    doubts += judge_others(others, kind, planned.at_least) + _repeated(others)
    if not doubts and not cases and not tells_something(others):
        doubts.append(Doubt(State.UNCHECKED, "it recorded nothing but its end", follows=True))
    return counts, doubts, excused


def _at_least(planned: PlannedSuite, suite: Suite | None) -> int:
    """Return the fewest tests that must run; in a state of flags those that depend on none may be left out."""
    if planned.flags:
        return 1
    return suite.at_least if suite else planned.at_least


def _expects_tests(records: list[AnyRecord], suite: Suite | None) -> bool:
    """Tell whether a suite whose result files hold neither tests nor anything else should have held tests."""
    if suite is None or not suite.files or suite.format in {"sarif", "coverage-xml", "comparison"}:
        return False
    return suite.format in {"junit", "ctrf"} or not any(
        isinstance(record, (Scan, Measure, ComparisonSeen, Timing)) for record in records
    )


def _repeated(others: list[AnyRecord]) -> list[Doubt]:
    """Return the records that have one id and differ; tests are compared by the tally, attempt by attempt."""
    known: dict[str, AnyRecord] = {}
    found = [record.id for record in others if known.setdefault(record.id, record) != record]
    return [Doubt(State.CONFLICT, f"two records named {name} disagree", (name,)) for name in dict.fromkeys(found)]


def _verdict(run: Run, ended: list[SuiteRun], doubts: list[Doubt], achieved: str, stale: str) -> tuple[Verdict, State]:
    """Return the verdict, and how far the figures may be relied on."""
    base = run.name
    doubtful = [doubt for doubt in doubts if doubt.state is not State.REFUTED]
    measured = worst((doubt.state for doubt in doubtful), empty=State.STALE if stale else State.PROVED)
    state = worst((doubt.state for doubt in doubts), empty=State.PROVED)
    evidence = tuple(f"{base}/{name}" for doubt in doubts if doubt.state is state for name in doubt.evidence)
    ends = tuple(f"{base}/{record.id}" for record in ended)
    deciding = [doubt for doubt in doubts if doubt.state is state]
    broken = any(doubt.breaks for doubt in deciding)
    reasons = [doubt.reason for doubt in deciding if not (broken and doubt.follows)]
    if state in {State.PROVED, State.REFUTED} and stale:
        held = "it held" if state is State.PROVED else "it did not hold"
        return Verdict(State.STALE, f"{held}, but {stale}", ends), State.STALE
    if state is State.PROVED:
        return Verdict(state, achieved, ends), measured
    return Verdict(state, "; ".join(dict.fromkeys(reasons)), evidence or ends), measured


def _achieved(counts: Counts, records: Sequence[AnyRecord], at_most: int) -> str:
    """Return what was seen of a suite that holds, with its figures."""
    if counts.total:
        return tests_in_words(counts)
    if counts.new_findings:
        return within(counts.new_findings, at_most)
    if counts.findings:
        known = counts.findings - counts.notes
        notes = count(counts.notes, "note") if counts.notes else ""
        return ", ".join(filter(None, ["no new finding", f"{known:,} known" if known else "", notes]))
    if gates := controls_achieved(records):
        return gates
    if files := sum(scan.files for scan in _of(records, Scan)):
        return f"no finding in {count(files, 'file')}"
    if timings := _of(records, Timing):
        return f"{count(len(timings), 'benchmark')}, unpaired"
    return "it ran to its end and reported nothing wrong"
