"""An answer of a person holds for the lines it was given for."""

from __future__ import annotations

import json

import pytest

from overt.model import Exit, Location, State
from overt.review.checklist import Checklist, review
from overt.review.context import Context
from overt.review.markdown import COMMENT_LIMIT, to_markdown
from overt.review.records import Item, Proof
from overt.review.rules import all_rules, rule_for
from overt.review.sarif import to_sarif
from overt.review.ticks import Tick, read_ticks, with_ticks

PROOF = Proof("git diff", 0, "c" * 40, "d" * 64)


def asked(repository, given: str = "HEAD~1...HEAD") -> Checklist:
    return review(Context(repository.root, repository.changes(given)), [rule_for("state-has-owner")])


def answered(checklist: Checklist) -> str:
    return to_markdown(checklist).replace("- [ ] **State has an owner", "- [x] **State has an owner")


def test_an_answer_survives_a_push_that_leaves_its_lines(repository) -> None:
    """Other files may change, and its lines may move."""
    repository.commit({"a.py": "x = 1\n", "b.md": "1\n"})
    repository.commit({"a.py": "x = 1\ny = 2\n"})
    former = answered(asked(repository))
    repository.commit({"b.md": "2\n"})
    found = with_ticks(asked(repository, "HEAD~2...HEAD"), read_ticks(former))
    assert found.items[0].ticked
    assert "- [x] **State has an owner**" in to_markdown(found)
    assert "Ticked by a person" in to_markdown(found)
    assert found.exit_when("open") is Exit.PROVED


def test_an_answer_is_reopened_when_its_lines_change(repository) -> None:
    """And says so, once."""
    repository.commit({"a.py": "x = 1\n"})
    repository.commit({"a.py": "x = 1\ny = 2\n"})
    former = answered(asked(repository))
    repository.commit({"a.py": "x = 1\ny = 3\n"})
    found = with_ticks(asked(repository, "HEAD~2...HEAD"), read_ticks(former))
    shown = to_markdown(found)
    assert "- [ ] **State has an owner**: Reopened, because the lines changed since it was ticked" in shown
    assert found.exit_when("open") is Exit.UNCHECKED
    assert found.exit_when("unchecked") is Exit.PROVED


def test_nobody_ticks_what_a_program_answers(repository) -> None:
    """A tick that somebody puts beside a measured item counts for nothing."""
    text = "- [x] **Small**: so <!-- overt:item small-enough 0123456789abcdef -->"
    given = Checklist("a...b", 1, 1, 1, (Item("small-enough", "S", State.REFUTED, "so", digest="0123456789abcdef"),))
    assert not with_ticks(given, read_ticks(text)).items[0].ticked


@pytest.mark.parametrize("limit", [COMMENT_LIMIT, 6_000])
def test_a_page_stays_within_its_limit_and_counts_what_it_cut(limit: int) -> None:
    """From the end of each group; the folded part is closed all the same."""
    long = "é`<" * 3_000
    states = (State.REFUTED, State.OPEN, State.PROVED, None)
    items = [
        Item(f"r{number}", long, state, long, (Location(long),) * 9, proof=PROOF)
        for state in states
        for number in range(60)
    ]
    shown = to_markdown(Checklist("a...b", 1, 1, 1, tuple(items)), limit=limit)
    assert len(shown.encode()) <= limit
    for name in ("refuted", "for you to judge", "proved", "not applicable"):
        assert f"60 {name}" in shown
        assert f"more {name}, cut because" in shown
    assert shown.rstrip().endswith("</details>")


def test_what_is_for_a_person_to_judge_is_never_crowded_out() -> None:
    """However much is refuted: a tick needs its line."""
    question = Item("question", "Q", State.OPEN, "so?", digest="0" * 16)
    refuted = tuple(Item(f"r{number}", "R", State.REFUTED, "no " * 200) for number in range(200))
    shown = to_markdown(Checklist("a...b", 1, 1, 1, (*refuted, question)), limit=20_000)
    assert read_ticks(shown) == {"question": Tick(ticked=False, digest="0" * 16)}
    assert "more refuted, cut because" in shown
    assert 18_000 < len(shown.encode()) <= 20_000


def test_sarif_tells_what_does_not_hold_and_nothing_else() -> None:
    """With a level for each group, and names quoted."""
    items = tuple(
        Item("small-enough", "S", state, "a\nb", (Location("a b\udcff.py", 3),), proof=PROOF)
        for state in (State.REFUTED, State.UNCHECKED, State.OPEN, State.PROVED, None)
    )
    [run] = json.loads(to_sarif(Checklist("a...b", 1, 1, 1, items), all_rules()))["runs"]
    assert [result["level"] for result in run["results"]] == ["error", "warning", "note"]
    where = run["results"][0]["locations"][0]["physicalLocation"]
    assert where == {
        "artifactLocation": {"uri": "a%20b%FF.py", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 3},
    }


@pytest.mark.parametrize(
    ("state", "fails", "status"),
    [
        (State.REFUTED, "refuted", Exit.REFUTED),
        (State.REFUTED, "never", Exit.PROVED),
        (State.UNCHECKED, "refuted", Exit.PROVED),
        (State.UNCHECKED, "unchecked", Exit.UNCHECKED),
        (State.OPEN, "unchecked", Exit.PROVED),
        (State.OPEN, "open", Exit.UNCHECKED),
    ],
)
def test_what_fails_is_the_callers_to_say(state: State, fails, status: Exit) -> None:
    """The mildest group that fails."""
    assert Checklist("a...b", 1, 1, 1, (Item("r", "R", state, "so"),)).exit_when(fails) is status
