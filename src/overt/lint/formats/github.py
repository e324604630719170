"""For GitHub Actions: workflow commands that become annotations on the changed lines."""

from __future__ import annotations

from pathlib import Path

from overt.lint.report import NEW, Report

_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}


def render(report: Report, _root: Path) -> str:
    """Return one annotation a line."""
    lines = []
    for seen in report.standing(NEW):
        finding = seen.finding
        where = {"file": finding.location.path, "line": finding.location.line, "col": finding.location.column}
        given = ",".join(f"{name}={_property(str(value))}" for name, value in where.items() if value)
        title = f"title={_property(finding.rule)}"
        lines.append(f"::{_LEVELS[finding.severity.value]} {given},{title}::{_data(finding.message)}")
    for each in report.unreadable:
        line = f",line={each.line}" if each.line else ""
        lines.append(f"::error file={_property(each.path)}{line},title=could not be checked::{_data(each.message)}")
    return "".join(f"{line}\n" for line in lines)


def _data(text: str) -> str:
    kept = "".join(c if c.isprintable() or c in "\r\n" else "\ufffd" for c in text)
    return kept.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
