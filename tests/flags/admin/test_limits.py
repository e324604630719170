"""How often somebody may try to come in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.flags.admin.limits import Backoff, LoginLimits
from overt.testing import FrozenClock


def test_pauses_double_up_to_the_longest() -> None:
    """The first tries are free; then it is one try a pause, and each pause is twice as long."""
    clock = FrozenClock(0.0)
    backoff = Backoff(clock, free=3, longest=10)
    waits = []
    for _ in range(9):
        waits.append(wait := backoff.take("here"))
        clock.advance(wait)
    assert waits == [0, 0, 0, 1, 0, 2, 0, 4, 0]
    assert backoff.take("here") == 8
    clock.advance(8)
    assert [backoff.take("here") for _ in range(2)] == [0, 10]
    clock.advance(21)
    assert [backoff.take("here") for _ in range(4)] == [0, 0, 0, 1]


@given(st.integers(0, 100_000))
def test_years_of_tries_are_no_trouble(tries: int) -> None:
    """A pause is never longer than the longest, however often somebody tried."""
    clock = FrozenClock(0.0)
    backoff = Backoff(clock, free=1, longest=60)
    backoff.take("here")
    backoff._tries["here"].count = tries
    clock.advance(61)
    backoff.take("here")
    assert 1 <= backoff.take("here") <= 60


def test_memory_is_bounded() -> None:
    """A flood of addresses leaves no more places than there may be."""
    backoff = Backoff(FrozenClock(0.0), free=1, longest=60, places=100)
    for number in range(1000):
        backoff.take(str(number))
    assert len(backoff) == 100


def test_tries_at_the_same_moment_all_count() -> None:
    """Of many at once no more pass than one after the other would."""
    backoff = Backoff(FrozenClock(0.0), free=5, longest=60)
    with ThreadPoolExecutor(16) as pool:
        waits = list(pool.map(lambda _: backoff.take("here"), range(200)))
    assert waits.count(0) == 5


def test_another_address_is_not_held_up_until_all_together_are_too_many() -> None:
    """One place waits alone; many places together make everybody wait."""
    limits = LoginLimits(FrozenClock(0.0), free=2, free_of_all=4)
    assert [limits.take("10.0.0.1") for _ in range(3)] == [0, 0, 1]
    assert [limits.take("10.0.0.2") for _ in range(2)] == [0, 0]
    assert limits.take("10.0.0.3") > 0


def test_whoever_has_the_token_is_not_held_up() -> None:
    """A good try takes back itself and the bad ones of that address before it."""
    limits = LoginLimits(FrozenClock(0.0), free=2, free_of_all=3)
    for _ in range(20):
        assert limits.take("10.0.0.1") == 0
        limits.succeeded("10.0.0.1")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("10.0.0.1", "10.0.0.2", False),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.2", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
    ],
)
def test_a_customer_of_ipv6_is_one_place(one: str, other: str, same: bool) -> None:
    """Whoever has a whole network of addresses gets no more tries for it."""
    limits = LoginLimits(FrozenClock(0.0), free=1)
    assert limits.take(one) == 0
    assert (limits.take(other) > 0) is same
