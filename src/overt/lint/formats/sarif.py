"""SARIF 2.1.0, which code-scanning services and editors read."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from overt import __version__
from overt.lint.pages import rule_page
from overt.lint.records import Rule, first_sentence
from overt.lint.report import ALLOWED, RATCHETED, Report, Seen, Unreadable
from overt.lint.rules import rule_for
from overt.model.location import Location

_LEVELS = {"error": "error", "warning": "warning", "note": "note"}
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(report: Report, _root: Path) -> str:
    """Return a SARIF log with one run."""
    places = {code: index for index, code in enumerate(report.rules)}
    run = {
        "tool": {
            "driver": {
                "name": "overt",
                "version": __version__,
                "rules": [_rule(rule_for(code), report.rule_url) for code in report.rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The folder of the project."}}},
        "invocations": [
            {
                "executionSuccessful": not report.unreadable and bool(report.files),
                "exitCode": int(report.exit),
                "toolExecutionNotifications": [_notification(each) for each in report.unreadable],
            }
        ],
        "results": [_result(seen, places) for seen in report.findings],
        "properties": {"files": report.files, "lines": report.lines},
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Rule, url: str) -> dict[str, Any]:
    page = {"helpUri": url.replace("{rule}", rule.code)} if url else {}
    return page | {
        "id": rule.code,
        "name": rule.title,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": " ".join(rule.why.split())},
        "help": {"text": first_sentence(rule.instead), "markdown": rule_page(rule)},
        "properties": {"tags": [rule.kind]},
    }


def _place(location: Location) -> dict[str, Any]:
    uri = {"uri": quote(location.path), "uriBaseId": "SRCROOT"}
    if not location.line:
        return {"artifactLocation": uri}
    region = {"startLine": location.line} | ({"startColumn": location.column} if location.column else {})
    return {"artifactLocation": uri, "region": region}


def _result(seen: Seen, places: dict[str, int]) -> dict[str, Any]:
    found = seen.finding
    result: dict[str, Any] = {
        "ruleId": found.rule,
        "level": _LEVELS[found.severity.value],
        "message": {"text": found.message},
        "locations": [{"physicalLocation": _place(found.location)} | _logical(found.scope)],
        "partialFingerprints": {"overtKey/v1": hashlib.sha256(found.key.encode("utf-8", "replace")).hexdigest()},
        "baselineState": "unchanged" if seen.standing == RATCHETED else "new",
        "properties": {"standing": seen.standing, "symbol": found.symbol, "places": seen.places},
    }
    if found.rule in places:
        result["ruleIndex"] = places[found.rule]
    if found.related:
        result["relatedLocations"] = [
            {"id": number, "physicalLocation": _place(near.location), "message": {"text": near.message}}
            for number, near in enumerate(found.related, 1)
        ]
    if seen.standing == ALLOWED:
        result["suppressions"] = [{"kind": "inSource", "status": "accepted", "justification": seen.reason}]
    elif seen.standing == RATCHETED:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": seen.reason or "ratchet"}]
    return result


def _logical(scope: str) -> dict[str, Any]:
    return {"logicalLocations": [{"fullyQualifiedName": scope}]} if scope else {}


def _notification(each: Unreadable) -> dict[str, Any]:
    return {
        "level": "error",
        "message": {"text": f"could not be checked: {each.message}"},
        "locations": [{"physicalLocation": _place(Location(each.path, each.line))}],
    }
