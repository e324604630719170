"""The page of trends: small however much is remembered, escaped, and with words for every picture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.evidence.flaky import find_flaky
from overt.evidence.history import Compared, Entry, History, Leaked, order
from overt.evidence.history_names import names_digest, tell
from overt.evidence.quarantine import Held, Quarantine
from overt.site.inputs import SiteInputs
from overt.site.markup import Markup
from overt.site.pages.flakiness import section
from overt.site.pages.lines import Curve, large, small, strip, thin
from overt.site.pages.trends import carried, found, trends
from overt.site.paths import TRENDS
from overt.site.render import render

NAMES = [f"tests/test_shop.py::test_{number}" for number in range(30)]
SET = tell(NAMES, "unit", None, ())
HOUR = 3_600_000_000_000


def entry(number: int, suite: str = "unit", **more: object) -> Entry:
    given_ = {
        "suite_kind": "pytest",
        "counts": {"total": 30, "passed": 30},
        "names": names_digest(NAMES),
        "outcome": "proved",
        "commit": f"c{number}",
        "inputs": f"c{number}",
        "branch": "main",
        "duration_ns": 2_000_000_000,
        **more,
    }
    made = {"run": f"r{number}", "seal": f"s{number}", "created_ns": 1_700_000_000_000_000_000 + number * HOUR}
    return Entry(version=1, suite=suite, **{**made, **given_})


def many(runs: int) -> Iterator[Entry]:
    for number in range(runs):
        bad = {NAMES[1]: "f"} if number % 19 == 5 else {}
        counts = {"total": 30, "passed": 30 - len(bad), "failed": len(bad)}
        yield entry(number, tests=bad, counts=counts, outcome="refuted" if bad else "proved")
        yield entry(
            number, "lint", suite_kind="lint", names="", counts={}, standings={"ratcheted": max(0, 90 - number)}
        )
        told = Compared(ratio=900_000 + number, low=880_000, high=920_000, pairs=30, verdict="faster")
        yield entry(number, "speed", names="", counts={}, benchmarks={f"b{one}": told for one in range(4)})
        leaked = Leaked(value=number % 3, low=-4, high=6, verdict="flat")
        yield entry(number, "stress", names="", counts={}, leaks={"registry": leaked})


def page(*entries: Entry, **more: object) -> str:
    history = History(order(entries), {SET.sha256: SET})
    return trends(SiteInputs(project="shop", history=history, **more))


def test_every_kind_of_figure_has_a_section_with_words_beside_the_pictures():
    """Tests, findings, performance, leaks, durations, flakiness."""
    shown = page(*many(60))
    heads = re.findall(r"^## (.+)$", shown, re.MULTILINE)
    assert heads == [
        *("Tests", "Findings, held against the baseline", "Performance", "Leaks", "Durations", "Flaky tests"),
        "Method and limits",
    ]
    pictures, marks = shown.count('role="img" aria-label="'), shown.count('aria-hidden="true"')
    assert shown.count("<svg") == pictures + marks
    assert pictures > 8
    assert 'aria-label="lint&#58; 90 findings to mend at first, 90 at most, 31 now"' in shown
    assert "<script" not in shown
    assert "test&#95;1</code>" in shown


def test_the_page_stays_small_over_a_thousand_runs():
    """Of many suites: less than half of 100 kB before the theme."""
    entries = [
        entry(number, f"suite-{suite}", tests={NAMES[suite % 30]: "f"} if number % 23 == suite else {})
        for number in range(1000)
        for suite in range(40)
    ]
    shown = page(*entries)
    assert len(shown.encode()) < 60_000
    assert "30 suites more in the history." in shown


def test_one_run_is_no_trend():
    """There is no page; with two there is, and the navigation has it."""
    one = SiteInputs(project="shop", history=History((entry(0),)))
    two = SiteInputs(project="shop", history=History((entry(0), entry(1))))
    assert not found(one)
    assert TRENDS not in render(one)
    assert TRENDS in render(two)


def test_what_others_wrote_is_escaped(hostile):
    """Names of suites, tests, branches and benchmarks."""
    told = Compared(ratio=1_000_000, low=1, high=2_000_000, pairs=9, verdict=hostile[0])
    entries = [
        entry(number, text, branch=text, tests={text: "fp"}, outcome=text, benchmarks={text: told},
              leaks={text: Leaked(verdict=text)}, standings={text: 1})
        for text in hostile for number in range(2)
    ]  # fmt: skip
    kept = Quarantine(tuple(Held(test=text, reason=text, owner=text, until=text, issue=text) for text in hostile))
    shown = page(*entries, quarantine=kept)
    assert "<script" not in shown
    assert "<img" not in shown
    assert "javascript:" not in shown
    assert "\x1b" not in shown


def test_quarantine_is_told_with_owner_and_date():
    """What is over is marked."""
    given_ = {"reason": "races", "owner": "ann", "until": "2027-01-01"}
    kept = Quarantine((Held(test="t1", **given_), Held(test="t2", **given_, over=True)))
    shown = page(entry(0), entry(1), quarantine=kept)
    assert "## In quarantine" in shown
    assert "</svg>over</span>" in shown
    assert "| races | ann | 2027-01-01 |" in shown


def test_the_report_tells_what_is_excused_and_what_is_flaky(view, case):
    """Loudly, with owner and date; the link to the trends is there only when their page is."""
    kept = Held(test="t1", reason="races", owner="ann", until="2027-01-01")
    history = History(order(many(60)), {SET.sha256: SET})
    excused = view(case("t1", "failed"), quarantined=(kept,))
    shown = section(SiteInputs(project="shop", suites=(excused,), history=history, quarantine=Quarantine((kept,))))
    assert "**1 test failed and does not count, for now.**" in shown
    assert "| races | ann | 2027-01-01 |" in shown
    assert "1 test, 0 of them certainly: <code>tests/test&#95;shop.py&#58;&#58;test&#95;1</code>." in shown
    assert "[trends](trends.md)" in shown
    once = History((entry(0, tests={NAMES[0]: "fp"}),), {SET.sha256: SET})
    assert "trends.md" not in section(SiteInputs(project="shop", history=once))
    assert "1 of them certainly" in section(SiteInputs(project="shop", history=once))
    assert section(SiteInputs(project="shop", history=History((entry(0),)))).strip() == ""


def test_damaged_lines_are_named():
    """On the page, with their places."""
    from overt.model import Location, Problem

    damage = (Problem("was edited", Location("history.jsonl", 3)),)
    shown = trends(SiteInputs(project="shop", history=History((entry(0), entry(1)), {}, damage)))
    assert "history.jsonl&#58;3&#58; was edited" in shown


def test_a_sum_keeps_what_a_suite_had_when_it_did_not_run():
    """So that a run of one suite does not look as if the others were gone."""
    entries = [
        entry(0, "a", counts={"total": 5}),
        entry(0, "b", counts={"total": 7}),
        entry(1, "a", counts={"total": 6}),
    ]
    assert carried(entries, lambda one: one.count("total")) == [12, 13]
    assert carried(entries, lambda one: one.count("total") if one.suite == "b" else None) == [7]


@given(st.lists(st.none() | st.integers(0, 10**12), max_size=400), st.integers(1, 60))
def test_thinning_keeps_the_end_and_the_order(values, most):
    """Whatever is left out, the last known value of a place stands for it."""
    thinned = thin(values, most)
    assert len(thinned) == min(len(values), most)
    known = [one for one in values if one is not None]
    left = [one for one in thinned if one is not None]
    assert (not known) == (not left)
    assert not values or values[-1] is None or left[-1] == values[-1]


@given(st.lists(st.none() | st.floats(0, 1e15), max_size=150))
def test_curves_stay_inside_their_pictures(values):
    """Also when all values are equal, or some are missing."""
    shown = small(values, label="x", low=values, high=values)
    for x, y in re.findall(r"(-?\d+),(-?\d+)", shown):
        assert 0 <= int(x) <= 124
        assert 0 <= int(y) <= 28
    shown = large([Curve("a", "open", values), Curve("b", "open", values, dashed=True)], first="f", last="l", label="x")
    for path in re.findall(r' d="M([^"]+)"', shown):
        for y in re.findall(r"\d+ (-?\d+)", path):
            assert 0 <= int(y) <= 190
    assert bool(shown) == (len(values) > 1 and any(one is not None for one in values))


def test_labels_of_curves_do_not_lie_on_one_another():
    """Three lines that end at one height."""
    shown = large([Curve(name, "open", [1, 1]) for name in "abc"], first="f", last="l", label="x")
    heights = sorted(int(y) for y in re.findall(r'<text x="520" y="(\d+)">', shown))
    assert len(heights) == 3
    assert all(after - before >= 15 for before, after in pairwise(heights))
    assert heights[-1] <= 190


def test_outcomes_are_told_apart_by_form():
    """A failure is a high stroke, a run with both a broken one."""
    shown = strip("pfr", label="x")
    assert isinstance(shown, Markup)
    assert 'd="M3 21v4"' in shown
    assert 'class="ov-bad" d="M5 3v22M7 3v9m0 4v9"' in shown


@pytest.mark.parametrize("runs", [2, 60])
def test_flaky_tests_are_named_as_the_command_names_them(runs):
    """With rate, interval and the chance of missing one."""
    history = History(order(many(runs)), {SET.sha256: SET})
    (searched,) = find_flaky(history)
    shown = trends(SiteInputs(project="shop", history=history))
    assert ("probable" in shown) == bool(searched.flaky) == (runs == 60)
    assert "Chance of missing one" in shown
