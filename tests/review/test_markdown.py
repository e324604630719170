"""A checklist shows what it rests on and lets nothing of the repository act."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.model import Exit, Location, State
from overt.review.checklist import Checklist
from overt.review.escape import code, words
from overt.review.markdown import to_markdown
from overt.review.records import Item, Proof

PROOF = Proof("git diff a b", 0, "c" * 40, "d" * 64)


def item(state: State | None, *, proof: Proof | None = None, reason: str = "so") -> Item:
    return Item(f"rule-{state}", f"Title {state}", state, reason, (Location("a.py", 3),), "guide.md#x", proof)


def checklist(*items: Item) -> Checklist:
    return Checklist("a...b", 2, 10, 1, items)


def test_groups_come_in_their_order() -> None:
    """Refuted first, then what needs a person, then what is proved, then what could not run, the rest folded."""
    shown = to_markdown(
        checklist(
            item(None), item(State.UNCHECKED), item(State.PROVED, proof=PROOF), item(State.OPEN), item(State.REFUTED)
        )
    )
    assert re.findall(r"^## (.*)$", shown, re.MULTILINE) == ["Refuted", "For you to judge", "Proved", "Could not run"]
    assert shown.index("<summary>Not applicable (1)</summary>") > shown.index("## Could not run")
    assert "2 files, 10 lines added, 1 taken away: 1 refuted, 1 for you to judge, 1 proved, 1 could not run" in shown


def test_only_what_has_a_proof_is_ticked() -> None:
    """A proved state without its proof is shown as what could not run."""
    proved, bare = to_markdown(checklist(item(State.PROVED, proof=PROOF))), to_markdown(checklist(item(State.PROVED)))
    assert "- [x] **Title proved**" in proved
    assert "    - proof: `git diff a b`, exit 0, commit `cccccccccccc`, inputs `sha256:dddddddddddddddd`" in proved
    assert "[x]" not in bare
    assert "## Could not run" in bare
    assert checklist(item(State.PROVED)).exit is Exit.UNCHECKED


@pytest.mark.parametrize(
    ("states", "status"),
    [
        ([State.PROVED, State.OPEN, None], Exit.PROVED),
        ([State.PROVED, State.REFUTED], Exit.REFUTED),
        ([State.PROVED, State.STALE], Exit.REFUTED),
        ([State.PROVED, State.UNCHECKED], Exit.UNCHECKED),
        ([None], Exit.UNCHECKED),
        ([], Exit.UNCHECKED),
    ],
)
def test_the_exit_status_follows_the_states(states: list[State | None], status: Exit) -> None:
    """A question to a person does not fail; nothing at all proves nothing."""
    assert checklist(*(item(state, proof=PROOF) for state in states)).exit is status


def test_nothing_to_review_says_so() -> None:
    """No empty checklist that looks like a green one."""
    assert "Nothing differs, so nothing was reviewed." in to_markdown(checklist())


HOSTILE = "`a` <img src=x onerror=alert(1)> [x](javascript:y) @team #1\n## Proved\n- [x] all **fine** \x1b[2J &lt; |"


def test_hostile_text_stays_text() -> None:
    """No tag, link, mention, heading, tick or terminal code comes from the repository."""
    shown = to_markdown(checklist(Item("r", "T", State.REFUTED, HOSTILE, (Location(HOSTILE),))))
    assert "<img" not in shown.replace(code(HOSTILE), "")
    assert "\x1b" not in shown
    assert "@team" not in shown.replace(code(HOSTILE), "")
    assert re.findall(r"^\s*- \[x\]", shown, re.MULTILINE) == []
    assert re.findall(r"^## (.*)$", shown, re.MULTILINE) == ["Refuted"]


@given(st.text(max_size=80))
def test_a_code_span_holds_whatever_it_is_given(text: str) -> None:
    """It is one line, and no run of backticks inside is as long as the marks around it."""
    span = code(text)
    marks = re.match("`+", span)[0]  # type: ignore[index]
    inside = span[len(marks) : -len(marks)]
    assert "\n" not in span
    assert marks not in re.findall("`+", inside)


@given(st.text(max_size=80))
def test_escaped_words_hold_no_markup(text: str) -> None:
    """Every special character is behind a backslash or an entity."""
    shown = words(text)
    assert "<" not in shown
    assert "@" not in shown
    assert "\n" not in shown
    rest = re.sub(r"\\[\\`*_{}\[\]()#+\-.!|~>]|&(?:amp|lt|#64);", "", shown)
    assert not re.search(r"[\\`*_{}\[\]()#+\-.!|~>&]", rest)
