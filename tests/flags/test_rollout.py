"""Who is covered by a percentage: as many as it says, always the same, nobody leaves, and no flag looks at another."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import uuid
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openfeature import api
from openfeature.evaluation_context import EvaluationContext

from overt.flags import FeatureFlags, Flag, MemoryStore, MigrationControl, Stage
from overt.flags.buckets import BUCKETS, Rollout, bucket
from overt.flags.openfeature import OvertProvider

A = Flag("a", owner="shop", purpose="a test", created="2026-11-22", until="2027-06-30")
KEYS = 100_000


@pytest.fixture(scope="module")
def buckets() -> list[int]:
    """The buckets of a hundred thousand keys."""
    return [bucket("new-cart", f"user-{number}") for number in range(KEYS)]


@pytest.mark.parametrize("percentage", [1, 10, 50, 99])
def test_a_percentage_covers_its_share_of_a_hundred_thousand_keys(buckets: list[int], percentage: int) -> None:
    """Within half a point; the answers of a rollout are those of its buckets."""
    covered = [number < percentage * BUCKETS / 100 for number in buckets]
    assert abs(100 * sum(covered) / KEYS - percentage) < 0.5
    rollout = Rollout("new-cart", percentage)
    assert [rollout.covers(f"user-{number}") for number in range(1000)] == covered[:1000]


def test_buckets_are_evenly_filled(buckets: list[int]) -> None:
    """A chi-square test over a hundred equal parts sees nothing odd (99 degrees of freedom, p > 0.0001)."""
    counts = [0] * 100
    for number in buckets:
        counts[number * 100 // BUCKETS] += 1
    assert sum((count - KEYS / 100) ** 2 / (KEYS / 100) for count in counts) < 161.3


def related(choose: Callable[[str, str], int], limit: float, share: float) -> int:
    """Return how many of 276 pairs of flags a chi-square test over 5,000 keys finds to be related."""
    keys = 5000
    masks = []
    for flag in range(24):
        inside = (choose(f"flag-{flag}", f"user-{number}") < share * BUCKETS for number in range(keys))
        masks.append(sum(1 << number for number, is_in in enumerate(inside) if is_in))
    found = 0
    for one, other in itertools.combinations(masks, 2):
        both, first, second = (one & other).bit_count(), one.bit_count(), other.bit_count()
        table = (both, first - both, second - both, keys - first - second + both)
        rows, columns = (first, first, keys - first, keys - first), (second, keys - second) * 2
        expected = [row * column / keys for row, column in zip(rows, columns, strict=True)]
        found += sum((seen - e) ** 2 / e for seen, e in zip(table, expected, strict=True)) > limit
    return found


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_flags_choose_their_keys_independently(share: float) -> None:
    """Of 276 pairs none is related at p < 0.0001; the same measure finds a checksum of both names out."""
    assert related(bucket, 15.14, share) == 0

    def checksum(flag: str, key: str) -> int:
        return zlib.crc32(f"{flag}{key}".encode()) * BUCKETS >> 32

    assert related(checksum, 15.14, share) > 5


def test_flags_with_long_names_that_begin_alike_are_independent_too() -> None:
    """However long they are."""
    assert related(lambda flag, key: bucket("x" * 100 + flag, key), 15.14, 0.5) == 0


@given(st.text(max_size=12), st.floats(0.001, 99.999), st.floats(0.001, 99.999), st.text(max_size=12))
def test_nobody_leaves_as_the_percentage_rises(flag: str, one: float, other: float, key: str) -> None:
    """For any flag, key and two percentages; asked again, the answer is the same."""
    low, high = sorted((one, other))
    before, after = Rollout(flag, low), Rollout(flag, high)
    assert before.covers(key) <= after.covers(key)
    assert before.covers(key) is before.covers(key)
    assert before.covers(key) == (bucket(flag, key) < low * BUCKETS / 100)


def test_another_process_covers_the_same_keys() -> None:
    """Also one whose hashes of texts are seeded differently."""
    program = "from overt.flags.buckets import bucket; print(*[bucket('a', str(n)) for n in range(200)])"
    command = [sys.executable, "-c", program]
    answers = {
        subprocess.run(
            command, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert answers == {" ".join(str(bucket("a", str(number))) for number in range(200)) + "\n"}


class Odd:
    """A key of a class of its own."""

    def __str__(self) -> str:
        return "odd"


KINDS_OF_KEY: list[Any] = [
    *(None, "user-1", "", "\ud800", b"user-1", b"\xff", 0, 7, -1, 1.5, float("nan"), True, False),
    *((), (1, "a"), ["not", "hashable"], {"a": 1}, uuid.UUID(int=7), Odd(), object()),
]


@pytest.fixture
def flags() -> Iterator[FeatureFlags]:
    with FeatureFlags(MemoryStore(), [A]) as made:
        yield made


@pytest.mark.parametrize("how", ["set", "set_percentage", "apply", "override"])
@pytest.mark.parametrize("value", [0, 0.0, -0.0, False, 100, 100.0, True])
def test_nought_is_off_and_a_hundred_is_on_for_every_kind_of_call(
    flags: FeatureFlags, value: Any, how: str, request: pytest.FixtureRequest
) -> None:
    """However it was set, whoever asks, and through whichever door."""
    expected = value in {100, True} and value is not False
    if isinstance(value, bool) and how == "set_percentage":
        with pytest.raises(ValueError, match="a percentage is a number"):
            flags.set_percentage("a", value)
        return
    if how == "override":
        block = flags.override(a=value)
        block.__enter__()
        request.addfinalizer(lambda: block.__exit__(None, None, None))
    elif how == "apply":
        flags.apply({"a": value})
    else:
        getattr(flags, how)("a", value)
    for key in KINDS_OF_KEY:
        assert flags.enabled("a", key) is expected
        assert flags.enabled(A, key) is expected  # type: ignore[arg-type]
        assert flags.switch("a", key)() is expected
    assert flags.switch("a")() is expected
    state = flags.describe("a")
    assert (state.enabled, state.percentage) == (expected, 100.0 * expected)
    assert bool(flags.all()["a"]) is bool(flags.value("a")) is expected
    api.set_provider_and_wait(OvertProvider(flags), "rollout")
    client = api.get_client("rollout")
    for context in (None, EvaluationContext(), EvaluationContext("user-1")):
        assert client.get_boolean_value("a", not expected, context) is expected
        assert client.get_boolean_details("a", not expected, context).variant == ("on" if expected else "off")
        assert client.get_integer_value("a", 7, context) == 100 * expected
        assert client.get_float_value("a", 7.0, context) == 100.0 * expected
    api.clear_providers()


@pytest.mark.parametrize("percentage", [0.0005, 1, 50, 99.9995])
def test_a_part_is_a_part_for_every_kind_of_key(flags: FeatureFlags, percentage: float) -> None:
    """It is never taken for true, and each key has the answer of its text."""
    flags.set_percentage("a", percentage)
    assert flags.enabled("a") is flags.switch("a")() is False
    assert flags.describe("a").enabled is False
    for key in KINDS_OF_KEY[1:]:
        text = key.decode("utf-8", "replace") if isinstance(key, bytes) else str(key)
        expected = bucket("a", text) < percentage * BUCKETS / 100
        assert [flags.enabled("a", key) for _ in range(3)] == [expected] * 3


def test_a_stage_at_a_hundred_percent_is_on_for_everybody(flags: FeatureFlags) -> None:
    """And one that was rolled back is off, with a key and without."""
    with MigrationControl(flags, [Stage(1, "one", ["a"])]) as control:
        control.advance_to(1, percentage=100.0)
        assert [flags.enabled("a", key) for key in KINDS_OF_KEY] == [True] * len(KINDS_OF_KEY)
        control.rollback_to(0)
        assert [flags.enabled("a", key) for key in KINDS_OF_KEY] == [False] * len(KINDS_OF_KEY)
