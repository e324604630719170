"""Flaky tests are found in the history; breaks that were mended are not taken for them."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest
from msgspec.structs import replace

from overt.evidence.flaky import find_flaky, is_mass
from overt.evidence.history import Entry, History, order
from overt.evidence.history_names import names_digest, pack, tell
from overt.evidence.odds import interval, looks_flaky, missed

ALWAYS = [f"tests/test_shop.py::test_{number}" for number in range(40)]
CHANCY = "tests/test_shop.py::test_chancy"


def remembered(
    rows: Iterable[dict[str, str]],
    *,
    commits: int = 0,
    names: Iterable[str] = (*ALWAYS, CHANCY),
    **more: object,
) -> History:
    """Return a history of runs, given what failed in each; `commits` is how many there are, 0 for one a run."""
    names = list(names)
    told = tell(names, "unit", None, ())
    entries = []
    for number, bad in enumerate(rows):
        commit = f"c{number % commits if commits else number}"
        given = {"commit": commit, "inputs": commit, "branch": "main", "suite_kind": "pytest", **more}
        given = {key: value(number) if callable(value) else value for key, value in given.items()}
        entries.append(
            Entry(
                version=1, run=f"r{number:04}", seal=f"s{number}", suite="unit", created_ns=number + 1,
                counts={"total": len(names)}, names=names_digest(names), tests=bad, **given,
            )
        )  # fmt: skip
    return History(order(entries), {told.sha256: told})


def found(history: History) -> list[str]:
    return [one.test for searched in find_flaky(history) for one in searched.flaky]


def test_a_test_that_passed_and_failed_on_the_same_inputs_is_certainly_flaky():
    """The two runs are named, and how often it failed, with the interval."""
    (searched,) = find_flaky(remembered([{}, {CHANCY: "f"}, {}, {}], commits=1))
    (one,) = searched.flaky
    assert (one.test, one.certain, one.failures, one.attempts) == (CHANCY, True, 1, 4)
    assert "failed in r0001" in one.reason
    assert (one.low, one.high) == interval(1, 4)
    assert (one.outcomes, one.since, one.last_run) == ("pfpp", 2, "r0001")


def test_a_retry_that_passes_is_certain_too():
    """In one run; the attempts count, not the runs."""
    (searched,) = find_flaky(remembered([{}, {CHANCY: "ffp"}]))
    (one,) = searched.flaky
    assert (one.certain, one.failures, one.attempts, one.outcomes) == (True, 2, 4, "pr")


@pytest.mark.parametrize("length", [1, 2, 7, 30])
def test_a_break_that_is_mended_is_not_flaky(length):
    """However long it lasted; it is counted as such."""
    (searched,) = find_flaky(remembered([{CHANCY: "f"} if 20 <= n < 20 + length else {} for n in range(60)]))
    assert (searched.flaky, searched.mended) == ((), 1)


def test_two_long_breaks_are_not_flaky():
    """Failures by chance would not lie so close together."""
    assert found(remembered([{CHANCY: "f"} if n // 10 in {1, 3} else {} for n in range(60)])) == []


def test_a_test_that_always_fails_is_not_flaky():
    """It is broken."""
    assert found(remembered([{CHANCY: "f"}] * 60, commits=3)) == []


def test_failures_here_and_there_are_probably_chance():
    """Over runs of one branch, each of another commit."""
    (searched,) = find_flaky(remembered([{CHANCY: "f"} if n in {7, 25, 51} else {} for n in range(60)]))
    (one,) = searched.flaky
    assert (one.certain, one.failures, one.attempts) == (False, 3, 60)
    assert "3 separate stretches of 60 runs of the branch main" in one.reason


@pytest.mark.parametrize(
    "more",
    [
        {"branch": lambda n: f"b{n % 2}"},
        {"host": lambda n: f"Linux x86_64 CPython 3.{11 + n % 2}"},
    ],
)
def test_what_always_fails_on_one_branch_or_one_python_only_is_not_flaky(more):
    """Runs of both alternate."""
    rows = [{CHANCY: "f"} if n % 2 else {} for n in range(40)]
    assert found(remembered(rows, **more)) == []
    assert found(remembered(rows)) == [CHANCY]


def test_what_a_person_tries_out_is_not_flaky():
    """With uncommitted changes a test fails and passes as it is written; on the very same it is still found."""
    rows = [{CHANCY: "f"} if n % 2 else {} for n in range(40)]
    assert found(remembered(rows, dirty=True)) == []
    assert found(remembered(rows, dirty=True, commits=1)) == [CHANCY]


@pytest.mark.parametrize("differs", ["settings", "packages", "host", "inputs"])
def test_what_was_measured_otherwise_is_not_the_same(differs):
    """Of one commit."""
    rows = [{}, {CHANCY: "f"}]
    assert found(remembered(rows, commits=1, **{differs: lambda n: f"x{n}"})) == []


def test_results_of_another_tool_are_told_apart_by_commit_and_changes():
    """The files they came in are no inputs."""
    rows = [{}, {CHANCY: "f"}]
    inputs = {"inputs": lambda n: f"report-{n}", "suite_kind": "import"}
    assert found(remembered(rows, commits=1, **inputs)) == [CHANCY]
    assert found(remembered(rows, commits=1, difference=lambda n: f"d{n}", **inputs)) == []


def test_a_run_in_which_much_failed_says_nothing_about_one_test():
    """It is set aside, and counted."""
    (searched,) = find_flaky(remembered([{}, dict.fromkeys(ALWAYS, "f"), {}], commits=1))
    assert (searched.runs, searched.set_aside, searched.flaky) == (3, 1, ())
    assert not is_mass(19, 19)
    assert not is_mass(20, 500)


def test_a_run_in_which_a_test_was_not_there_is_no_pass_of_it():
    """It was added later: only the runs that had it count."""
    before = remembered([{}] * 50, names=ALWAYS, commits=1)
    after = remembered([{}] * 8 + [{CHANCY: "f"}] + [{}], commits=1)
    shifted = [replace(one, created_ns=one.created_ns + 100, seal=f"t{one.seal}") for one in after.entries]
    history = History(order([*before.entries, *shifted]), {**before.sets, **after.sets})
    (searched,) = find_flaky(history)
    assert (searched.flaky[0].failures, searched.flaky[0].attempts) == (1, 10)


def test_compressed_failures_count():
    """As those that are written out."""
    history = remembered([{}, {}], commits=1)
    first, second = history.entries
    packed = replace(second, packed=pack({CHANCY: "f"}))
    assert found(History((first, packed), history.sets)) == [CHANCY]


def test_a_flaky_test_at_five_percent_is_named_and_the_chance_of_missing_it_holds():
    """300 histories of 60 runs, of one commit and of 60: as many are missed as it says, and no stable test is named."""
    for commits, seed in ((1, 1), (0, 2)):
        chance = random.Random(seed)
        named, stated = 0, 0.0
        for _ in range(300):
            (searched,) = find_flaky(
                remembered(({CHANCY: "f"} if chance.random() < 0.05 else {} for _ in range(60)), commits=commits)
            )
            names = [one.test for one in searched.flaky]
            assert names in ([], [CHANCY])
            named += bool(names)
            stated = searched.missing
        # Six standard deviations of 300 draws.
        assert abs((300 - named) / 300 - stated) < 6 * (stated * (1 - stated) / 300) ** 0.5


def test_the_chance_of_missing_falls_with_every_run():
    """Runs of one commit tell most."""
    assert missed(0.05, 0, [60]) < 0.05 < missed(0.05, 60, []) < missed(0.05, 30, []) < 1
    assert missed(0.05, 0, []) == 1
    assert find_flaky(remembered([{}] * 60, commits=1))[0].enough
    assert not find_flaky(remembered([{}] * 60))[0].enough


def test_the_interval_is_that_of_clopper_and_pearson():
    """Figures of printed tables (Fleiss, 95 %)."""
    for failures, trials, low, high in ((0, 10, 0, 0.3085), (1, 10, 0.0025, 0.4450), (5, 10, 0.1871, 0.8129)):
        assert interval(failures, trials) == pytest.approx((low, high), abs=5e-5)
    assert interval(10, 10)[1] == 1
    assert interval(0, 10)[0] == 0
    low, high = interval(3000, 6000)
    assert 0.48 < low < 0.5 < high < 0.52
    assert missed(0.0, 10, [5]) == 1


def test_stretches_alone_decide_nothing():
    """Two stretches of two in sixty are closer together than chance; three single ones are not."""
    assert not looks_flaky(2, 4, 60)
    assert looks_flaky(3, 4, 60)
    assert not looks_flaky(1, 1, 60)
