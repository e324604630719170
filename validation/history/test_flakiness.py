"""What is named as flaky is; what is stable, or was broken and mended, is not: over many histories."""

from __future__ import annotations

import random

from overt.evidence.flaky import Searched, find_flaky
from overt.evidence.history import VERSION, Entry, History
from overt.evidence.history_names import tell

NAMES = [f"tests/test_shop.py::test_{number}" for number in range(50)]
SET = tell(NAMES, "unit", None, ())
RUNS, HISTORIES = 60, 400


def search(rows: list[dict[str, str]], *, commits: int) -> Searched:
    """Look for flaky tests in a history, given what failed in each run."""
    entries = tuple(
        Entry(
            version=VERSION,
            run=f"r{number:03}",
            seal=f"s{number}",
            suite="unit",
            created_ns=number + 1,
            commit=f"c{number % commits}",
            inputs=f"c{number % commits}",
            branch="main",
            counts={"total": len(NAMES)},
            names=SET.sha256,
            tests=bad,
        )
        for number, bad in enumerate(rows)
    )
    (searched,) = find_flaky(History(entries, {SET.sha256: SET}))
    return searched


def test_stable_tests_are_never_named():
    """Nothing fails, or each test is broken once for up to twenty runs and mended."""
    chance = random.Random(11)
    for _ in range(HISTORIES):
        rows: list[dict[str, str]] = [{} for _ in range(RUNS)]
        for name in NAMES[:10]:
            start, length = chance.randrange(RUNS), chance.randrange(1, 21)
            for row in rows[start : start + length]:
                row[name] = "f"
        assert search(rows, commits=RUNS).flaky == ()
        assert search([{}] * RUNS, commits=1).flaky == ()


def test_flaky_tests_are_missed_as_rarely_as_is_stated(record_measure):
    """At 5 % over 60 runs of one commit, of five and of sixty; five standard deviations are allowed for chance."""
    for commits in (1, 5, RUNS):
        chance = random.Random(commits)
        missed, stated = 0, 0.0
        for _ in range(HISTORIES):
            searched = search([{NAMES[3]: "f"} if chance.random() < 0.05 else {} for _ in range(RUNS)], commits=commits)
            stated = searched.missing
            assert {one.test for one in searched.flaky} <= {NAMES[3]}
            missed += not searched.flaky
        record_measure(f"history.flaky_missed_of_{commits}_commits", round(1e6 * missed / HISTORIES), unit="ppm")
        assert missed / HISTORIES <= stated + 5 * (stated * (1 - stated) / HISTORIES) ** 0.5


def test_the_interval_holds_the_true_rate():
    """In at least 95 of 100 histories, as far as it is told: of tests that are named."""
    chance = random.Random(5)
    inside = named = 0
    for _ in range(HISTORIES):
        searched = search([{NAMES[3]: "f"} if chance.random() < 0.2 else {} for _ in range(RUNS)], commits=1)
        for one in searched.flaky:
            named += 1
            inside += one.low <= 0.2 <= one.high
    assert named == HISTORIES
    assert inside / named >= 0.92
