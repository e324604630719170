"""An audit as Markdown, for the comment on a change or a job's summary."""

from __future__ import annotations

import re
from collections.abc import Sequence

from overt.audit.report import Report
from overt.cli.audit_text import TITLES, Row, rows
from overt.model import Exit
from overt.system.text import plain_text
from overt.system.units import count

_SHOWN = 50
_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~])")
_VERDICTS = {
    Exit.PROVED: "Nothing here is known to be wrong.",
    Exit.REFUTED: "Something here is not so.",
    Exit.UNCHECKED: "Something here could not be checked.",
}


def as_markdown(report: Report, changed: Sequence[tuple[str, int]], *, everything: bool) -> str:
    """Return an audit as Markdown: a table that sums it up, then each group of findings.

    Args:
        report: What was found.
        changed: Files in which numbers were set right.
        everything: Whether nothing is left out.
    """
    lines = ["## Audit of the documents", ""]
    lines += [f"**{_VERDICTS.get(report.exit(), 'The audit has ended.')}** {count(len(report.pages), 'document')}.", ""]
    lines += ["| | total | |", "| --- | ---: | --- |"]
    for name, states in report.counts().items():
        words = ", ".join(f"{number:,} {state}" for state, number in states.items())
        lines.append(f"| {name} | {sum(states.values()):,} | {words} |")
    lines += ["", *(f"- {_escaped(path)}: {number} set right" for path, number in changed)]
    told = rows(report, everything=everything)
    for group, title in TITLES.items():
        lines += _group(title, [row for row in told if row.group == group], everything=everything)
    return "\n".join(lines).rstrip() + "\n"


def _group(title: str, found: Sequence[Row], *, everything: bool) -> list[str]:
    if not found:
        return []
    shown = found if everything else found[:_SHOWN]
    lines = ["", f"### {title} ({len(found):,})", "", "| where | what | instead |", "| --- | --- | --- |"]
    lines += [f"| {_escaped(str(row.where))} | {_escaped(row.told)} | {_escaped(row.hint)} |" for row in shown]
    if len(shown) < len(found):
        lines += ["", f"and {len(found) - len(shown):,} more: `overt audit --md --all`"]
    return lines


def _escaped(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    short = " ".join(plain_text(text).split())
    return _SPECIAL.sub(r"\\\1", short if len(short) <= 300 else f"{short[:299]}…")
