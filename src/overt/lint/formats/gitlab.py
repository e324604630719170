"""GitLab's code-quality report."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

from overt.lint.report import NEW, Report

_LEVELS = {"error": "major", "warning": "minor", "note": "info"}


def render(report: Report, _root: Path) -> str:
    """Return a JSON list of issues; a fingerprint stays the same when lines move."""
    seen_before: Counter[str] = Counter()
    issues: list[dict[str, Any]] = []
    for seen in report.standing(NEW):
        found = seen.finding
        seen_before[found.key] += 1
        issues.append(
            {
                "check_name": found.rule,
                "description": found.message,
                "severity": _LEVELS[found.severity.value],
                "fingerprint": _fingerprint(f"{found.key}|{seen_before[found.key]}"),
                "location": {"path": found.location.path, "lines": {"begin": max(1, found.location.line)}},
            }
        )
    issues.extend(
        {
            "check_name": "unreadable",
            "description": f"could not be checked: {each.message}",
            "severity": "blocker",
            "fingerprint": _fingerprint(f"unreadable|{each.path}"),
            "location": {"path": each.path, "lines": {"begin": max(1, each.line)}},
        }
        for each in report.unreadable
    )
    return json.dumps(issues, indent=2) + "\n"


def _fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
