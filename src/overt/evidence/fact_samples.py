"""The facts about samples: what documents and docstrings show, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from overt.evidence.fact_records import Fact, total
from overt.evidence.measured import Measured
from overt.evidence.records import TestCase

FIGURES = ("total", "run", "passed", "parsed", "failed", "unchecked")
"""What is counted: all of them, those that were run, those of them that held, those that parsed, those of either
sort that did not, and those of which nothing was done."""


def sample_facts(suites: Sequence[Measured]) -> Iterable[Fact]:
    """Yield `samples.*`: the sums over every suite that looks at samples.

    Args:
        suites: All suites.
    """
    looking = [one for one in suites if one.summary.kind == "samples"]
    counted = [count_samples(one.of(TestCase)) for one in looking]
    for name in FIGURES:
        parts = [one.fact("", figures[name], "count") for one, figures in zip(looking, counted, strict=True)]
        yield total(f"samples.{name}", parts)


def count_samples(cases: Iterable[TestCase]) -> dict[str, int]:
    """Return how many samples there are of each sort.

    Args:
        cases: Results; those that are about no sample are passed over.
    """
    figures = dict.fromkeys(FIGURES, 0)
    for case in cases:
        if case.sample is None:
            continue
        ran = case.sample.how not in {"parse", "none"}
        figures["total"] += 1
        figures["run"] += ran and case.outcome in {"passed", "failed"}
        figures["passed"] += ran and case.outcome == "passed"
        figures["parsed"] += not ran and case.outcome == "passed"
        figures["failed"] += case.outcome in {"failed", "error"}
        figures["unchecked"] += case.outcome == "skipped"
    return figures
