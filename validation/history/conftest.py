"""Histories of any length, made without running anything."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from overt.evidence.history import VERSION, Compared, Entry, Leaked, Names, write_line
from overt.evidence.history_names import names_digest, tell

SUITES, TESTS = 6, 300
HOUR_NS = 3_600_000_000_000


def history_bytes(runs: int, *, suites: int = SUITES, seed: int = 1) -> bytes:
    """Return the file of a history: suites, flaky tests, breaks that are mended, tests that come and go."""
    chance = random.Random(seed)
    names = [f"tests/test_part_{number % 20}.py::test_number_{number}" for number in range(TESTS)]
    base: Names | None = None
    known: list[str] = []
    lines: list[Entry | Names] = []
    for number in range(runs):
        if number % 4 == 0:
            names = [*names[1:], f"tests/test_new.py::test_{number}"]
            base, known = tell(names, "suite-0", base, known), list(names)
            lines.append(base)
        assert base is not None
        lines += [_entry(number, suite, names, base.sha256, chance) for suite in range(suites)]
    assert names_digest(names) == base.sha256 if runs % 4 == 1 else True
    return b"".join(map(write_line, lines))


def _entry(number: int, suite: int, names: list[str], digest: str, chance: random.Random) -> Entry:
    bad = {name: "f" for name in (names[-9], names[-19]) if chance.random() < 0.05}
    if 40 <= number % 300 < 45:
        bad[names[-29]] = "f"
    lint = suite == 1
    told = Compared(
        ratio=round(800_000 + 50_000 * chance.random()), low=780_000, high=860_000, pairs=30, verdict="faster"
    )
    leaked = Leaked(value=chance.randrange(3), low=-2, high=5, verdict="flat")
    return Entry(
        version=VERSION,
        run=f"run-{number:06}",
        seal=f"{number:064x}",
        suite=f"suite-{suite}",
        suite_kind="hidden-state" if lint else "pytest",
        created_ns=1_700_000_000_000_000_000 + number * HOUR_NS,
        duration_ns=round(5e9 * (1 + chance.random() / 5)),
        commit=f"{number:040x}",
        branch="main" if number % 5 else "feature",
        inputs=f"{number:064x}",
        outcome="refuted" if bad and not lint else "proved",
        counts={"findings": 400}
        if lint
        else {"total": len(names), "passed": len(names) - len(bad), "failed": len(bad)},
        standings={"ratcheted": max(0, 400 - number // 3), "allowed": 7} if lint else {},
        benchmarks={f"bench-{one}": told for one in range(20)} if suite == 2 else {},
        leaks={f"system-{one}": leaked for one in range(20)} if suite == 3 else {},
        names="" if lint else digest,
        tests={} if lint else bad,
    )


@pytest.fixture(scope="session")
def made() -> Callable[..., bytes]:
    """Make the file of a history of so many runs."""
    return history_bytes
