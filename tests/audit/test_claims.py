"""Claims over facts: states, reasons with figures, doubts, and what is an error."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.audit.claims import declared_claims, judge, judge_all
from overt.campaign.loading import load
from overt.evidence.fact_records import Fact
from overt.evidence.facts import Facts
from overt.model import Claim, Exit, Location, OvertError, Problems, State

PROVED, REFUTED, STALE = State.PROVED, State.REFUTED, State.STALE
UNCHECKED, CONFLICT = State.UNCHECKED, State.CONFLICT


@pytest.mark.parametrize(
    ("expect", "state", "reason"),
    [
        ("tests.failed == 2", PROVED, "tests.failed is 2"),
        ("tests.failed == 0", REFUTED, "tests.failed is 2, expected == 0"),
        ("0 == tests.failed", REFUTED, "tests.failed is 2, expected 0 == tests.failed"),
        ("tests.missing == 0", UNCHECKED, "tests.missing: unit was never run"),
        ("exercises.total == 0", UNCHECKED, "exercises.total: it was not measured"),
        ("tests.faild == 0", UNCHECKED, "there is no such fact (did you mean 'tests.failed'?)"),
        ("suites.slow.failed == 0", STALE, "suites.slow.failed: src/a.py changed; last seen: suites.slow.failed is 0"),
        ("suites.twice.failed == 0", CONFLICT, "suites.twice.failed: suites disagree: 1, 2"),
        ("tests.duration < 60s", PROVED, "tests.duration is 1.2 s"),
        ("tests.duration < 1s", REFUTED, "tests.duration is 1.2 s, expected < 1s"),
        ("coverage.lines >= 98.5%", PROVED, "coverage.lines is 98.5 %"),
        ("measures.size < 10MB", REFUTED, "measures.size is 12 MB, expected < 10MB"),
        ("suites.unit.outcome == 'proved'", REFUTED, "suites.unit.outcome is refuted, expected == 'proved'"),
        ("suites.unit.outcome in ['proved', 'refuted']", PROVED, "suites.unit.outcome is refuted"),
        ("suites.unit.outcome not in ['refuted']", REFUTED, "expected not in ['refuted']"),
        ("not run.dirty", PROVED, "run.dirty is false"),
        ("run.dirty", REFUTED, "run.dirty is false, expected true"),
        ("tests.passed / tests.total >= 99.9%", REFUTED, "is 99.8 % (tests.passed 834, tests.total 836)"),
        ("percent(tests.passed, tests.total) > 99%", PROVED, "is 99.8 %"),
        ("2% * tests.total > 10", PROVED, "2% * tests.total is 16.72"),
        ("tests.passed == tests.total - tests.failed", PROVED, "tests.passed is 834"),
        ("abs(tests.failed - 10) == 8", PROVED, "abs(tests.failed - 10) is 8"),
        ("0 <= tests.failed <= 1", REFUTED, "tests.failed is 2, expected <= 1"),
        ("max(suites.*.failed) == 0", CONFLICT, "suites disagree"),
        ("max(suites.unit.failed, suites.hidden-state.failed) == 2", PROVED, "suites.hidden-state.failed 0"),
        ("sum(suites.*.failed) > 1", CONFLICT, "suites disagree"),
        ("1 == 1", UNCHECKED, "it names no fact"),
        ("true", UNCHECKED, "it names no fact"),
    ],
)
def test_a_claim_is_judged_with_its_figures(facts: Facts, expect: str, state: State, reason: str) -> None:
    """Every state, with the figures that were seen or why there are none."""
    verdict = judge(Claim("c", expect), facts)
    assert (verdict.state, reason in verdict.reason) == (state, True), verdict.reason


@pytest.mark.parametrize(
    ("expect", "state"),
    [
        ("tests.errors / tests.errors == 1", UNCHECKED),
        ("percent(tests.errors, tests.errors) == 100%", UNCHECKED),
        ("tests.passed / tests.errors > 0 or false", UNCHECKED),
        ("max(nothing.*.failed) == 0", UNCHECKED),
    ],
)
def test_an_empty_set_proves_nothing(facts: Facts, expect: str, state: State) -> None:
    """Division by zero, percentages of nothing and a pattern without facts are unchecked, never true."""
    assert judge(Claim("c", expect), facts).state is state


@pytest.mark.parametrize(
    ("expect", "state"),
    [
        ("tests.failed == 0 and tests.missing == 0", REFUTED),
        ("tests.missing == 0 and tests.failed == 0", REFUTED),
        ("tests.failed == 0 and suites.slow.failed == 0", REFUTED),
        ("tests.failed == 2 and tests.missing == 0", UNCHECKED),
        ("tests.failed == 2 and suites.slow.failed == 0", STALE),
        ("suites.slow.failed == 1 and tests.failed == 2", STALE),
        ("suites.twice.failed == 0 and tests.missing == 0", CONFLICT),
        ("tests.failed == 2 or tests.missing == 0", PROVED),
        ("tests.failed == 0 or tests.missing == 0", UNCHECKED),
        ("not (tests.failed == 2 or tests.missing == 0)", REFUTED),
        ("not tests.missing == 0", UNCHECKED),
    ],
)
def test_one_definite_part_decides(facts: Facts, expect: str, state: State) -> None:
    """A definite refutation decides `and`, a definite proof decides `or`; otherwise doubt stays doubt."""
    assert judge(Claim("c", expect), facts).state is state


def test_a_refuted_row_says_what_else_is_not_known(facts: Facts) -> None:
    """The undecided part is named, and the evidence is that of the refutation alone."""
    verdict = judge(Claim("c", "tests.failed == 0 and tests.missing == 0 and tests.total == 836"), facts)
    assert verdict.reason == "tests.failed is 2, expected == 0; besides, tests.missing: unit was never run"
    assert verdict.evidence == ("r/failed",)


def test_a_proof_rests_on_every_record_it_read(facts: Facts) -> None:
    """Evidence is listed once each, in order of appearance."""
    verdict = judge(Claim("c", "tests.passed + tests.failed == tests.total and tests.failed == 2"), facts)
    assert verdict.evidence == ("r/passed", "r/failed", "r/total")


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ("tests.duration < 5MB", "cannot compare a duration with a size"),
        ("coverage.lines >= 90", "write the percentage as 90%"),
        ("tests.duration < 60", "write the duration as 60s"),
        ("tests.duration + tests.total > 1s", "cannot add a duration and a plain number"),
        ("tests.duration * tests.duration > 1s", "cannot multiply a duration and a duration"),
        ("tests.total / tests.duration > 1", "cannot divide a plain number by a duration"),
        ("suites.unit.outcome < 'x'", "text has no order"),
        ("suites.unit.outcome == 1", "cannot compare text with a plain number"),
        ("suites.unit.outcome + 1 == 2", "text is not a number"),
        ("tests.failed", "this is a value, not a statement"),
        ("tests.failed and run.dirty", "this is a value, not a statement"),
        ("not tests.failed", "this is a value, not a statement"),
        ("suites.*.failed == 0", "use it inside min, max or sum"),
        ("sum(a.*.*.*) == 0", "more than two '*'"),
        ("max(tests.total, tests.duration) > 1", "cannot compare a plain number with a duration"),
        (" * ".join(["999999999999"] * 9) + " == tests.total", "out of all proportion"),
        ("tests.failed =! 0", "means nothing here"),
    ],
)
def test_what_cannot_be_compared_is_an_error(facts: Facts, expect: str, said: str) -> None:
    """It is a mistake of the campaign, told with the place of the claim and a caret."""
    with pytest.raises(OvertError) as caught:
        judge(Claim("speed", expect, location=Location("overt.toml", 7)), facts)
    assert said in str(caught.value)
    assert "claim 'speed'" in str(caught.value)
    assert caught.value.where == Location("overt.toml", 7)
    assert caught.value.exit is Exit.USAGE


def test_units_are_not_held_against_what_was_never_measured(facts: Facts) -> None:
    """The unit of a fact without a value is not known, so that it cannot be wrong."""
    assert judge(Claim("c", "tests.missing < 5MB"), facts).state is UNCHECKED


def test_a_campaign_is_judged_as_a_whole(tmp_path: Path, facts: Facts) -> None:
    """Claims keep their order and know the line of their expression."""
    (tmp_path / "overt.toml").write_text(
        "[claims.b]\nexpect = 'tests.failed == 2'\ntext = 'two fail'\n\n"
        "[claims.a]\ntext = 'x'\nexpect = 'tests.failed == 0'\n"
    )
    judged = judge_all(load(tmp_path, files=[]), facts)
    assert [(name, verdict.state, claim.location) for name, (claim, verdict) in judged.items()] == [
        ("b", PROVED, Location("overt.toml", 2)),
        ("a", REFUTED, Location("overt.toml", 7)),
    ]
    assert declared_claims(load(tmp_path, files=[]))["b"].text == "two fail"


def test_all_wrong_claims_are_told_at_once(tmp_path: Path, facts: Facts) -> None:
    """Two mistakes, one round."""
    (tmp_path / "overt.toml").write_text(
        "[claims.a]\nexpect = 'tests.duration < 5MB'\n"
        "[claims.b]\nexpect = 'tests.total'\n[claims.c]\nexpect = 'run.dirty'\n"
    )
    with pytest.raises(Problems) as caught:
        judge_all(load(tmp_path, files=[]), facts)
    assert [problem.where for problem in caught.value.problems] == [
        Location("overt.toml", 2),
        Location("overt.toml", 4),
    ]


_STATES = st.sampled_from([State.PROVED, State.STALE, State.UNCHECKED, State.CONFLICT])


@given(st.lists(st.tuples(st.integers(0, 2), _STATES), min_size=1, max_size=5), st.sampled_from(["and", "or"]))
def test_doubt_never_becomes_proof(parts: list[tuple[int, State]], word: str) -> None:
    """A row is proved only by definite parts, and refuted only by definite parts."""
    made = [
        Fact(f"f.n{number}", value if state in {PROVED, STALE} else None, "count", state, "why")
        for number, (value, state) in enumerate(parts)
    ]
    expect = f" {word} ".join(f"{fact.name} == 0" for fact in made)
    state = judge(Claim("c", expect), Facts((), {fact.name: fact for fact in made})).state
    definite = [fact.value == 0 for fact in made if fact.state is PROVED]
    if word == "and":
        expected = REFUTED if False in definite else PROVED if len(definite) == len(made) else None
    else:
        expected = PROVED if True in definite else REFUTED if len(definite) == len(made) else None
    assert state is expected if expected else state not in {PROVED, REFUTED}
