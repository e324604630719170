"""What `overt.toml` has the audit keep quiet about, with a reason and an end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from overt.audit.references.record import Ref
from overt.audit.report import Page
from overt.campaign.records import AuditAllow
from overt.model import Location, State, Verdict
from overt.system.files import matches


def without_allowed(
    pages: Sequence[Page], entries: Sequence[AuditAllow], today: date, lines: Sequence[int] = ()
) -> tuple[tuple[Page, ...], tuple[Ref, ...]]:
    """Return pages without what is allowed, and the entries that are not heeded, as refuted references.

    Args:
        pages: What was found in each document.
        entries: What is allowed; one whose date lies before `today` is not heeded.
        today: The date.
        lines: The line of each entry in `overt.toml`; 0 or left out where it is not known.
    """
    held = [entry for entry in entries if date.fromisoformat(entry.until) >= today]
    used: set[AuditAllow] = set()
    kept = tuple(_kept(page, held, used) for page in pages)
    wrong = []
    for number, entry in enumerate(entries):
        reason = ""
        if entry not in held:
            reason = f"the entry ended on {entry.until}"
        elif entry not in used:
            reason = "the entry covers nothing that is wrong"
        if reason:
            place = Location("overt.toml", lines[number] if number < len(lines) else 0)
            wrong.append(Ref("ignore", entry.text, place, Verdict(State.REFUTED, reason), "take it away"))
    return kept, tuple(wrong)


def _kept(page: Page, entries: Sequence[AuditAllow], used: set[AuditAllow]) -> Page:
    here = [entry for entry in entries if not entry.path or matches(page.path, [entry.path])]
    if not here:
        return page

    def covered(text: str, *, whole: bool) -> bool:
        found = next((entry for entry in here if entry.text == text or (not whole and entry.text in text)), None)
        if found is not None:
            used.add(found)
        return found is not None

    return replace(
        page,
        references=tuple(
            ref for ref in page.references if ref.verdict.state is State.PROVED or not covered(ref.text, whole=True)
        ),
        unbacked=tuple(one for one in page.unbacked if not covered(one.text, whole=False)),
        contradictions=tuple(one for one in page.contradictions if not covered(one.text, whole=False)),
    )
