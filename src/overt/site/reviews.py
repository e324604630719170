"""What the ledger and the history say about reviews."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from overt.audit.references.anchors import page_anchor
from overt.campaign.records import Campaign
from overt.evidence.history import History
from overt.evidence.ledger import Ledger
from overt.evidence.records import ReviewItem
from overt.markdown import scan
from overt.review.own import project_rules
from overt.review.record import SUITE
from overt.review.records import ReviewRule


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A recorded review.

    Args:
        run: Its run.
        created_ns: When it was made, nanoseconds since 1970 UTC.
        commit: The reviewed commit; empty for a work tree with changes.
        base: The commit that the change set out from.
        items: What applied, as it was left.
    """

    run: str
    created_ns: int
    commit: str
    base: str
    items: tuple[ReviewItem, ...]


@dataclass(frozen=True, slots=True)
class ReviewView:
    """The checklist of a project with what became of it.

    Args:
        rules: Its items, those that the project declares itself last.
        pages: Id of an item to the page of its guideline, with its anchor; items without a page are left out.
        newest: The newest recorded review; None when there is none.
        current: Whether that was of the commit that is checked out.
    """

    rules: tuple[ReviewRule, ...]
    pages: Mapping[str, str]
    newest: Reviewed | None = None
    current: bool = False


def _reviewed(ledger: Ledger) -> list[Reviewed]:
    found = []
    for run in ledger.runs:
        if any(suite.name == SUITE for suite in run.manifest.plan.suites):
            items = tuple(run.of(ReviewItem))
            if items:
                first = items[0]
                found.append(Reviewed(run.name, run.manifest.created_ns, first.head, first.base, items))
    return found


def _guidelines(root: Path, rules: Sequence[ReviewRule], pages: Mapping[str, str]) -> dict[str, str]:
    """Return where on the site the guideline of each rule is; nowhere, when the project has no such page."""
    known: dict[str, frozenset[str]] = {}
    found = {}
    for rule in rules:
        document, _, anchor = rule.see.partition("#")
        if document not in pages:
            continue
        if document not in known:
            known[document] = _anchors(root / document)
        # A project may have a page of that name with headings of its own.
        found[rule.id] = f"{pages[document]}#{anchor}" if anchor in known[document] else pages[document]
    return found


def _anchors(path: Path) -> frozenset[str]:
    try:
        return frozenset(map(page_anchor, scan(path.read_text("utf-8", "replace")).headings))
    except OSError:
        return frozenset()


def read_reviews(
    root: Path, campaign: Campaign, ledger: Ledger, *, commit: str, pages: Mapping[str, str]
) -> ReviewView:
    """Return the checklist of a project: the review of a commit when one is recorded, else the newest.

    Args:
        root: Folder of the project.
        campaign: What the project says of itself.
        ledger: Its evidence.
        commit: The commit that is checked out; empty outside a repository.
        pages: Documents, relative to the root, to the paths of their pages.

    Raises:
        OvertError: The items that the campaign declares contradict those that come with overt.
    """
    rules = project_rules(campaign)
    reviews = _reviewed(ledger)
    here = next((one for one in reviews if commit and one.commit == commit), None)
    return ReviewView(
        rules=rules,
        pages=_guidelines(root, rules, pages),
        newest=here or next(iter(reviews), None),
        current=here is not None,
    )


@dataclass(frozen=True, slots=True)
class Tried:
    """How an item went in all changes that were reviewed; a change counts once, as it was reviewed last.

    Args:
        counts: Letter of a state to how often: `p` proved, `r` refuted, `o` asked, `u` could not run.
        refuted_ns: When it refuted something last, nanoseconds since 1970 UTC; 0 when it never did.
    """

    counts: Mapping[str, int]
    refuted_ns: int


def tried(history: History, ids: Sequence[str]) -> tuple[int, dict[str, Tried]]:
    """Return how many changes were reviewed, and how each item went.

    Args:
        history: What is remembered of runs, the oldest first.
        ids: Ids of the items.
    """
    changes = {entry.inputs: entry for entry in history.entries if entry.suite == SUITE and entry.items}
    told: dict[str, Tried] = {}
    for identity in ids:
        seen = [(entry.items[identity], entry.created_ns) for entry in changes.values() if identity in entry.items]
        letters = [letter for letter, _ in seen]
        refuted = max((when for letter, when in seen if letter == "r"), default=0)
        told[identity] = Tried({letter: letters.count(letter) for letter in "prou"}, refuted)
    return len(changes), told
