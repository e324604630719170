"""For programs: one JSON document with everything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from overt.lint.report import Report, Seen


def render(report: Report, _root: Path) -> str:
    """Return the report as JSON; keys and order are stable."""
    document = {
        "version": 1,
        "exit": int(report.exit),
        "files": report.files,
        "lines": report.lines,
        "rules": list(report.rules),
        "findings": [finding(seen) for seen in report.findings],
        "unreadable": [{"path": e.path, "line": e.line, "message": e.message} for e in report.unreadable],
    }
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def finding(seen: Seen) -> dict[str, Any]:
    """Return one finding as plain values."""
    found = seen.finding
    return {
        "rule": found.rule,
        "severity": found.severity.value,
        "path": found.location.path,
        "line": found.location.line,
        "column": found.location.column,
        "scope": found.scope,
        "symbol": found.symbol,
        "message": found.message,
        "url": found.url,
        "standing": seen.standing,
        "reason": seen.reason,
        "places": seen.places,
        "related": [
            {"line": near.location.line, "column": near.location.column, "message": near.message}
            for near in found.related
        ],
    }
