"""An audit for people: one screen that sums it up, then each thing with its place and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from overt.audit.contradictions import Contradiction
from overt.audit.report import Report
from overt.model import Location, State
from overt.system.text import plain_text
from overt.system.units import count

_SHOWN = 40
_COLOURS = {"refuted": "31", "conflict": "31", "stale": "33", "unchecked": "33", "unbacked": "36", "proved": "32"}
TITLES = {
    "refuted": "Refuted",
    "conflict": "In conflict",
    "stale": "Stale",
    "unchecked": "Not checked",
    "inconclusive": "Not decided",
    "contradicted": "Contradicted by another number",
    "differing": "Perhaps contradicted by another number",
    "certain": "Asserted without evidence",
    "likely": "Probably asserted without evidence",
    "skipped": "Not read",
}
"""The groups of what is told, in their order, each with its heading."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is told: its group, its place, what it is, and what to do."""

    group: str
    where: Location
    told: str
    hint: str = ""


def rows(report: Report, *, everything: bool) -> list[Row]:
    """Return what is told of a report, without what is proved.

    Args:
        report: What was found.
        everything: Whether references that could not be decided are told, too.
    """
    found = [
        Row(verdict.state.value, claim.location, f"claim {claim.name}: {verdict.reason}", f"expect {claim.expect}")
        for claim, verdict in report.claims
    ]
    found += [
        Row(one.verdict.state.value, one.location, f"{one.kind} {one.name}: {one.verdict.reason}", one.hint)
        for one in report.occurrences
    ]
    found += [
        Row(one.verdict.state.value, one.location, f"{one.sort} {one.text}: {one.verdict.reason}", one.hint)
        for one in report.references
        if everything or one.verdict.state is State.REFUTED
    ]
    found += [
        Row(one.verdict.state.value, one.location, f"{one.sort} {one.text}: {one.verdict.reason}", one.hint)
        for one in report.held
        if everything or one.deciding
    ]
    found += [Row(one.grade, one.location, f"{one.text} ({one.kind})", one.hint) for one in report.unbacked]
    found += [
        Row(_contradicted(one), one.location, f"{one.text}: {one.reason}", one.hint) for one in report.contradictions
    ]
    found += [Row("skipped", one.where or Location(""), one.message, one.hint) for one in report.skipped]
    return sorted((row for row in found if row.group != "proved"), key=lambda row: row.where)


def _contradicted(one: Contradiction) -> str:
    """Return the group of a contradiction; one with the evidence is a refutation like any other."""
    if one.against == "evidence":
        return "refuted"
    return "contradicted" if one.grade == "certain" else "differing"


def as_text(report: Report, changed: Sequence[tuple[str, int]], *, everything: bool, colour: bool) -> str:
    """Return an audit as text.

    Args:
        report: What was found.
        changed: Files in which numbers were set right.
        everything: Whether nothing is left out.
        colour: Whether to colour it.
    """
    told = rows(report, everything=everything)
    lines = [*_summary(report, colour=colour), *(f"  {path}: {count} set right" for path, count in changed)]
    for group, title in TITLES.items():
        lines += _group(title, [row for row in told if row.group == group], group, everything, colour)
    lines += ["", _advice(report)]
    return plain_text_lines(lines, colour=colour)


def plain_text_lines(lines: Iterable[str], *, colour: bool) -> str:
    """Return lines with everything strange taken out but our own colours."""
    joined = "\n".join(lines) + "\n"
    return joined if colour else plain_text(joined)


def _summary(report: Report, *, colour: bool) -> list[str]:
    counts = report.counts()
    number = len(report.pages)
    lines = [count(number, "document"), ""]
    for name, states in counts.items():
        words = ", ".join(f"{count:,} {_paint(state, state, colour=colour)}" for state, count in states.items())
        lines.append(f"  {name:<15}{sum(states.values()):>6,}   {words}".rstrip())
    return lines


def _paint(text: str, kind: str, *, colour: bool) -> str:
    code = _COLOURS.get(kind) if colour else None
    return f"\x1b[{code}m{text}\x1b[0m" if code else text


def _group(title: str, found: Sequence[Row], group: str, everything: bool, colour: bool) -> list[str]:
    if not found:
        return []
    lines = ["", _paint(f"{title} ({len(found):,})", group, colour=colour)]
    shown = found if everything else found[:_SHOWN]
    for row in shown:
        lines.append(f"  {plain_text(str(row.where))}: {_short(row.told)}")
        if row.hint:
            lines.append(f"      {_short(row.hint)}")
    if len(shown) < len(found):
        lines.append(f"  and {len(found) - len(shown):,} more: overt audit --all")
    return lines


def _short(text: str) -> str:
    one_line = " ".join(plain_text(text).split())
    return one_line if len(one_line) <= 300 else f"{one_line[:299]}…"


def _advice(report: Report) -> str:
    if not report.pages and not report.skipped:
        return "No document was looked at. That is not a pass."
    drifted = sum(one.update is not None for one in report.occurrences)
    if drifted:
        return f"Next: overt audit --update sets {count(drifted, 'drifted number')} right."
    states = {verdict.state for _, verdict in report.claims} | {one.verdict.state for one in report.occurrences}
    states |= {one.verdict.state for one in report.held if one.deciding and one.verdict.state is not State.REFUTED}
    if states & {State.UNCHECKED, State.STALE}:
        return "Next: overt validate measures what is stale or was not measured."
    if any(one.verdict.state is State.REFUTED for one in report.references):
        return "Next: mend the references, or say why not: <!-- overt: ignore until=YYYY-MM-DD -- reason -->"
    if any(one.verdict.state is State.REFUTED for one in report.held):
        return "Next: mend the samples and the arrows that do not hold; overt validate runs samples anew."
    if State.REFUTED in states:
        return "Next: mend what is refuted, or say less; overt validate measures it anew."
    if report.contradictions:
        return "Next: see which of the numbers that contradict each other is so."
    if report.unbacked:
        return "Next: link what is asserted to its evidence, or say less."
    return "Nothing here is known to be wrong."
