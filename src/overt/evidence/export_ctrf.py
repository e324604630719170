"""Tests as CTRF, the common test report format."""

from __future__ import annotations

from typing import Any, Final

from overt.evidence.export_text import attempts_of, is_flaky, json_bytes
from overt.evidence.reader import Run
from overt.evidence.records import Outcome, TestCase
from overt.system.clock import iso_utc

STATUSES: Final[dict[Outcome, str]] = {
    "passed": "passed",
    "failed": "failed",
    "error": "failed",
    "skipped": "skipped",
    "xfailed": "skipped",
    "xpassed": "passed",
}
"""Status of each outcome; `rawStatus` keeps the outcome itself."""


def to_ctrf(run: Run) -> bytes:
    """Return the tests of a run as CTRF; attempts at one test are one test with `retryAttempts`.

    Args:
        run: The run.
    """
    suites = [suite.name for suite in run.manifest.plan.suites]
    tests = [record for record in run.records if isinstance(record, TestCase)]
    cases = [each for name in suites for each in attempts_of(test for test in tests if test.suite == name)]
    written = [_test(attempts) for attempts in cases]
    counts = {status: sum(one["status"] == status for one in written) for status in ("passed", "failed", "skipped")}
    head = run.manifest
    start, stop = head.created_ns // 1_000_000, max(head.closed_ns, head.created_ns) // 1_000_000
    summary = {
        "tests": len(written),
        **counts,
        "pending": 0,
        "other": 0,
        "flaky": sum(map(is_flaky, cases)),
        "suites": len({test.suite for test in tests}),
        "start": start,
        "stop": stop,
        "duration": stop - start,
    }
    document = {
        "reportFormat": "CTRF",
        "specVersion": "0.0.0",
        "timestamp": iso_utc(head.closed_ns or head.created_ns),
        "generatedBy": "overt",
        "results": {"tool": {"name": "overt", "version": head.host.overt}, "summary": summary, "tests": written},
    }
    return json_bytes(document)


def _test(attempts: list[TestCase]) -> dict[str, Any]:
    last = attempts[-1]
    owner = last.name.partition("[")[0].rpartition("::")[0]
    written: dict[str, Any] = {
        "name": last.name or "(no name)",
        "status": STATUSES[last.outcome],
        "rawStatus": last.outcome,
        "duration": last.duration_ns // 1_000_000,
        "tags": [last.suite],
        **_told(last),
    }
    optional: dict[str, Any] = {
        "suite": [owner] if owner else None,
        "filePath": last.path,
        "line": last.line,
        "retries": len(attempts) - 1,
        "retryAttempts": [_attempt(number, test) for number, test in enumerate(attempts[:-1], 1)],
        "flaky": is_flaky(attempts),
    }
    return written | {key: value for key, value in optional.items() if value}


def _attempt(number: int, test: TestCase) -> dict[str, Any]:
    duration = test.duration_ns // 1_000_000
    return {"attempt": number, "status": STATUSES[test.outcome], "duration": duration, **_told(test)}


def _told(test: TestCase) -> dict[str, Any]:
    return {key: value for key, value in (("message", test.message), ("trace", test.detail)) if value}
