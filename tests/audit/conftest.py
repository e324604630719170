"""Facts that the tests of this room share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from overt.evidence.fact_records import Fact
from overt.evidence.facts import Facts
from overt.model import State

MakeFacts = Callable[..., Facts]


def make_facts(*facts: Fact) -> Facts:
    """Return facts that hold exactly these."""
    return Facts((), {fact.name: fact for fact in facts})


@pytest.fixture
def facts() -> Facts:
    """A project with failures, a stale suite, a conflict, and things never measured."""
    proved = State.PROVED
    return make_facts(
        Fact("tests.total", 836, "count", proved, evidence=("r/total",)),
        Fact("tests.passed", 834, "count", proved, evidence=("r/passed",)),
        Fact("tests.failed", 2, "count", proved, evidence=("r/failed",)),
        Fact("tests.errors", 0, "count", proved, evidence=("r/errors",)),
        Fact("tests.duration", 1_240_000_000, "ns", proved),
        Fact("tests.missing", None, "count", State.UNCHECKED, "unit was never run"),
        Fact("coverage.lines", 985_000, "ppm", proved, evidence=("r/coverage",)),
        Fact("measures.size", 12_000_000, "bytes", proved),
        Fact("suites.unit.outcome", "refuted", "text", proved),
        Fact("suites.unit.failed", 2, "count", proved),
        Fact("suites.hidden-state.failed", 0, "count", proved),
        Fact("suites.slow.failed", 0, "count", State.STALE, "src/a.py changed", ("r/slow",)),
        Fact("suites.twice.failed", None, "count", State.CONFLICT, "suites disagree: 1, 2"),
        Fact("run.dirty", value=False, unit="flag", state=proved),
        Fact("run.commit", "3f2a9c4b5d6e7f8091a2b3c4d5e6f708192a3b4c", "text", proved),
    )
