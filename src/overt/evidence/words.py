"""What a suite counted, in words."""

from __future__ import annotations

from overt.evidence.tally import Counts
from overt.system.units import count


def tests_in_words(counts: Counts) -> str:
    """Return how many tests passed, and what became of the others.

    Example:
        >>> tests_in_words(Counts(total=12, passed=10, failed=1, skipped=1))
        '10 of 12 tests passed, 1 failed, 1 skipped'
    """
    others = (
        (counts.failed, "failed"),
        (counts.errors, "with errors"),
        (counts.skipped, "skipped"),
        (counts.xfailed, "failed as expected"),
        (counts.xpassed, "passed unexpectedly"),
        (counts.quarantined, "of the failures in quarantine"),
        (counts.missing, "missing"),
        (counts.flaky, "only after another attempt"),
    )
    said = [f"{number:,} {word}" for number, word in others if number]
    return ", ".join([f"{counts.passed:,} of {count(counts.total, 'test')} passed", *said])


def within(number: int, at_most: int) -> str:
    """Return how many findings there are beside how many there may be.

    Example:
        >>> within(1, 55)
        '1 finding, at most 55 allowed'
    """
    return f"{count(number, 'finding')}, at most {at_most:,} allowed"


def percent(share: float) -> str:
    """Return a share as a percentage.

    Example:
        >>> percent(0.05), percent(0.0104), percent(1), percent(0.996)
        ('5 %', '1 %', '100 %', '99.6 %')
    """
    value = 100 * share
    figures = f"{value:.0f}" if 9.95 <= value < 99 else f"{value:.1f}".removesuffix(".0")
    return f"{figures} %"
