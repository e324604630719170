"""Links to claims and facts: found, judged, replaced, set right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.audit.links import Occurrence, claim_links, occurrences, resolve, splice, updated
from overt.evidence.facts import Facts
from overt.markdown import scan
from overt.model import Claim, Location, State, Verdict

CLAIMS = {
    "green": (
        Claim("green", "tests.failed == 0"),
        Verdict(State.REFUTED, "tests.failed is 2, expected == 0", ("r/1",)),
    ),
    "typed": (Claim("typed", "suites.types.exit_code == 0"), Verdict(State.PROVED, "suites.types.exit_code is 0")),
}


def one(text: str, facts: Facts) -> Occurrence:
    """Return the only stating link of a text."""
    (found,) = occurrences(scan(text), "docs/a.md", CLAIMS, facts)
    return found


@pytest.mark.parametrize(
    ("text", "state", "reason", "hint"),
    [
        ("[typed](claim:typed)", State.PROVED, "exit_code is 0", ""),
        ("[green](claim:green)", State.REFUTED, "tests.failed is 2, expected == 0", "expect tests.failed == 0"),
        ("[x](claim:grean)", State.REFUTED, "there is no claim 'grean'", "did you mean 'green'?"),
        ("![x](claim:typed)", State.REFUTED, "an image cannot state a claim", "take the ! away"),
        ("[836](evidence:tests.total)", State.PROVED, "tests.total is 836", ""),
        ("[835 tests](evidence:tests.total)", State.REFUTED, "it shows '835 tests', tests.total is 836", "--update"),
        ("[many](evidence:tests.total)", State.REFUTED, "the link shows no number", "one number"),
        ("[1](evidence:tests.totl)", State.REFUTED, "there is no fact 'tests.totl'", "did you mean 'tests.total'?"),
        ("[1](evidence:exercises.total)", State.UNCHECKED, "was not measured", "overt validate"),
        ("[0](evidence:tests.missing)", State.UNCHECKED, "unit was never run", "overt validate"),
        ("[0](evidence:suites.slow.failed)", State.STALE, "but src/a.py changed", "anew"),
        ("[7](evidence:suites.slow.failed)", State.REFUTED, "suites.slow.failed is 0", ""),
        ("[1](evidence:suites.twice.failed)", State.CONFLICT, "suites disagree", ""),
        ("[**98.5 %**](evidence:coverage.lines)", State.PROVED, "98.5 %", ""),
        ("[no][n]\n\n[n]: evidence:tests.errors", State.PROVED, "tests.errors is 0", ""),
    ],
)
def test_each_link_is_judged(facts: Facts, text: str, state: State, reason: str, hint: str) -> None:
    """Every state of a link, with its reason and what to do."""
    found = one(text, facts)
    assert (found.verdict.state, reason in found.verdict.reason, hint in found.hint) == (state, True, True), found


def test_an_occurrence_knows_its_place_value_and_evidence(facts: Facts) -> None:
    """Location, what the evidence says, the records it rests on, and the claim."""
    found = one("# T\n\nWe ran [836](evidence:tests.total) tests.", facts)
    assert (found.location, found.shown, found.verdict.evidence) == (Location("docs/a.md", 3, 8), "836", ("r/total",))
    assert one("[g](claim:green)", facts).claim == CLAIMS["green"][0]


def test_only_stating_links_are_taken(facts: Facts) -> None:
    """Other links, code and comments are left alone."""
    text = (
        "[a](b.md) `[c](claim:green)` <!-- [d](claim:green) --> [e](https://x.y/claim:green)\n\n```\n[f](claim:g)\n```"
    )
    assert claim_links(scan(text)) == []
    assert resolve(text, "a.md", CLAIMS, facts, replace=lambda _: "!").markdown == text


def test_links_are_replaced_and_nothing_else(facts: Facts) -> None:
    """What the caller gives takes the place of the whole link, byte for byte."""
    text = "a\r\n| [x](claim:typed) | é |\r\n|---|---|\r\n| [2](evidence:tests.failed) | `[n](claim:typed)` |\r\n"
    done = resolve(text, "a.md", CLAIMS, facts, replace=lambda found: f"<{found.name}>")
    assert done.markdown == text.replace("[x](claim:typed)", "<typed>", 1).replace(
        "[2](evidence:tests.failed)", "<tests.failed>"
    )
    assert [found.name for found in done.occurrences] == ["typed", "tests.failed"]
    assert resolve(text, "a.md", CLAIMS, facts).markdown == text


def test_a_scheme_may_be_written_in_large_letters() -> None:
    """A link states something however its scheme is written, alone in its text."""
    for target in ("CLAIM:green", "Evidence:tests.failed"):
        assert len(resolve(f"[x]({target})\n", "a.md", CLAIMS, Facts()).occurrences) == 1, target


def test_drifted_numbers_are_set_right_in_place(facts: Facts) -> None:
    """Right and stale ones stay, so does the manner of writing."""
    text = "[**835** tests](evidence:tests.total), [9](evidence:suites.slow.failed), [836](evidence:tests.total)\n"
    found = occurrences(scan(text), "a.md", CLAIMS, facts)
    new = updated(text, found)
    assert new == text.replace("**835**", "**836**")
    assert updated(new, occurrences(scan(new), "a.md", CLAIMS, facts)) == new


def test_of_nested_stretches_the_outermost_is_replaced() -> None:
    """Splicing never cuts into what it has just put in."""
    assert splice("abcdef", [(2, 4, "-"), (1, 5, "+"), (5, 6, "!")]) == "a+!"


@given(st.text(alphabet="ab [](): `\n|>", max_size=80))
def test_text_outside_links_is_never_touched(text: str) -> None:
    """Replacing links by themselves gives the same text back."""
    whole = f"{text}[2](evidence:tests.failed){text}"
    done = resolve(whole, "a.md", CLAIMS, Facts(), replace=lambda found: whole[found.start : found.end])
    assert done.markdown == whole
