"""Numbers that contradict each other, their sum, their share or the evidence; and those that do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.audit.contradictions import Contradiction, contradictions
from overt.evidence.fact_records import Fact
from overt.evidence.facts import Facts
from overt.markdown import scan
from overt.model import State


def found(*texts: str, facts: Facts | None = None) -> list[Contradiction]:
    """Return what is said of documents, each a text."""
    documents = {f"{number}.md": scan(text) for number, text in enumerate(texts)}
    return contradictions(documents, facts or Facts((), {}))


@pytest.mark.parametrize(
    ("first", "second", "grade"),
    [
        ("In total, 12 GenServers were moved.", "Altogether 14 GenServers were moved.", "certain"),
        ("It has 12 GenServers.", "It has 14 GenServers.", "likely"),
        ("All 836 tests pass.", "All 812 tests pass.", "certain"),
        ("Total tests: 836", "All 812 tests pass.", "certain"),
        ("There are nine feature flags.", "There are 7 feature flags.", "likely"),
        ("The system has 1,200 registered agents.", "The system has 1,300 registered agents.", "likely"),
    ],
)
def test_two_numbers_of_the_same_thing(first: str, second: str, grade: str) -> None:
    """The later one is told, with the place of the first."""
    (one,) = found(first, second)
    assert (one.location.path, one.grade, one.against) == ("1.md", grade, "number")
    assert one.reason.startswith("0.md:1:")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Of 214 tests 190 passed (95 %).", "190 of 214 is 88.8 %"),
        ("It caught 18 of 24 faults (80%).", "18 of 24 is 75.0 %"),
        ("48/63 claims (50 %) were false.", "48 of 63 is 76.2 %"),
        ("The run: 36 tests, 30 passed, 2 failed, 1 skipped.", "its parts add up to 33, not 36"),
        ("| a | n |\n|---|---|\n| x | 1 |\n| y | 2 |\n| Total | 4 |", "the rows of the column 'n' add up to 3"),
        ("The run: 120 tests, 118 passed and 2 failed (99.9 %).", "118 of 120 is 98.3 %"),
        ("120 tests: 118 passed, 2 failed, pass rate 95%", "118 of 120 is 98.3 %"),
        ("| Suite | Passed | Failed | Total |\n|-|-|-|-|\n| unit | 10 | 2 | 13 |\n", "its parts add up to 12, not 13"),
    ],
)
def test_a_number_that_does_not_follow(text: str, reason: str) -> None:
    """From the parts, the counts or the rows beside it."""
    assert [(one.grade, one.reason) for one in found(text)] == [("certain", reason)]


@pytest.mark.parametrize(
    "texts",
    [
        ("All 836 tests pass.", "All 836 tests pass."),
        ("It has 12 tests.", "It has 14 tests."),
        ("12 GenServers were removed.", "About 14 GenServers are left."),
        ("From 12 GenServers to 14 GenServers.",),
        ("At least 12 big modules.", "At most 14 big modules."),
        ("Before there were 12 legacy modules.", "There are 3 legacy modules."),
        ("The first 3 feature flags and the other 4 feature flags.",),
        ("It waits 5 whole seconds.", "It waits 7 whole seconds."),
        ("`12 GenServers`", "All 14 GenServers"),
        ("[12](evidence:x) big modules", "[14](evidence:y) big modules"),
        ("Of 40 blocks 30 were cut (75%).", "2 of 3 (66%), 2 of 3 (67 %), 1 of 3 (about 30 %)"),
        ("| a | rate |\n|---|---|\n| x | 1 |\n| y | 2 |\n| Total | 2 |",),
        ("| a | n |\n|---|---|\n| x | 1 |\n| y | 2.5 |\n| Total | 4 |",),
        ("| a | n |\n|---|---|\n| x | 1 |\n| y | 2 |\n| Total | 3 |",),
        ("36 tests, 33 passed, 2 failed, 1 skipped.",),
        ("836 tests, 0 failures, 2 excluded",),
        ("120 tests, 118 passed and 2 failed (98.3 %), coverage is 80 %",),
        ("120 tests: 118 passed, 2 failed (1.7 %)",),
        ("120 tests: 118 passed, 2 failed. Coverage rose to 90 %",),
        ("| Suite | Passed | Failed | Total |\n|-|-|-|-|\n| unit | 10 | 2 | 12 |\n| slow | 1 | - | 3 |\n",),
        ("| Suite | Passed | Failed | Seconds |\n|-|-|-|-|\n| unit | 10 | 2 | 13 |\n",),
    ],
)
def test_numbers_that_go_together(texts: tuple[str, ...]) -> None:
    """Bounds, changes, parts, other times, other things, links, code, and sums that are right."""
    assert found(*texts) == []


def test_numbers_of_a_changelog_are_of_their_time() -> None:
    """What was true of an earlier version contradicts nothing."""
    documents = {"CHANGELOG.md": scan("All 12 tests pass."), "a.md": scan("All 14 tests pass.")}
    assert contradictions(documents, Facts((), {})) == []


def test_a_number_that_the_evidence_contradicts() -> None:
    """Without a link to it, too; stale evidence contradicts nobody."""
    fresh = Facts((), {"tests.total": Fact("tests.total", 836, "count", State.PROVED)})
    (one,) = found("All 812 tests pass.", facts=fresh)
    assert (one.against, one.reason, one.hint) == ("evidence", "tests.total is 836", "[836](evidence:tests.total)")
    assert found("All 836 tests pass.", facts=fresh) == []
    stale = Facts((), {"tests.total": Fact("tests.total", 836, "count", State.STALE)})
    assert found("All 812 tests pass.", facts=stale) == []


@given(st.text(alphabet="0123456789 of,.%()|\nTotaltests passed", max_size=200))
def test_any_text_is_read(text: str) -> None:
    """Whatever stands there, with places inside it."""
    for one in found(text):
        assert one.location.line <= text.count("\n") + 1
