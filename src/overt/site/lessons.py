"""Reads the training track, with what the ledger says of each exercise and quiz; it runs nothing of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from overt.audit.references.anchors import page_anchor
from overt.campaign.records import Campaign
from overt.evidence.facts import Facts
from overt.evidence.ledger import Ledger
from overt.evidence.records import ExerciseChecked
from overt.markdown import scan
from overt.model import State, Verdict
from overt.site.inputs import Lesson
from overt.site.ledgered import recorded, verdict_of
from overt.training.records import Exercise, Quiz


def read_lessons(
    root: Path, campaign: Campaign, ledger: Ledger, facts: Facts, *, pages: Mapping[str, str]
) -> tuple[Lesson, ...]:
    """Read the tracks that learners of a project take; the one that comes with overt alone only when checked here.

    Args:
        root: Folder of the project.
        campaign: Its campaign.
        ledger: Its evidence.
        facts: What was measured.
        pages: Documents, relative to the root, to the paths of their pages.

    Raises:
        OvertError: The track is wrong.
    """
    own, beside = campaign.training.path, campaign.training.beside
    if not own and not any(name.startswith("exercises.") and name.count(".") > 1 for name in facts.names()):
        return ()
    from overt.training.track import OWN, load_tracks

    folders = [OWN] * (beside or not own) + [root / own] * bool(own)
    return tuple(_lessons(load_tracks(folders).items, root, ledger, facts, pages))


def _lessons(
    items: tuple[Exercise | Quiz, ...], root: Path, ledger: Ledger, facts: Facts, pages: Mapping[str, str]
) -> Iterator[Lesson]:
    stage = ""
    for item in items:
        stage = item.card.stage or stage
        verdict = verdict_of(f"exercises.{item.name}.proved", facts, never="it was never checked")
        found = recorded(ledger, verdict.evidence)
        seen = ((run, record) for run, record in found if isinstance(record, ExerciseChecked))
        run, record = next(seen, (None, None))
        fresh = record is not None and record.text_sha256 == item.text_sha256
        if record is not None and not fresh:
            verdict = Verdict(State.STALE, "its text changed since it was checked", verdict.evidence)
        elif record is not None and verdict.state is State.REFUTED:
            verdict = Verdict(State.REFUTED, record.reason, verdict.evidence)
        yield Lesson(
            item=item,
            verdict=verdict,
            stage=stage,
            answer=record.answer if record is not None and fresh else "",
            checked=run.manifest.subject if run else None,
            checked_ns=run.manifest.created_ns if run else 0,
            see=tuple(_reading(item, root, pages)),
        )


def _reading(item: Exercise | Quiz, root: Path, pages: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the pages to read on that are there, each with its own title: a dead link helps nobody."""
    for target in item.card.see if isinstance(item, Exercise) else ():
        path, _, anchor = target.partition("#")
        if path not in pages:
            continue
        headings = scan((root / path).read_text("utf-8-sig", errors="replace")).headings
        found = [one for one in headings if not anchor or page_anchor(one) == anchor]
        if found:
            yield found[0].text.replace("`", ""), f"{pages[path]}#{anchor}" if anchor else pages[path]
