"""How often each rule found something."""

from __future__ import annotations

from collections import Counter

from overt.lint.report import ALLOWED, NEW, RATCHETED, Report
from overt.lint.rules import rule_for


def statistics(report: Report) -> str:
    """Return a table: one row for each rule that found something, most first."""
    rows = Counter((seen.finding.rule, seen.standing) for seen in report.findings)
    totals = Counter(seen.finding.rule for seen in report.findings)
    lines = [f"{'rule':<8}{'new':>7}{'ratcheted':>11}{'allowed':>9}  what it finds"]
    for code, _ in sorted(totals.items(), key=lambda item: (-item[1], item[0])):
        numbers = rows[code, NEW], rows[code, RATCHETED], rows[code, ALLOWED]
        lines.append(f"{code:<8}{numbers[0]:>7}{numbers[1]:>11}{numbers[2]:>9}  {rule_for(code).title}")
    return "\n".join(lines) + "\n"
