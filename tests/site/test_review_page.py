"""The page of the review checklist: items, the project's own too, how they went, and the newest review."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from overt.campaign.loading import parse_campaign
from overt.evidence.history import Entry, History
from overt.evidence.history_file import read_history, whole_history
from overt.evidence.ledger import open_ledger
from overt.evidence.records import ReviewItem
from overt.model import OvertError, State
from overt.review.checklist import Checklist
from overt.review.own import project_rules
from overt.review.read_changes import read_changes
from overt.review.record import record_review
from overt.review.records import Item
from overt.review.rules import IDS, all_rules
from overt.review.span import read_span
from overt.site.inputs import Rooms, SiteInputs
from overt.site.markup import safe
from overt.site.render import render
from overt.site.reviews import Reviewed, ReviewView, read_reviews, tried
from overt.system.clock import SystemClock
from overt.system.git import git

from .conftest import HOSTILE, START_NS

OWN = '[[review.rules]]\nid = "prices"\ntitle = "Prices are agreed"\npaths = ["a.py"]\nquestion = "Agreed?"\n'
GUIDE = 'see = "docs/guide.md#agree"\n'


def page(view: ReviewView, *entries: Entry) -> str:
    inputs = SiteInputs(project="shop", suites=(), rooms=Rooms(review=view), history=History(entries))
    return render(inputs)["validation/review.md"].decode()


def entry(items: dict[str, str], *, change: str = "a", day: int = 0) -> Entry:
    created = START_NS + day * 86_400_000_000_000
    return Entry(
        version=1, run=f"r{day}", seal=f"s{day}", suite="review", created_ns=created, inputs=change, items=items
    )


def test_every_item_tells_why_it_is_there_and_shows_its_examples() -> None:
    """Why, remedy, who answers, and a difference that ticks it or asks; every other example by its name."""
    text = page(ReviewView(all_rules(), {}))
    assert [line for line in text.splitlines() if line.startswith("### ")] != []
    for rule in all_rules():
        assert f'<a id="item-{rule.id}"></a>' in text
        for example in rule.examples:
            assert safe(example.name) in text
    assert "-TAX &#61; 1&#10;&#43;TAX &#61; 2" in text
    assert text.count("<details>") >= len(IDS)
    # The frame of the theme comes on top, and a page is to stay below 100 kB.
    assert len(text) < 55_000


def test_how_often_an_item_refuted_something_is_counted_by_changes() -> None:
    """A change that was reviewed several times counts as it was left; what was never tried has no row."""
    entries = (
        entry({"small-enough": "r", "no-secrets": "p"}, change="a", day=0),
        entry({"small-enough": "p", "no-secrets": "p"}, change="a", day=1),
        entry({"small-enough": "r", "no-secrets": "u"}, change="b", day=2),
        entry({"small-enough": "r"}, change="c", day=3),
    )
    changes, found = tried(History(entries), ["small-enough", "no-secrets", "types-hold"])
    assert changes == 3
    assert found["small-enough"].counts == {"p": 1, "r": 2, "o": 0, "u": 0}
    assert found["small-enough"].refuted_ns == entries[3].created_ns
    assert found["no-secrets"].refuted_ns == 0
    text = page(ReviewView(all_rules(), {}), *entries)
    assert "3 changes were reviewed and remembered" in text
    row = next(line for line in text.splitlines() if "(#item-small-enough)" in line)
    assert [cell.strip() for cell in row.split("|")[2:6]] == ["2", "1", "&ndash;", "&ndash;"]
    assert "(#item-types-hold)" not in text


def test_without_a_review_the_page_says_how_to_record_one() -> None:
    """No table of nothing."""
    text = page(ReviewView(all_rules(), {}))
    assert "No review is recorded yet: `overt review --record` leaves one." in text
    assert "## The newest review" not in text


@pytest.mark.parametrize("current", [True, False])
def test_the_newest_review_is_shown_with_what_it_was_of(current: bool) -> None:
    """The most urgent first, and whether it is of what the site was built from."""
    items = tuple(
        ReviewItem(id=state, suite="review", item=name, state=state, reason="so", base="b" * 40, head="a" * 40)
        for state, name in (("proved", "no-secrets"), ("refuted", "small-enough"), ("nonsense", "gone-rule"))
    )
    seen = Reviewed("run", START_NS, "a" * 40, "b" * 40, items)
    text = page(ReviewView(all_rules(), {}, seen, current=current))
    assert (", the commit that this site was built from" in text) is current
    section = text[text.index("## The newest review") : text.index("## How often")]
    places = [section.index(name) for name in ("Small enough", "gone-rule", "No secret")]
    assert places == sorted(places)
    assert "unchecked</span> | gone-rule" in section
    gaps = render(SiteInputs(project="shop", suites=(), rooms=Rooms(review=ReviewView((), {}, seen, current=current))))
    assert ("gone-rule" in gaps["validation/not-checked.md"].decode()) is current


def test_hostile_items_and_reasons_are_text() -> None:
    """Of the project's own rules, of records, and of history."""
    for text in HOSTILE:
        campaign = parse_campaign(OWN)[0]
        [own] = [rule for rule in project_rules(campaign) if rule.own]
        rule = dataclasses.replace(own, title=text, why=text, remedy=text)
        item = ReviewItem(id="i", suite="review", item=text, state="open", reason=text, base=text, head=text)
        shown = page(ReviewView((rule,), {}, Reviewed("r", 1, text, text, (item,))), entry({"prices": "o"}))
        for danger in ("<script", "<img", "{{", "{%", "javascript:", "\x1b", "](http"):
            assert danger not in shown


def test_a_recorded_review_is_found_again_by_its_commit(committed, project) -> None:
    """From the ledger and the history alike, with the items that applied."""
    root: Path = project(toml=OWN)
    committed(root)
    span = read_span(root, "HEAD...HEAD")
    prices, secrets = Item("prices", "P", State.OPEN, "Agreed?"), Item("no-secrets", "N", State.REFUTED, "one")
    checklist = Checklist(span.shown, 1, 1, 1, (prices, secrets, Item("x", "X", None, "")))
    record_review(root, "shop", read_changes(root, span), checklist, environment={}, clock=SystemClock())
    ledger, campaign = open_ledger(root), parse_campaign(OWN)[0]
    commit = (git(root, "rev-parse", "HEAD") or b"").decode().strip()
    view = read_reviews(root, campaign, ledger, commit=commit, pages={})
    assert view.current
    assert view.newest is not None
    assert [(one.item, one.state) for one in view.newest.items] == [("no-secrets", "refuted"), ("prices", "open")]
    assert not read_reviews(root, campaign, ledger, commit="0" * 40, pages={}).current
    [remembered] = read_history(root).entries
    assert whole_history(root, ledger.runs).entries == (remembered,)
    assert remembered.items == {"no-secrets": "r", "prices": "o"}


def test_a_guideline_is_linked_where_the_project_has_it(tmp_path: Path) -> None:
    """With its anchor when the page has the heading; a page that is none is not linked."""
    (tmp_path / "docs").mkdir()
    guide, campaign = tmp_path / "docs/guide.md", parse_campaign(OWN + GUIDE)[0]
    for text, expected in (("# Guide\n\n## Agree\n", "guide.md#agree"), ("# Guide\n", "guide.md")):
        guide.write_text(text)
        view = read_reviews(tmp_path, campaign, open_ledger(tmp_path), commit="", pages={"docs/guide.md": "guide.md"})
        assert view.pages == {"prices": expected}
        assert f"(../{expected})" in page(view)
    assert read_reviews(tmp_path, campaign, open_ledger(tmp_path), commit="", pages={}).pages == {}


def test_the_projects_own_items_are_on_the_page_and_those_left_out_are_not(tmp_path: Path) -> None:
    """As `overt review` has them; a name that is taken is told."""
    campaign = parse_campaign(f'[review]\nleave-out = ["small-enough"]\n{OWN}')[0]
    text = page(read_reviews(tmp_path, campaign, open_ledger(tmp_path), commit="", pages={}))
    assert "### Prices are agreed" in text
    assert "and the project itself declares it" in text
    assert 'id="item-small-enough"' not in text
    wrong = parse_campaign(OWN.replace("prices", "no-secrets"))[0]
    with pytest.raises(OvertError, match="comes with overt"):
        read_reviews(tmp_path, wrong, open_ledger(tmp_path), commit="", pages={})
