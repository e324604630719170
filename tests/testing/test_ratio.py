"""Ratios of pairs: the estimate, its exact interval, and what it decides."""

from __future__ import annotations

import math
import random
from itertools import product
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.testing.ratio import FEWEST, Ratio, ratio

SHIFTED = [1.9, 2.0, 2.05, 2.1, 2.2, 1.95, 2.15, 2.02]


def pairs(ratios: list[float]) -> list[tuple[float, float]]:
    """Return measurements with these ratios."""
    return [(value, 1.0) for value in ratios]


def test_the_estimate_is_the_median_of_the_means_of_all_pairs() -> None:
    """Hodges and Lehmann's, on logarithms: one wild measurement does not move it far."""
    logs = [math.log(value) for value in SHIFTED]
    means = [(logs[i] + logs[j]) / 2 for i in range(len(logs)) for j in range(i, len(logs))]
    assert ratio(pairs(SHIFTED)).value == pytest.approx(math.exp(median(means)))
    assert ratio(pairs([*SHIFTED, 1000.0])).value < 2.2


@pytest.mark.parametrize("count", range(1, 12))
def test_the_interval_holds_what_no_signed_rank_test_would_refuse(count: int) -> None:
    """Against every assignment of signs: the tail outside is at most 2.5 %, and one more rank would be too much."""
    values = [1.0 + 0.013 * (7 * n % 11) + 0.0001 * n * n for n in range(1, count + 1)]
    sums = [sum(rank for rank, sign in enumerate(signs, 1) if sign) for signs in product((0, 1), repeat=count)]
    rank = max((k for k in range(1, len(sums)) if sum(s < k for s in sums) <= 0.025 * len(sums)), default=0)
    logs = sorted(math.log(value) for value in values)
    means = sorted((logs[i] + logs[j]) / 2 for i in range(count) for j in range(i, count))
    found = ratio(pairs(values))
    if count < FEWEST:
        assert (found.low, found.high) == (0.0, math.inf)
    else:
        assert (found.low, found.high) == pytest.approx((math.exp(means[rank - 1]), math.exp(means[-rank])))


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (1.03, 1.2, "slower"),
        (0.7, 0.9, "faster"),
        (0.99, 1.01, "same"),
        (1.0, 1.2, "inconclusive"),
        (0.9, 1.1, "inconclusive"),
        (0.0, math.inf, "inconclusive"),
        (1.021, 1.3, "slower"),
        (1.019, 1.3, "inconclusive"),
        (0.5, 0.981, "inconclusive"),
    ],
)
def test_only_an_interval_beyond_the_band_decides(low: float, high: float, verdict: str) -> None:
    """Inside is the same, across is neither."""
    assert Ratio(1.0, low, high, 10).verdict(0.02) == verdict


def test_identical_code_seldom_alarms() -> None:
    """Of 400 comparisons of noise with itself at most a few exclude 1, and hardly one lies beyond the band."""
    rng = random.Random(20261122)
    found = [ratio([(rng.lognormvariate(0, 0.03), rng.lognormvariate(0, 0.03)) for _ in range(20)]) for _ in range(400)]
    assert sum(not one.low <= 1 <= one.high for one in found) <= 32  # 5 % of 400, and three standard deviations
    assert sum(one.verdict() in {"slower", "faster"} for one in found) <= 4


def test_a_slowdown_of_a_fifth_is_found() -> None:
    """Under the same noise."""
    rng = random.Random(7)
    measured = [(1.2 * rng.lognormvariate(0, 0.03), rng.lognormvariate(0, 0.03)) for _ in range(20)]
    found = ratio(measured)
    assert found.verdict() == "slower"
    assert found.low < 1.2 < found.high


@given(st.lists(st.tuples(st.floats(1e-3, 1e9), st.floats(1e-3, 1e9)), min_size=1, max_size=30))
def test_swapping_the_sides_turns_the_ratio_around(measured: list[tuple[float, float]]) -> None:
    """It does not matter which side is called the first."""
    one, other = ratio(measured), ratio([(second, first) for first, second in measured])
    assert one.value == pytest.approx(1 / other.value)
    assert one.low <= one.value * (1 + 1e-9)
    assert one.value <= one.high * (1 + 1e-9)
    if one.low:
        assert one.low == pytest.approx(1 / other.high)


@pytest.mark.parametrize("measured", [[], [(1.0, 0.0)], [(-1.0, 1.0)]])
def test_what_was_not_measured_has_no_ratio(measured: list[tuple[float, float]]) -> None:
    """No pair, or one that is no measurement."""
    with pytest.raises(ValueError, match="at least one pair of measurements above zero"):
        ratio(measured)
