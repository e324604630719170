"""A suite that was run again: the same cases with the same outcomes, or what differs; and the grade that this gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

from overt.evidence.export_text import attempts_of
from overt.evidence.manifest import Manifest, PlannedSuite, Subject
from overt.evidence.reader import Run
from overt.evidence.records import AnyRecord, CommandRun, FindingSeen, Rerun, SuiteRun, TestCase

Grade = Literal["self-reported", "CI-made", "re-run"]
"""How far evidence rests on more than its writer's word: neither of the last two proves that the runner is honest."""

WORDS: Final[Mapping[Grade, str]] = {
    "self-reported": "self-reported: written by whoever ran it",
    "CI-made": "CI-made: written on a machine that says it is a CI service",
    "re-run": "re-run: a second run came to the same cases and outcomes",
}
"""Each grade in words."""

_NAMED = 50
"""Differences that are listed; more are counted."""


def grade_of(manifest: Manifest, records: Iterable[AnyRecord]) -> Grade:
    """Return the grade of what a run recorded about a suite.

    Args:
        manifest: Head of the run.
        records: Its records about the suite.
    """
    if any(type(record) is Rerun and record.agrees for record in records):
        return "re-run"
    return "CI-made" if manifest.host.ci else "self-reported"


def refusal(then: Run, planned: PlannedSuite, now: Subject, plan: PlannedSuite) -> str:
    """Return why running a suite again would measure something else; empty when it would not.

    Args:
        then: The run to compare with.
        planned: The suite as that run planned it.
        now: What would be measured.
        plan: The suite as it would be planned.
    """
    before = then.manifest.subject
    if before.commit != now.commit:
        return f"{then.name} measured {_short(before)}, and this is {_short(now)}"
    if (before.dirty, before.diff_sha256) != (now.dirty, now.diff_sha256):
        changed = (
            "has other changes than then" if before.dirty and now.dirty else "has changes" if now.dirty else "has none"
        )
        return f"{then.name} measured {_short(before)}; the work tree {changed}"
    if planned.inputs.sha256 != plan.inputs.sha256:
        return f"the files that {planned.name} is measured on are not those of {then.name}"
    if planned.settings_sha256 != plan.settings_sha256:
        return f"the settings of {planned.name} are not those of {then.name}"
    return ""


def _short(subject: Subject) -> str:
    return f"{subject.commit[:12] or 'no commit'}{' with changes' if subject.dirty else ''}"


def compare_again(then: Run, suite: str, records: Sequence[AnyRecord], now: Manifest) -> Rerun:
    """Return what running a suite again came to.

    Args:
        then: The run to compare with.
        suite: Name of the suite.
        records: What was observed now.
        now: Head of the run that observed it.
    """
    planned = next(each for each in then.manifest.plan.suites if each.name == suite)
    before, after = _seen(then.for_suite(suite), planned), _seen(records, planned)
    found = [_difference(name, before.get(name), after.get(name)) for name in sorted(before.keys() | after.keys())]
    differences = [text for text in found if text]
    if not _ended(records):
        differences.insert(0, "it did not run to its end")
    listed = differences[:_NAMED]
    if len(differences) > _NAMED:
        listed.append(f"and {len(differences) - _NAMED:,} more")
    return Rerun(
        id=f"rerun:{suite}",
        suite=suite,
        of=then.name,
        seal=then.manifest.seal,
        compared=len(before),
        agrees=bool(before) and not differences,
        differences=tuple(listed),
        notes=tuple(_notes(then.manifest, now)),
    )


def _ended(records: Iterable[AnyRecord]) -> bool:
    ends = [record for record in records if isinstance(record, SuiteRun)]
    return bool(ends) and all(record.status == "completed" for record in ends)


def _seen(records: Sequence[AnyRecord], planned: PlannedSuite) -> dict[str, str]:
    """Return what was seen, by name: outcomes of tests, findings, how the program of a command suite ended."""
    tests = [record for record in records if isinstance(record, TestCase)]
    seen: dict[str, str] = {f"test {attempts[-1].name}": attempts[-1].outcome for attempts in attempts_of(tests)}
    for record in records:
        if isinstance(record, FindingSeen):
            where = record.finding.location
            seen[f"finding {record.id}"] = f"{record.standing} {record.finding.rule} in {where.path}"
        elif isinstance(record, CommandRun) and planned.suite_kind == "command":
            signal = f", signal {record.signal}" if record.signal is not None else ""
            seen["its program"] = f"exit {record.exit_code}{signal}"
    if planned.suite_kind in {"lint", "hidden-state"} and _ended(records):
        seen["its end"] = "completed"  # that there is no finding is something to compare, too
    return seen


def _difference(name: str, before: str | None, after: str | None) -> str:
    if before == after:
        return ""
    if after is None:
        return f"{name}: {before}, and nothing now"
    return f"{name}: {before or 'nothing'}, and {after} now"


def _notes(then: Manifest, now: Manifest) -> Iterable[str]:
    """Yield what else was not the same: said, since it may explain a difference and weakens an agreement nowhere."""
    if then.host.packages_sha256 != now.host.packages_sha256:
        yield "other packages are installed"
    if then.host.python != now.host.python:
        yield f"Python {now.host.python} instead of {then.host.python}"
    if (then.host.system, then.host.machine) != (now.host.system, now.host.machine):
        yield f"{now.host.system} on {now.host.machine} instead of {then.host.system} on {then.host.machine}"
