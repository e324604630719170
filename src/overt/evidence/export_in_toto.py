"""A run as an in-toto statement about a commit: Statement v1 with a test result v0.1."""

from __future__ import annotations

from typing import Any, Final

from overt.evidence.canonical import encode, sha256
from overt.evidence.export_text import attempts_of, is_flaky, json_bytes
from overt.evidence.layout import MANIFEST, shown
from overt.evidence.manifest import PlannedSuite
from overt.evidence.reader import Run
from overt.evidence.records import TestCase
from overt.evidence.summary import SuiteSummary, summarise
from overt.model import Exit, Location, OvertError, State

STATEMENT: Final = "https://in-toto.io/Statement/v1"
PREDICATE: Final = "https://in-toto.io/attestation/test-result/v0.1"


def to_in_toto(run: Run) -> bytes:
    """Return what a run came to as an in-toto statement about the commit that it measured.

    `PASSED` only when every required suite is proved, `WARNED` when another one is not or a test passed late,
    `FAILED` otherwise: what was not measured has not passed.

    Args:
        run: The run.

    Raises:
        OvertError: It was never closed, or what it measured is no commit.
    """
    _refuse_unfit(run)
    summaries = [summarise(run, planned) for planned in run.manifest.plan.suites]
    tests = [_tests(run, summary) for summary in summaries]
    passed, warned, failed = (sorted(name for one in tests for name in one[part]) for part in range(3))
    predicate = {
        "result": _result(summaries, warned),
        "configuration": [_evidence(run), *map(_suite, run.manifest.plan.suites, summaries)],
        "passedTests": passed,
        "warnedTests": warned,
        "failedTests": failed,
    }
    subject = run.manifest.subject
    subjects = [{"name": subject.project, "digest": {"gitCommit": subject.commit}}]
    if subject.tree:
        subjects.append({"name": f"{subject.project} (tree)", "digest": {"gitTree": subject.tree}})
    return json_bytes({"_type": STATEMENT, "subject": subjects, "predicateType": PREDICATE, "predicate": predicate})


def _refuse_unfit(run: Run) -> None:
    where, subject = Location(shown(run.folder, MANIFEST)), run.manifest.subject
    if run.manifest.state == "running":
        raise OvertError("was never closed, so it states nothing", where=where, exit=Exit.UNCHECKED)
    if not subject.commit:
        raise OvertError("measured no commit, and a statement is about one", where=where, exit=Exit.UNCHECKED)
    if subject.dirty:
        message = f"measured {subject.commit[:12]} with changes, so it says nothing about that commit"
        raise OvertError(message, where=where, hint="commit them and run overt validate again", exit=Exit.UNCHECKED)


def _result(summaries: list[SuiteSummary], warned: list[str]) -> str:
    held = {
        state: [one.verdict.state is State.PROVED for one in summaries if one.required is state]
        for state in (True, False)
    }
    if not any(held.values()) or not all(held[True]):
        return "FAILED"
    return "WARNED" if warned or not all(held[False]) else "PASSED"


def _tests(run: Run, summary: SuiteSummary) -> tuple[list[str], list[str], list[str]]:
    """Return the names of what passed, what passed with a doubt, and what failed; a suite without tests is one."""
    cases = attempts_of(record for record in run.for_suite(summary.name) if isinstance(record, TestCase))
    if not cases:
        held = summary.verdict.state is State.PROVED
        return ([summary.name], [], []) if held else ([], [], [summary.name])
    passed: list[str] = []
    warned: list[str] = []
    failed: list[str] = []
    for attempts in cases:
        name = f"{summary.name}: {attempts[-1].name}"
        match attempts[-1].outcome:
            case "failed" | "error":
                failed.append(name)
            case "xfailed" | "xpassed":
                warned.append(name)
            case "passed":
                (warned if is_flaky(attempts) else passed).append(name)
    return passed, warned, failed


def _evidence(run: Run) -> dict[str, Any]:
    """Return the run itself: who holds its manifest can tell whether this statement is about it."""
    head = run.manifest
    return {
        "name": f"{run.name}/{MANIFEST}",
        "digest": {"sha256": sha256(encode(head))},
        "mediaType": "application/json",
        "annotations": {
            "plan": head.plan_sha256,
            "merkleRoot": head.merkle_root,
            "ci": head.host.ci,
            "python": head.host.python,
            "packages": head.host.packages_sha256,
        },
    }


def _suite(planned: PlannedSuite, summary: SuiteSummary) -> dict[str, Any]:
    counts = summary.counts
    digest = planned.settings_sha256 or sha256(encode(planned))
    return {
        "name": planned.name,
        "digest": {"sha256": digest},
        "annotations": {
            "kind": planned.suite_kind,
            "required": planned.required,
            "inputs": planned.inputs.sha256,
            "verdict": summary.verdict.state.value,
            "reason": summary.verdict.reason,
            "tests": counts.total,
            "skipped": counts.skipped,
            "missing": counts.missing,
        },
    }
