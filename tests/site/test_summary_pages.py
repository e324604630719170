"""Pages that answer at a glance: questions, what was not checked, what takes the most time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from overt.evidence.history import Entry, History
from overt.evidence.quarantine import Held, Quarantine
from overt.evidence.records import ReviewItem, Scan
from overt.evidence.summary import Counts
from overt.model import Claim, Location, Problem, State, Verdict
from overt.site.inputs import SiteInputs, SuiteView
from overt.site.pages.gaps import gaps
from overt.site.pages.questions import answers
from overt.site.render import render

Make = Callable[..., Any]
DAY_NS = 24 * 3600 * 1_000_000_000
START_NS = 1_700_000_000_000_000_000


def page(inputs: SiteInputs, path: str) -> str:
    return render(inputs)[path].decode()


def asked(inputs: SiteInputs) -> dict[str, tuple[State, str]]:
    return {one.question: (one.state, one.text) for one in answers(inputs, gaps(inputs))}


def test_nothing_measured_answers_nothing() -> None:
    """Each question stands there, and none of them is answered with a proof."""
    told = asked(SiteInputs(project="shop"))
    assert len(told) == 7
    assert {state for state, _ in told.values()} == {State.UNCHECKED}


def test_a_failure_is_not_safe(case: Make, view: Make) -> None:
    """The answer counts the tests that failed."""
    suite = view(case("a", "failed"), case("b"), verdict=Verdict(State.REFUTED, "1 failed of 2 tests"))
    state, text = asked(SiteInputs(project="shop", suites=(suite,)))["Is it safe?"]
    assert state is State.REFUTED
    assert text == "1 test of 2 failed"


def test_an_optional_suite_says_nothing_about_safety(case: Make, view: Make) -> None:
    """Only what the project stands or falls with counts."""
    suite = view(case("a", "failed"), verdict=Verdict(State.REFUTED, "1 failed"), required=False)
    assert asked(SiteInputs(project="shop", suites=(suite,)))["Is it safe?"][0] is State.UNCHECKED


def _entry(view: SuiteView, days: int, **counts: int) -> Entry:
    created = START_NS - days * DAY_NS
    return Entry(version=1, run=f"r{days}", seal=f"s{days}", suite=view.name, created_ns=created, counts=counts)


@pytest.mark.parametrize(
    ("days", "failed", "wanted"),
    [
        (9, 0, (State.REFUTED, "1 more failures")),
        (9, 3, (State.PROVED, "2 fewer failures")),
        (2, 0, (State.UNCHECKED, "no")),
    ],
)
def test_changes_are_against_a_run_that_is_a_week_old(
    case: Make, view: Make, days: int, failed: int, wanted: tuple[State, str]
) -> None:
    """A younger run is none to compare a week with."""
    suite = view(case("a", "failed"), case("b"))
    history = History(entries=(_entry(suite, days, total=2, failed=failed),))
    state, text = asked(SiteInputs(project="shop", suites=(suite,), history=history))["What changed since last week?"]
    assert state is wanted[0]
    assert wanted[1] in text


def test_without_a_week_of_history_the_run_before_is_compared_and_said(case: Make, view: Make) -> None:
    """What newly fails is counted, and what it was compared with is told."""
    suite = view(case("a", "failed"), before=(case("a"),))
    state, text = asked(SiteInputs(project="shop", suites=(suite,)))["What changed since last week?"]
    assert state is State.REFUTED
    assert text == "1 test newly failing (no run is a week old; against the run before)"


def test_the_report_links_only_pages_that_are_there(case: Make, view: Make) -> None:
    """Without a benchmark the question is asked, and leads nowhere."""
    text = page(SiteInputs(project="shop", suites=(view(case("a")),)), "validation/index.md")
    assert "Did it get slower&#63;" in text
    assert "speed.md" not in text
    assert "(not-checked.md)" in text


def test_what_was_not_checked_comes_from_every_room(case: Make, view: Make) -> None:
    """Each gap has its reason and what helps."""
    scan = Scan(id="scan", suite="unit", tool="ruff", files=3, unreadable=("src/bad.py",))
    item = ReviewItem(id="review", suite="unit", item="names", state="open")
    stale = view(name="style", verdict=Verdict(State.STALE, "it held, but 2 files changed"))
    missing = view(name="ui", counts=Counts(total=1, passed=1, planned=3, missing=2))
    suite = view(case("a", "skipped", message="no network"), case("b", "skipped", message="no network"), scan, item)
    held = Held(test="t::x", reason="times out", owner="ann", until="2026-01-01", over=True)
    inputs = SiteInputs(
        project="shop",
        suites=(suite, stale, missing),
        claims={
            "fast": (Claim("fast", "it is fast", "x"), Verdict(State.INCONCLUSIVE, "the interval decides nothing"))
        },
        damage=(Problem("was edited", Location(".overt/runs/x/records/a.jsonl")),),
        quarantine=Quarantine((held,)),
    )
    found = {(gap.sort, gap.state): gap for gap in gaps(inputs)}
    assert {sort for sort, _ in found} == {
        *("Suites", "Skipped tests", "Tests in quarantine", "Files that could not be read", "Claims", "Review"),
        "Evidence that is damaged",
    }
    assert found["Skipped tests", State.UNCHECKED].number == 2
    assert found["Suites", State.UNCHECKED].reason == "2 of 3 planned tests have no result"
    assert all(gap.reason and gap.remedy for gap in gaps(inputs))
    text = page(inputs, "validation/not-checked.md")
    for said in ("no network", "src/bad.py", "2 files changed", "that day is past", "overt validate --suite style"):
        assert said in text


def test_a_project_without_gaps_says_so(case: Make, view: Make) -> None:
    """Nothing open is a result, not an empty page."""
    assert "Nothing was left unchecked" in page(
        SiteInputs(project="shop", suites=(view(case("a")),)), "validation/not-checked.md"
    )


def test_the_slowest_come_first_with_their_address(case: Make, view: Make) -> None:
    """Tests, files and suites by the time they take."""
    tests = [case(f"t{number % 3}.py::n{number}", duration_ns=number * 1_000_000_000) for number in range(60)]
    text = page(SiteInputs(project="shop", suites=(view(*tests),)), "validation/slowest.md")
    rows = [line for line in text.splitlines() if "cases.md?case=" in line]
    assert len(rows) == 50
    assert rows[0].startswith("| 59")
    assert "cases.md?case=unit/t2.py%3A%3An59" in rows[0]
    assert text.index("<code>t2.py</code>") < text.index("<code>t0.py</code>")
    assert "The slowest 50 of 60 tests take 97 &#37; of the time" in text
