"""A run written down in the formats that other tools read."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec

from overt.evidence.reader import Run
from overt.evidence.records import FindingSeen, Scan, TestCase
from overt.system.clock import iso_utc

_CTRF = MappingProxyType(
    {
        "passed": "passed",
        "failed": "failed",
        "error": "failed",
        "skipped": "skipped",
        "xfailed": "skipped",
        "xpassed": "passed",
    }
)


def to_junit(run: Run) -> bytes:
    """Return the tests of a run as JUnit XML, one `testsuite` for each suite.

    Args:
        run: The run.
    """
    root = ET.Element("testsuites", name=run.name)
    for planned in run.manifest.plan.suites:
        tests = [record for record in run.for_suite(planned.name) if isinstance(record, TestCase)]
        element = ET.SubElement(root, "testsuite", _junit_head(planned.name, tests, run))
        for test in tests:
            _junit_case(element, test)
    ET.indent(root)
    text: str = ET.tostring(root, encoding="unicode")
    # Two characters are legal in JSON and in no XML document.
    return f"<?xml version='1.0' encoding='utf-8'?>\n{text}\n".translate({0xFFFE: 0xFFFD, 0xFFFF: 0xFFFD}).encode()


def _junit_head(name: str, tests: list[TestCase], run: Run) -> dict[str, str]:
    return {
        "name": name,
        "tests": str(len(tests)),
        "failures": str(sum(test.outcome == "failed" for test in tests)),
        "errors": str(sum(test.outcome == "error" for test in tests)),
        "skipped": str(sum(test.outcome in {"skipped", "xfailed"} for test in tests)),
        "time": _seconds(sum(test.duration_ns for test in tests)),
        "timestamp": iso_utc(run.manifest.created_ns),
    }


def _junit_case(parent: ET.Element, test: TestCase) -> None:
    owner, _, name = test.name.rpartition("::")
    attributes = {"classname": owner or test.suite, "name": name, "time": _seconds(test.duration_ns)}
    if test.path:
        attributes["file"] = test.path
    element = ET.SubElement(parent, "testcase", attributes)
    tag = {"failed": "failure", "error": "error", "skipped": "skipped", "xfailed": "skipped"}.get(test.outcome)
    if tag:
        kind = {"type": "pytest.xfail"} if test.outcome == "xfailed" else {}
        ET.SubElement(element, tag, {"message": test.message, **kind}).text = test.detail or None


def _seconds(nanoseconds: int) -> str:
    return f"{nanoseconds // 1_000_000_000}.{nanoseconds % 1_000_000_000 // 1000:06d}"


def to_ctrf(run: Run) -> bytes:
    """Return the tests of a run as CTRF.

    Args:
        run: The run.
    """
    tests = [record for record in run.records if isinstance(record, TestCase)]
    written = [_ctrf_test(test) for test in tests]
    counts = {status: sum(one["status"] == status for one in written) for status in ("passed", "failed", "skipped")}
    head = run.manifest
    summary = {
        "tests": len(tests),
        **counts,
        "pending": 0,
        "other": 0,
        "start": head.created_ns // 1_000_000,
        "stop": head.closed_ns // 1_000_000,
    }
    document = {
        "reportFormat": "CTRF",
        "specVersion": "0.0.0",
        "results": {"tool": {"name": "overt", "version": head.host.overt}, "summary": summary, "tests": written},
    }
    return _json(document)


def _ctrf_test(test: TestCase) -> dict[str, Any]:
    known: dict[str, Any] = {
        "name": test.name,
        "status": _CTRF[test.outcome],
        "rawStatus": test.outcome,
        "duration": test.duration_ns // 1_000_000,
        "suite": [test.suite],
    }
    optional = {"message": test.message, "trace": test.detail, "filePath": test.path, "line": test.line}
    return known | {key: value for key, value in optional.items() if value}


def to_sarif(run: Run) -> bytes:
    """Return the findings of a run as SARIF 2.1.0, one `run` for each tool.

    Args:
        run: The run.
    """
    scans, findings = run.of(Scan), run.of(FindingSeen)
    tools = sorted({scan.tool for scan in scans} | {seen.finding.tool for seen in findings})
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [_sarif_run(tool, scans, [seen for seen in findings if seen.finding.tool == tool]) for tool in tools],
    }
    return _json(document)


def _sarif_run(tool: str, scans: list[Scan], findings: list[FindingSeen]) -> dict[str, Any]:
    version = next((scan.version for scan in scans if scan.tool == tool and scan.version), "")
    codes = {code for scan in scans if scan.tool == tool for code in scan.rules} | {
        seen.finding.rule for seen in findings
    }
    driver = {
        "name": tool,
        "rules": [{"id": code} for code in sorted(codes)],
        **({"version": version} if version else {}),
    }
    return {"tool": {"driver": driver}, "results": [_sarif_result(seen) for seen in findings]}


def _sarif_result(seen: FindingSeen) -> dict[str, Any]:
    finding, place = seen.finding, seen.finding.location
    region = {key: value for key, value in (("startLine", place.line), ("startColumn", place.column)) if value}
    physical = {"artifactLocation": {"uri": place.path}, **({"region": region} if region else {})}
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": finding.severity.value,
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": physical}],
        "partialFingerprints": {"overt/v1": seen.id},
    }
    if seen.standing == "allowed":
        result["suppressions"] = [{"kind": "external", "justification": seen.reason}]
    if seen.standing == "ratcheted":
        result["baselineState"] = "unchanged"
    return result


def _json(document: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


EXPORTS: Final[Mapping[str, Callable[[Run], bytes]]] = MappingProxyType(
    {"junit": to_junit, "ctrf": to_ctrf, "sarif": to_sarif}
)
"""Writer of each format."""
