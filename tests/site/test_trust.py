"""The page of documents, the foot of each page, badges and drawn diagrams: counts, escapes, and what is said first."""

from __future__ import annotations

import re
from html import unescape
from xml.etree import ElementTree as ET

import pytest

from overt.audit.contradictions import Contradiction
from overt.audit.diagrams.check import DiagramSeen
from overt.audit.diagrams.record import Diagram, Edge, Node
from overt.audit.held import Held
from overt.audit.references.record import Ref
from overt.audit.report import Page, Report
from overt.model import Location, Problem, State, Verdict
from overt.site.badge import badge, badge_path, badge_text
from overt.site.diagram import DARK, LIGHT
from overt.site.footer import footer
from overt.site.inputs import SiteInputs
from overt.site.pages.diagrams import diagrams, pictures
from overt.site.pages.documents import documents
from overt.site.render import render
from overt.site.sketch import describe_diagram
from overt.site.trust import Tally, Trust, trust_of

from .conftest import HOSTILE, make_view


def ref(line: int, state: State, text: str = "shop.cart", path: str = "docs/a.md") -> Ref:
    return Ref("symbol", text, Location(path, line, 1), Verdict(state, f"it is {state.value}"))


def sample(line: int, state: State, *, sort: str = "sample", text: str = "python (run)") -> Held:
    return Held(sort, text, Location("docs/a.md", line, 1), Verdict(state, "as seen"))


def seen(*, state: State = State.PROVED, label: str = "Shop", note: str = "") -> DiagramSeen:
    nodes = (Node("a", label, 1, ("Box",)), Node("b", "shop.prices", 2, ("Box", "Inner")))
    diagram = Diagram("The shop", "docs/architecture/shop.py", 1, nodes, (Edge("a", "b", 3, note),))
    edge = Held("edge", f"{label} → shop.prices", Location(diagram.path, 3, 1), Verdict(state, "as imported"))
    return DiagramSeen(diagram, (), (edge,), (), (("b", "shop.prices"),), (("shop.prices", "shop.cart"),))


def inputs_of(*pages: Page, found: tuple[DiagramSeen, ...] = (), skipped: tuple[Problem, ...] = ()) -> SiteInputs:
    trust = trust_of(Report(pages, (), skipped, found), {"docs/a.md": "a.md"})
    return SiteInputs(
        project="shop", suites=(make_view(),), trust=trust, draw=lambda text: f"<svg>{len(text)}</svg>".encode()
    )


MIXED = Page(
    "docs/a.md",
    references=(ref(1, State.PROVED), ref(2, State.REFUTED), ref(3, State.UNCHECKED)),
    held=(sample(4, State.STALE), sample(5, State.PROVED), sample(6, State.UNCHECKED, sort="fence")),
)


def test_everything_about_a_document_is_counted_once() -> None:
    """References, samples and arrows are added up by document and over all of them."""
    trust = trust_of(Report((MIXED, Page("b.md", references=(ref(1, State.CONFLICT, path="b.md"),)))), {})
    assert trust.documents[0].tally == Tally(proved=2, refuted=1, stale=1, unchecked=2)
    assert trust.documents[1].tally == Tally(refuted=1)
    assert trust.tally == Tally(proved=2, refuted=2, stale=1, unchecked=2)
    assert trust.tally.total == 7


def test_contradicting_numbers_are_counted_and_told() -> None:
    """A certain one is refuted, a likely one is unchecked; the page says how many there are, and lists them."""
    place = Location("docs/a.md", 7, 3)
    numbers = (
        Contradiction("12 tables", place, "certain", "sum", "its parts are 11", "set it right"),
        Contradiction("9 <b>", place, "likely", "number", "b.md:1 says 8", "say which is right"),
    )
    inputs = inputs_of(Page("docs/a.md", contradictions=numbers))
    assert inputs.trust is not None
    assert inputs.trust.tally == Tally(refuted=1, unchecked=1)
    page = str(documents(inputs))
    assert (
        "2 numbers are contradicted by evidence, by another number or by the sum of their parts: 1 for certain." in page
    )
    assert "its parts are 11" in page
    assert "9 <b>" not in page
    assert "contradicted by" not in str(documents(inputs_of(MIXED)))


@pytest.mark.parametrize(
    ("tally", "state", "said"),
    [
        (Tally(proved=5), "proved", "Yes: 5 of 5 things"),
        (Tally(proved=5, unchecked=3), "proved", "Yes: 5 of 5 things"),
        (Tally(proved=5, refuted=1, stale=2), "refuted", "Not everywhere: 1 thing in them is not so"),
        (Tally(proved=5, stale=1), "stale", "As of an earlier state: 1 of 6 things"),
        (Tally(proved=5, unbacked=1), "unchecked", "Mostly: 1 assertion has no evidence"),
        (Tally(unchecked=5), "unchecked", "Nothing in them could be decided."),
        (Tally(proved=5, unchecked=2, unmeasured=2), "unchecked", "Not yet: 2 statements and samples"),
        (Tally(), "unchecked", "They state nothing"),
    ],
)
def test_the_page_answers_first(tally: Tally, state: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first thing on the page is the answer, in the worst state that counts against the documents."""
    monkeypatch.setattr(Trust, "tally", property(lambda _: tally))
    page = unescape(documents(SiteInputs(project="shop", trust=Trust())))
    assert tally.state.value == state
    assert f"<strong>{said}" in page


def test_the_page_names_what_is_wanting() -> None:
    """Each thing that does not hold stands there with its place; what holds is only counted, fences are not listed."""
    page = unescape(documents(inputs_of(MIXED, skipped=(Problem("is too large", Location("big.md")),))))
    wanting = page.partition("What does not hold")[2].partition("## Samples")[0]
    assert re.findall(r"docs/a.md:(\d)", wanting) == ["2", "4", "3"]
    assert "it is refuted" in wanting
    assert "it is proved" not in wanting
    assert "is too large" in page
    assert "2 samples run, 1 of them as shown; 0 parsed, 0 of them without a mistake; 1 left alone." in page


def test_the_foot_of_a_page_has_its_own_counts() -> None:
    """A hand-written page says what became of what it says; every page says what it was measured on."""
    inputs = inputs_of(MIXED)
    foot = footer("a.md", inputs)
    assert "Measured 2023-11-14" in foot
    assert all(word in foot for word in ("2 proved", "1 refuted", "1 stale", "2 unchecked"))
    assert "validation/documents.md#document-docs-a.md" in foot
    assert "proved" not in footer("validation/index.md", inputs)
    assert "Nothing was measured yet." in footer("a.md", SiteInputs(project="shop"))


@pytest.mark.parametrize("label", ["docs", *HOSTILE])
def test_a_badge_is_a_small_picture(label: str) -> None:
    """Whatever it is about, it is well-formed, says the same in words, and asks nobody for anything."""
    picture = badge(label.replace("\x1b", ""), Tally(proved=41, refuted=1))
    root = ET.fromstring(picture)
    assert root.get("aria-label", "").endswith(": 41 proved, 1 refuted")
    assert b'href="' not in picture
    assert len(picture) < 2_500


def test_badges_are_told_apart() -> None:
    """Each document has its own, at a place that its name gives."""
    assert badge_path("") == "validation/badges/documents.svg"
    assert len({badge_path(name) for name in ("a.md", "docs/a.md", "docs/b.md")}) == 3
    assert badge_text(Tally()) == "nothing to prove"


def test_pages_badges_and_pictures_are_rendered() -> None:
    """What the page of documents links to is there, and nothing of it without documents."""
    rendered = render(inputs_of(MIXED, found=(seen(),)))
    assert {"validation/documents.md", "validation/badges/documents.svg", "validation/badges/docs-a.md.svg"} <= set(
        rendered
    )
    assert {"code/diagrams.md", "code/pictures/the-shop-1-light.svg", "code/pictures/the-shop-1-dark.svg"} <= set(
        rendered
    )
    assert "code/diagrams.md" not in render(inputs_of(MIXED))
    assert "validation/documents.md" not in render(SiteInputs(project="shop"))


def test_a_diagram_is_drawn_as_it_is_described() -> None:
    """Boxes, clusters within clusters, arrows; one that does not hold is drawn in the colour of what is wrong."""
    text = describe_diagram(seen(), LIGHT)
    assert text.count("subgraph") == 2
    assert "n0 -> n1" in text
    assert LIGHT.wrong not in text
    assert DARK.wrong in describe_diagram(seen(state=State.REFUTED), DARK)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_label_stays_a_label(hostile: str) -> None:
    """What a source writes into a box ends no string of the description and is no markup on the page."""
    text = describe_diagram(seen(label=hostile, note=hostile), LIGHT)
    outside = re.sub(r'"(?:[^"\\]|\\.)*"', "", text)
    assert re.fullmatch(r"[\w\s{}\[\]=,;>.\-]*", outside), outside
    page = diagrams(inputs_of(MIXED, found=(seen(label=hostile),)))
    assert "<script>alert" not in page
    assert "](javascript" not in page


def test_pictures_are_left_out_where_nothing_draws() -> None:
    """The tables say the same."""
    inputs = SiteInputs(project="shop", trust=trust_of(Report((), (), (), (seen(),)), {}))
    assert pictures(inputs) == {}
    page = diagrams(inputs)
    assert "![" not in page
    assert "1 of 1 arrow holds" in unescape(page)
    assert "1 import between these parts without an arrow" in page
