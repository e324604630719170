"""Findings as SARIF 2.1.0."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from overt.evidence.export_text import json_bytes, whole_text
from overt.evidence.reader import Run
from overt.evidence.records import FindingSeen, Scan, SuiteRun
from overt.model import Location

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def to_sarif(run: Run) -> bytes:
    """Return the findings of a run as SARIF 2.1.0, one `run` for each suite and each tool of it.

    An allowed finding is suppressed with its reason as justification, one that the ratchet holds is `unchanged`.

    Args:
        run: The run.
    """
    runs = []
    for planned in run.manifest.plan.suites:
        records = run.for_suite(planned.name)
        scans = [record for record in records if isinstance(record, Scan)]
        findings = [record for record in records if isinstance(record, FindingSeen)]
        ended = all(record.status == "completed" for record in records if isinstance(record, SuiteRun))
        for tool in sorted({scan.tool for scan in scans} | {seen.finding.tool for seen in findings}):
            mine = [seen for seen in findings if seen.finding.tool == tool]
            runs.append(_run(planned.name, tool, [scan for scan in scans if scan.tool == tool], mine, ended=ended))
    return json_bytes({"$schema": _SCHEMA, "version": "2.1.0", "runs": runs})


def _run(suite: str, tool: str, scans: list[Scan], findings: list[FindingSeen], *, ended: bool) -> dict[str, Any]:
    urls = {whole_text(seen.finding.rule): seen.finding.url for seen in findings}
    codes = sorted({whole_text(code) for scan in scans for code in scan.rules} | urls.keys())
    driver: dict[str, Any] = {"name": tool or "(no name)", "rules": [_rule(code, urls.get(code, "")) for code in codes]}
    version = next((scan.version for scan in scans if scan.version), "")
    if version:
        driver["version"] = version
    invocation: dict[str, Any] = {"executionSuccessful": ended}
    unreadable = sorted({path for scan in scans for path in scan.unreadable})
    if unreadable:
        invocation["toolExecutionNotifications"] = [_notification(path) for path in unreadable]
    places = {code: number for number, code in enumerate(codes)}
    return {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"{suite}/"},
        "invocations": [invocation],
        "properties": {"files": sum(scan.files for scan in scans), "lines": sum(scan.lines for scan in scans)},
        "results": [_result(seen, places[whole_text(seen.finding.rule)]) for seen in findings],
    }


def _rule(code: str, url: str) -> dict[str, Any]:
    return {"id": code, **({"helpUri": url} if url else {})}


def _notification(path: str) -> dict[str, Any]:
    place = {"physicalLocation": {"artifactLocation": {"uri": _uri(path)}}}
    return {"level": "error", "message": {"text": "could not be read"}, "locations": [place]}


def _result(seen: FindingSeen, place: int) -> dict[str, Any]:
    finding = seen.finding
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": place,
        "level": finding.severity.value,
        "message": {"text": finding.message},
        "partialFingerprints": {"overt/v1": seen.id},
    }
    where = _location(finding.location)
    if finding.scope:
        where["logicalLocations"] = [{"fullyQualifiedName": finding.scope}]
    if where:
        result["locations"] = [where]
    if finding.related:
        result["relatedLocations"] = [
            {**_location(one.location), **({"message": {"text": one.message}} if one.message else {})}
            for one in finding.related
        ]
    if seen.standing == "allowed":
        said = {"justification": seen.reason} if seen.reason else {}
        result["suppressions"] = [{"kind": "external", "status": "accepted", **said}]
    if seen.standing == "ratcheted":
        result["baselineState"] = "unchanged"
    return result


def _location(place: Location) -> dict[str, Any]:
    if not place.path:
        return {}
    region = {key: value for key, value in (("startLine", place.line), ("startColumn", place.column)) if value > 0}
    # A column means nothing to a reader without its line.
    known = {"region": region} if place.line > 0 else {}
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(place.path)}, **known}}


def _uri(path: str) -> str:
    """Return a path as a relative reference; a character that may not stand in one is written as its bytes.

    Example:
        >>> _uri("src/a b%.py"), _uri("c:x")
        ('src/a%20b%25.py', 'c%3Ax')
    """
    return quote(path.encode("utf-8", "replace"), safe="/")
