"""Quarantine: a known failure refutes nothing until its date, and never counts as passed."""

from __future__ import annotations

import pytest

from overt.campaign import load
from overt.evidence.facts import gather
from overt.evidence.ledger import open_ledger
from overt.evidence.quarantine import Held, Quarantine, read_quarantine
from overt.evidence.records import CommandRun
from overt.evidence.summary import summarise
from overt.model import State

NAME = "tests/test_cart.py::test_total"
OTHER = "tests/test_cart.py::test_other"
TOML = """
[suites.unit]
kind = "pytest"

[[quarantine]]
test = "{name}"
reason = "races with the clock"
owner = "ann"
until = {until}
"""


def held(**more: object) -> Quarantine:
    given = {"test": NAME, "reason": "races", "owner": "ann", "until": "2030-01-01", **more}
    return Quarantine((Held(**given),))


def judged(book, *cases, **more):
    run = book.run(*cases, book.end())
    return summarise(run, run.manifest.plan.suites[0], quarantine=held(**more))


def test_a_failure_in_quarantine_refutes_nothing_and_is_no_pass(book):
    """It counts as failed, as quarantined, and is told with its owner and date."""
    summary = judged(book, book.test(NAME, "failed"), book.test(OTHER))
    assert summary.verdict.state is State.PROVED
    assert summary.verdict.reason == "1 of 2 tests passed, 1 failed, 1 of the failures in quarantine"
    assert (summary.counts.passed, summary.counts.failed, summary.counts.quarantined) == (1, 1, 1)
    assert [(one.test, one.owner, one.until) for one in summary.quarantined] == [(NAME, "ann", "2030-01-01")]


@pytest.mark.parametrize("name", [f"{NAME} (teardown)", f"{NAME} [part]"])
def test_tear_down_and_subtests_belong_to_their_test(book, name):
    """They are excused with it."""
    assert judged(book, book.test(name, "error"), book.test(OTHER)).verdict.state is State.PROVED


@pytest.mark.parametrize("name", [f"{NAME}_more", f"{NAME}[x]", NAME[:-1], OTHER])
def test_only_the_very_test_is_excused(book, name):
    """Never one whose name is longer or shorter."""
    summary = judged(book, book.test(name, "failed"), book.test("tests/a.py::b"))
    assert (summary.verdict.state, summary.counts.quarantined) == (State.REFUTED, 0)


def test_other_failures_refute_all_the_same(book):
    """What is in quarantine is told beside them, and is not named as evidence."""
    summary = judged(book, book.test(NAME, "failed"), book.test(OTHER, "failed"))
    assert summary.verdict.state is State.REFUTED
    assert summary.verdict.reason == "1 failed of 2 tests, beside 1 in quarantine"
    assert [name.rpartition("/")[2] for name in summary.verdict.evidence] == ["test_cart.py::test_other"]


def test_nothing_but_quarantine_proves_nothing(book):
    """A suite in which no other test ran is unchecked."""
    summary = judged(book, book.test(NAME, "failed"), book.test(OTHER, "skipped"))
    assert summary.verdict.state is State.UNCHECKED
    assert "nothing ran but 1 test in quarantine" in summary.verdict.reason


def test_a_program_that_exits_1_for_it_is_explained(book):
    """Another status is not."""
    for code, state in ((1, State.PROVED), (0, State.PROVED)):
        program = CommandRun(id="command:unit", suite="unit", argv=("pytest",), exit_code=code)
        assert judged(book, book.test(NAME, "failed"), book.test(OTHER), program).verdict.state is state


@pytest.mark.parametrize("outcome", ["failed", "passed"])
def test_past_its_date_it_refutes_the_suite_that_has_the_test(book, outcome):
    """Whatever came of the test, with the place of the entry."""
    summary = judged(book, book.test(NAME, outcome), book.test(OTHER), over=True)
    assert summary.verdict.state is State.REFUTED
    assert f"overt.toml: the quarantine of {NAME} ended on 2030-01-01" in summary.verdict.reason
    assert summary.quarantined == ()
    assert judged(book, book.test(OTHER), over=True).verdict.state is State.PROVED


@pytest.mark.parametrize(
    ("suite", "state"), [("unit", State.PROVED), ("", State.PROVED), ("other", State.REFUTED), ("uni", State.REFUTED)]
)
def test_it_may_be_meant_in_one_suite_only(book, suite, state):
    """Its states of flags are that suite too."""
    assert judged(book, book.test(NAME, "failed"), book.test(OTHER), suite=suite).verdict.state is state
    assert held(suite="stress").of("stress@on")
    assert not held(suite="stress@on").of("stress@off")


def test_a_missing_test_is_missing_also_in_quarantine(book):
    """It must run."""
    from overt.evidence.records import Collected

    collected = Collected(id="collected:unit", suite="unit", count=2, sha256="")
    summary = judged(book, book.test(OTHER), collected)
    assert summary.verdict.state is State.UNCHECKED


def test_an_entry_that_names_no_test_is_told():
    """By suite, so that an entry for one suite is not held by a test of another."""
    from overt.evidence.records import TestCase

    case = TestCase(id="1", suite="unit", name=NAME, outcome="passed")
    assert held().unknown({"unit": [case]}) == ()
    assert len(held().unknown({"unit": []})) == 1
    assert len(held(suite="other").unknown({"unit": [case]})) == 1


@pytest.mark.parametrize(("until", "over"), [("2025-06-14", True), ("2025-06-15", False), ("2025-06-16", False)])
def test_the_last_day_counts(book, until, over):
    """Days are those of UTC; the place is the line in overt.toml."""
    (book.root / "overt.toml").write_text(TOML.format(name=NAME, until=until))
    (one,) = read_quarantine(book.root, load(book.root).campaign, book.clock.now).entries
    assert (one.over, str(one.where), one.owner) == (over, "overt.toml:5", "ann")


@pytest.mark.parametrize(("until", "outcome"), [("2025-06-15", "proved"), ("2025-06-14", "refuted")])
def test_facts_are_judged_with_it(book, until, outcome):
    """A claim that nothing fails does not hold, whatever is in quarantine."""
    (book.root / "overt.toml").write_text(TOML.format(name=NAME, until=until))
    campaign = load(book.root, files=[]).campaign
    book.run(book.test(NAME, "failed"), book.test(OTHER), book.end())
    facts = gather(book.root, campaign, open_ledger(book.root), files=[], now_ns=book.clock.now)
    assert facts.suites[0].counts.quarantined == (outcome == "proved")
    assert outcome in {
        facts.suites[0].verdict.state,
        "proved" if "it held" in facts.suites[0].verdict.reason else "refuted",
    }
    assert facts.get("tests.failed").value == 1
    assert facts.get("suites.unit.quarantined").value == (outcome == "proved")
