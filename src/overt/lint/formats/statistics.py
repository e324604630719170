"""How often each rule found something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from overt.lint.report import ALLOWED, NEW, RATCHETED, Report, Seen
from overt.lint.rules import rule_for

NOTES = "notes"
COLUMNS = (NEW, NOTES, RATCHETED, ALLOWED)


def statistics(report: Report) -> str:
    """Return a table: one row for each rule that found something, most first; notes, which fail nothing, apart."""
    rows = Counter((seen.rule, _column(seen)) for seen in report.findings)
    totals = Counter(seen.rule for seen in report.findings)
    if not totals:
        return ""
    lines = [_row("rule", COLUMNS, "what it finds")]
    for code, _ in sorted(totals.items(), key=lambda item: (-item[1], item[0])):
        lines.append(_row(code, [rows[code, column] for column in COLUMNS], rule_for(code).title))
    sums = [sum(rows[code, column] for code in totals) for column in COLUMNS]
    return "\n".join([*lines, _row("all", sums, "")]) + "\n\n"


def _column(seen: Seen) -> str:
    return NOTES if seen.standing == NEW and not seen.fails else seen.standing


def _row(first: str, cells: Sequence[object], last: str) -> str:
    shown = "".join(f"{cell!s:>{max(7, len(name) + 2)}}" for cell, name in zip(cells, COLUMNS, strict=True))
    return f"{first:<8}{shown}  {last}".rstrip()
