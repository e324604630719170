"""An audit as SARIF 2.1.0, which code-scanning services and editors read."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import quote

from overt import __version__
from overt.audit.report import Report
from overt.cli.audit_text import Row, rows

_RULES = {
    "refuted": ("error", "A document states or names what is not so"),
    "conflict": ("error", "Two records about the same thing disagree"),
    "stale": ("error", "The evidence is older than what it was measured on"),
    "unchecked": ("warning", "What is stated was not measured"),
    "inconclusive": ("warning", "What was measured does not decide"),
    "contradicted": ("warning", "A number contradicts another one"),
    "differing": ("note", "A number seems to contradict another one"),
    "certain": ("warning", "A measurement is asserted without evidence"),
    "likely": ("note", "A measurement seems to be asserted without evidence"),
    "skipped": ("warning", "A document could not be read"),
}


def as_sarif(report: Report, *, strict: bool) -> str:
    """Return an audit as a SARIF log with one run.

    Args:
        report: What was found.
        strict: Whether certain assertions without evidence fail, which makes errors of them.
    """
    strictly = {"certain": "error", "contradicted": "error"} if strict else {}
    levels = {name: level for name, (level, _) in _RULES.items()} | strictly
    names = list(_RULES)
    told = [row for row in rows(report, everything=False) if row.group in levels]
    run = {
        "tool": {
            "driver": {
                "name": "overt-audit",
                "version": __version__,
                "rules": [{"id": name, "shortDescription": {"text": text}} for name, (_, text) in _RULES.items()],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {"executionSuccessful": not report.skipped, "exitCode": int(report.exit(strict=strict))},
        ],
        "results": [_result(row, levels[row.group], names.index(row.group)) for row in told],
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2) + "\n"


def _result(row: Row, level: str, index: int) -> dict[str, Any]:
    where: dict[str, Any] = {"artifactLocation": {"uri": quote(row.where.path), "uriBaseId": "SRCROOT"}}
    if row.where.line:
        region = {"startLine": row.where.line}
        where["region"] = region | ({"startColumn": row.where.column} if row.where.column else {})
    key = f"{row.group}|{row.where.path}|{row.told}"
    return {
        "ruleId": row.group,
        "ruleIndex": index,
        "level": level,
        "message": {"text": f"{row.told}. {row.hint}".strip() if row.hint else row.told},
        "locations": [{"physicalLocation": where}],
        "partialFingerprints": {"overtKey/v1": hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()},
    }
