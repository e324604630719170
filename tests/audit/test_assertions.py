"""Assertions without evidence: found with their grade, and left alone where nothing is asserted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.audit.assertions import unbacked
from overt.markdown import scan

CERTAIN = [
    "All tests pass.",
    "All 836 tests are passing.",
    "Every suite is green.",
    "836 tests passed.",
    "There are 12 failing tests.",
    "Coverage is 98%.",
    "It has 100 % test coverage.",
    "It is 30 % faster.",
    "The registry is 3x faster than before it.".replace("before it", "the old one"),
    "There are no memory leaks.",
    "No regressions were found.",
    "It is production-ready.",
    "The code is fully tested.",
    "It is 100% backwards compatible.",
    "- ✅ All suites passed",
    "| Suite | Status |\n|---|---|\n| stress | ✅ passed |",
    "# Migration ✅ complete",
    "**Status**: COMPLETE",
    "Result: PASS",
    "All 5 phases are complete.",
    "It is ready for production.",
    "The rollback has been tested.",
    "836 tests, 12 failures",
    "All checks green",
    "Memory was reduced by 30%.",
    "A 30 % improvement.",
    "It has <5% overhead.",
    "It does 1.2M ops/sec.",
    "p99 of 12 ms",
    "Success rate: 100%",
    "All process dictionary usage has been eliminated.",
    "No Process.put calls remain.",
]
LIKELY = [
    "- [x] Replace the process dictionary",
    "- ✅ Nice colours",
    "- ✓ Nice colours",
    "| Goal | Status |\n|---|---|\n| no globals | Complete |",
    "# Phase 3: COMPLETED",
    "Migration complete",
    "No breaking changes.",
    "The mean latency was 3 ms.",
    "| Suite | Status |\n|---|---|\n| stress | ✅ |",
    "It never leaks.",
    "It is blazingly fast.",
    "It has 120 tests.",
    "No leaks.",
]
NOTHING = [
    "If all tests pass, go on.",
    "Make sure that all tests pass.",
    "Do all tests pass?",
    "A change should be 30 % faster.",
    "Run the tests before you commit.",
    "Failures are shown in red.",
    "- [ ] Replace the process dictionary",
    "| Feature | A | B |\n|---|---|---|\n| tables | ✅ | ✅ |",
    "`all tests pass`",
    "```\nall tests pass, 100 % coverage\n```",
    "<!-- all tests pass -->",
    "[All tests pass](claim:green).",
    "We ran [836](evidence:tests.total) tests, all tests passed.",
    "He wrote “all tests pass”.",
    "The limit is 100 % of the cpu.",
    "A tool that finds leaks and failures.",
    "There are faster ways.",
    "When the migration is complete, go on.",
    "Roll out to 10% of the users.",
    "If the error rate is above 5%, go back.",
    "There is no guarantee they will remain.",
    "| Goal | Owner |\n|---|---|\n| no globals | Complete |",
    "The status is read from the server.",
]


@pytest.mark.parametrize("text", CERTAIN)
def test_a_measurement_without_evidence_is_certain(text: str) -> None:
    """What readers can only take for a measurement."""
    assert [one.grade for one in unbacked(scan(text), "a.md")] == ["certain"]


@pytest.mark.parametrize("text", LIKELY)
def test_what_may_be_a_measurement_is_likely(text: str) -> None:
    """Ticks, boasts and counts."""
    assert [one.grade for one in unbacked(scan(text), "a.md")] == ["likely"]


@pytest.mark.parametrize("text", NOTHING)
def test_what_asserts_nothing_is_left_alone(text: str) -> None:
    """Conditions, wishes, questions, code, features, and what has its link."""
    assert unbacked(scan(text), "a.md") == []


def test_a_link_backs_its_own_sentence_only() -> None:
    """The next sentence needs its own."""
    found = unbacked(scan("[All tests pass](claim:green). 12 tests failed. It is 30 % faster."), "a.md")
    assert [one.text for one in found] == ["12 tests failed", "30 % faster"]


def test_a_lone_tick_is_told_with_its_row() -> None:
    """A mark by itself says nothing; what it is about does."""
    (found,) = unbacked(scan("| Suite | Status |\n|---|---|\n| stress | ✅ |"), "a.md")
    assert found.text == "stress: ✅"


def test_the_past_is_not_asserted() -> None:
    """A changelog tells what was, not what is."""
    assert unbacked(scan("All tests pass."), "CHANGELOG.md") == []


def test_places_and_hints_are_given() -> None:
    """Where it stands and what would back it."""
    (found,) = unbacked(scan("# T\n\nText. It is 30 % faster."), "docs/a.md")
    assert (str(found.location), found.kind) == ("docs/a.md:3:13", "speed")
    assert "claim:NAME" in found.hint


@given(st.text(max_size=300))
def test_any_text_is_searched(text: str) -> None:
    """Nothing breaks it, and every place is inside the text."""
    for one in unbacked(scan(text), "a.md"):
        assert 1 <= one.location.line <= text.count("\n") + 1
