"""How much slower or faster: the ratio of paired measurements, with an interval that holds without assumptions.

Two sides are measured in turns, so that what slows the machine slows both. Each pair gives one ratio; their centre is
the Hodges-Lehmann estimate of the logarithms, its interval the exact one of Wilcoxon's signed ranks (Hollander and
Wolfe, *Nonparametric Statistical Methods*, 3.2 and 3.3).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

Verdict = Literal["slower", "faster", "same", "inconclusive", "not comparable", "not measured"]

CONFIDENCE = 0.95
BAND = 0.02
"""Differences within 2 % are none, unless a benchmark says otherwise."""

FEWEST = 6
"""Pairs below which no exact interval of 95 % exists."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """One side by the other.

    Args:
        value: The estimate; 2.0 is twice as long.
        low: Lower end of its interval; 0 when there are too few pairs for one.
        high: Upper end; infinite when there are too few pairs.
        pairs: How many pairs it rests on.
    """

    value: float
    low: float
    high: float
    pairs: int

    def verdict(self, band: float = BAND) -> Verdict:
        """Return what the ratio decides.

        Args:
            band: Share by which sides may differ and still count as the same, 0.02 is 2 %.

        Returns:
            `slower` or `faster` when the whole interval lies beyond the band, `same` when it lies inside, else
            `inconclusive`.
        """
        least, most = 1 / (1 + band), 1 + band
        if self.low > most:
            return "slower"
        if self.high < least:
            return "faster"
        return "same" if least <= self.low and self.high <= most else "inconclusive"

    def width(self) -> float:
        """Return the width of the interval by the estimate; infinite when there is no interval."""
        return (self.high - self.low) / self.value


def ratio(pairs: Sequence[tuple[float, float]], *, confidence: float = CONFIDENCE) -> Ratio:
    """Return the ratio of the first of each pair to the second.

    Args:
        pairs: Two positive measurements each, made next to one another.
        confidence: Of the interval, 0 to 1; the true coverage is that or more.

    Raises:
        ValueError: No pair, or a measurement that is not above zero.

    Example:
        >>> found = ratio([(2.0, 1.0), (2.2, 1.0), (1.9, 1.0), (2.1, 1.0), (2.0, 1.0), (2.0, 1.0)])
        >>> round(found.value, 2), round(found.low, 2), round(found.high, 2), found.verdict()
        (2.0, 1.9, 2.2, 'slower')
    """
    if not pairs or any(side <= 0 for pair in pairs for side in pair):
        raise ValueError("a ratio takes at least one pair of measurements above zero")
    logs = sorted(math.log(first / second) for first, second in pairs)
    means = sorted((logs[i] + logs[j]) / 2 for i in range(len(logs)) for j in range(i, len(logs)))
    rank = _rank(len(logs), (1 - confidence) / 2)
    low, high = (math.exp(means[rank - 1]), math.exp(means[-rank])) if rank else (0.0, math.inf)
    return Ratio(math.exp(median(means)), low, high, len(logs))


def _rank(count: int, tail: float) -> int:
    """Return the rank, from 1, of the interval's lower end among the means of all pairs of values; 0: there is none.

    It is the largest one at which the sum of the positive ranks lies below with a probability of at most `tail`.
    """
    ways = [1]  # how many choices of signs of 1..n give each sum
    for number in range(1, count + 1):
        ways = [
            (ways[total] if total < len(ways) else 0) + (ways[total - number] if total >= number else 0)
            for total in range(len(ways) + number)
        ]
    most, below, rank = tail * 2**count, 0, 0
    for number in ways:
        below += number
        if below > most:
            break
        rank += 1
    return rank
