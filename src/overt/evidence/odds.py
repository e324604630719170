"""What chance alone does to a row of passes and failures: exact, from binomials and the distribution of stretches."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import comb, exp, lgamma, log, log1p, prod

CONFIDENCE = 0.95
"""Of intervals."""

CLUSTERED = 0.05
"""Below this chance, failures lie closer together than failures that do not depend on each other would."""

FEWEST_STRETCHES = 2
"""Separate stretches of failures below which a break that was mended explains everything."""


def interval(failures: int, trials: int, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the exact interval of Clopper and Pearson of a rate of failures.

    Args:
        failures: How many trials failed.
        trials: How many there were; at least one.
        confidence: True coverage is that or more.

    Example:
        >>> [round(end, 4) for end in interval(3, 60)]
        [0.0104, 0.1392]
    """
    tail = (1 - confidence) / 2
    low = _solve(lambda rate: 1 - _at_most(failures - 1, trials, rate) < tail) if failures else 0.0
    high = _solve(lambda rate: _at_most(failures, trials, rate) > tail) if failures < trials else 1.0
    return low, high


def _solve(below: Callable[[float], bool]) -> float:
    """Return where a condition that holds for small rates ends to hold."""
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) else (low, middle)
    return low


def _at_most(failures: int, trials: int, rate: float) -> float:
    return sum(_exactly(number, trials, rate) for number in range(failures + 1))


def _exactly(failures: int, trials: int, rate: float) -> float:
    if rate in {0.0, 1.0}:
        return float(failures == round(rate * trials))
    # In logarithms: the number of ways alone is soon beyond what a float holds.
    ways = lgamma(trials + 1) - lgamma(failures + 1) - lgamma(trials - failures + 1)
    return exp(ways + failures * log(rate) + (trials - failures) * log1p(-rate))


def fewer_stretches(stretches: int, failures: int, runs: int) -> float:
    """Return the chance that failures which do not depend on each other lie in so few stretches, or in fewer.

    Args:
        stretches: Separate stretches of failures in a row.
        failures: How many runs failed; at least one.
        runs: How many runs there were.

    Example:
        >>> round(fewer_stretches(2, 18, 60), 6), fewer_stretches(3, 3, 60)
        (0.0, 1.0)
    """
    ways = sum(comb(failures - 1, e - 1) * comb(runs - failures + 1, e) for e in range(1, stretches + 1))
    return ways / comb(runs, failures)


def looks_flaky(stretches: int, failures: int, runs: int) -> bool:
    """Tell whether a row of outcomes looks like chance rather than like breaks that were mended.

    Args:
        stretches: Separate stretches of failures in a row.
        failures: How many runs failed.
        runs: How many runs there were.

    Example:
        >>> looks_flaky(1, 10, 60), looks_flaky(2, 18, 60), looks_flaky(3, 3, 60)
        (False, False, True)
    """
    return stretches >= FEWEST_STRETCHES and fewer_stretches(stretches, failures, runs) > CLUSTERED


def missed(rate: float, alone: int, repeated: Iterable[int]) -> float:
    """Return the chance that a test which fails at a rate is not named.

    Args:
        rate: How often it fails, 0 to 1.
        alone: Runs whose commit and inputs no other run has.
        repeated: How many runs each other commit with its inputs has.

    Example:
        >>> round(missed(0.05, 0, [60]), 4), round(missed(0.05, 60, []), 2)
        (0.0461, 0.21)
    """
    unseen = prod((1 - rate) ** runs + rate**runs for runs in repeated)
    return unseen * _missed_alone(rate, alone)


def _missed_alone(rate: float, runs: int) -> float:
    chance = (1 - rate) ** runs
    for failures in range(1, runs + 1):
        weight = _exactly(failures, runs, rate)
        if weight < 1e-9 and failures > rate * runs:
            break
        chance += weight * _not_named(failures, runs)
    return chance


def _not_named(failures: int, runs: int) -> float:
    """Return the chance that so many failures lie in too few stretches to be named."""
    most = max(
        (e for e in range(1, min(failures, runs - failures + 1) + 1) if not looks_flaky(e, failures, runs)), default=0
    )
    return fewer_stretches(most, failures, runs) if most else 0.0
