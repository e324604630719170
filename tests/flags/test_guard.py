"""A flag chooses between old and new at every call, both can be compared, and the old one can catch."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from overt.flags import FeatureFlags, Guard, MigrationControl, Stage, UnknownFlag, write_comparisons
from overt.runtime import Comparison, Telemetry
from overt.testing import capture_telemetry, wait_for


def new(number: int) -> str:
    """Say new."""
    if number < 0:
        raise TimeoutError("negative")
    return f"new {number}"


def legacy(number: int) -> str:
    """Say legacy."""
    return f"legacy {number}"


async def async_new(number: int) -> str:
    """Say new."""
    return new(number)


async def async_legacy(number: int) -> str:
    """Say legacy."""
    return legacy(number)


def ask(guard: Any, *numbers: int) -> list[str]:
    """Return what a guard of either kind answers."""
    if asyncio.iscoroutinefunction(guard.call):

        async def all_of_them() -> list[str]:
            return [await guard(number) for number in numbers]

        return asyncio.run(all_of_them())
    return [guard(number) for number in numbers]


PAIRS = pytest.mark.parametrize("pair", [(new, legacy), (async_new, async_legacy)], ids=["plain", "async"])


@PAIRS
@pytest.mark.parametrize("compare", [0.0, 1.0])
def test_the_flag_chooses_at_every_call(flags: FeatureFlags, pair: Any, compare: float) -> None:
    """Compared or not, the answer is that of the chosen one, and both are counted."""
    guard = flags.guard("a", new=pair[0], legacy=pair[1], compare=compare)
    assert ask(guard, 1) == ["legacy 1"]
    flags.enable("a")
    assert ask(guard, 2, 3) == ["new 2", "new 3"]
    assert guard.stats() == {"new": 2, "legacy": 1, "fallbacks": 0}
    report = guard.report()
    assert (report.name, report.counts["mismatches"]) == ("a", 3 * int(compare))
    assert (report.counts["new_calls"], report.counts["legacy_calls"]) == (2, 1)


@PAIRS
def test_a_percentage_goes_by_the_key_of_the_call(flags: FeatureFlags, pair: Any) -> None:
    """The same keys always get the new one; without a key a percentage is off."""
    flags.set_percentage("a", 50)
    guard = flags.guard("a", new=pair[0], legacy=pair[1], key=lambda number: f"user-{number}")
    expected = [f"{'new' if flags.enabled('a', f'user-{n}') else 'legacy'} {n}" for n in range(50)]
    assert ask(guard, *range(50)) == expected
    assert {text.split()[0] for text in expected} == {"new", "legacy"}
    assert ask(flags.guard("a", new=pair[0], legacy=pair[1]), 1) == ["legacy 1"]
    fixed = flags.guard("a", new=pair[0], legacy=pair[1], key="user-0", compare=1.0)
    assert ask(fixed, 0) == expected[:1]


@PAIRS
@pytest.mark.parametrize("compare", [0.0, 1.0])
def test_declared_errors_of_the_new_one_fall_back(flags: FeatureFlags, pair: Any, compare: float) -> None:
    """Those only, counted; errors of the legacy one come through."""
    flags.enable("a")
    guard = flags.guard("a", new=pair[0], legacy=pair[1], fallback=TimeoutError, compare=compare)
    assert ask(guard, -1, 1) == ["legacy -1", "new 1"]
    assert guard.stats().fallbacks == 1
    strict = flags.guard("a", new=pair[0], legacy=pair[1], fallback=(KeyError, ValueError), compare=compare)
    with pytest.raises(TimeoutError):
        ask(strict, -1)
    flags.disable("a")
    swapped = flags.guard("a", new=pair[1], legacy=pair[0], fallback=TimeoutError, compare=compare)
    with pytest.raises(TimeoutError):
        ask(swapped, -1)
    assert strict.stats().fallbacks == swapped.stats().fallbacks == 0


def test_mistakes_are_told_when_a_guard_is_made(flags: FeatureFlags) -> None:
    """An unknown flag, one async and one plain, a fallback that is no exception, a share that is none."""
    with pytest.raises(UnknownFlag, match="did you mean 'long-name'"):
        flags.guard("long-nam", new=new, legacy=legacy)
    with pytest.raises(ValueError, match="a: one implementation is async"):
        flags.guard("a", new=async_new, legacy=legacy)  # type: ignore[arg-type]
    for wrong in (SystemExit, "TimeoutError", (ValueError, 3)):
        with pytest.raises(TypeError, match="declared by their class"):
            flags.guard("a", new=new, legacy=legacy, fallback=wrong)
    with pytest.raises(ValueError, match="0 to 1"):
        flags.guard("a", new=new, legacy=legacy, compare=7)


def test_a_guard_stands_where_the_function_stood(flags: FeatureFlags) -> None:
    """Its name, its text, and its place in a class are kept."""
    guard = flags.guard("a", new=new, legacy=legacy)
    assert (guard.call.__name__, guard.call.__doc__) == ("new", "Say new.")

    class Shop:
        name = "shop"
        total = Guard(flags, "a", new=lambda self, n: f"{self.name} new {n}", legacy=lambda self, n: f"{self.name} {n}")

    assert Shop().total(3) == "shop 3"
    flags.enable("a")
    assert Shop().total(3) == "shop new 3"
    assert isinstance(Shop.total, Guard)


@PAIRS
def test_calls_are_announced_for_health(flags: FeatureFlags, telemetry: Telemetry, pair: Any) -> None:
    """Both sides with their durations when they are compared; expected errors are answers."""
    flags.enable("a")
    guard = flags.guard("a", new=pair[0], legacy=pair[1], compare=1.0, telemetry=telemetry)
    with capture_telemetry(telemetry, ("overt", "guard")) as events:
        ask(guard, 1)
        with pytest.raises(TimeoutError):
            ask(guard, -1)
    told = [(event.metadata["implementation"], event.metadata["result"]) for event in events]
    assert told == [("new", "ok"), ("legacy", "ok"), ("new", "error"), ("legacy", "ok")]
    assert all(event.measurements["duration_ns"] > 0 for event in events)
    tolerant = flags.guard("a", new=pair[0], legacy=pair[1], expected=TimeoutError, telemetry=telemetry)
    with capture_telemetry(telemetry, ("overt", "guard")) as events, pytest.raises(TimeoutError):
        ask(tolerant, -1)
    assert [event.metadata["result"] for event in events] == ["ok"]


def test_a_new_implementation_that_fails_is_rolled_back_by_itself(flags: FeatureFlags, telemetry: Telemetry) -> None:
    """The guard's calls are what the monitor measures, end to end."""
    guard = flags.guard("a", new=new, legacy=legacy, fallback=TimeoutError, telemetry=telemetry)
    with MigrationControl(flags, [Stage(1, "cart", ["a"])], telemetry=telemetry) as control:
        control.advance_to(1)
        control.start_monitor(interval=0.005)
        assert ask(guard, *[-1, *range(9)] * 10)[0] == "legacy -1"
        wait_for(lambda: control.status().stage == 0, timeout=5)
        # A change is in the history a moment before readers see it.
        wait_for(lambda: ask(guard, 1) == ["legacy 1"], timeout=5)
        assert [move.kind for move in control.history()] == ["advance", "automatic"]


def test_reports_are_written_for_the_ledger(flags: FeatureFlags, tmp_path: Path) -> None:
    """One file with the counts and the first differences of several comparisons."""
    shared = Comparison("shared")
    with flags.guard("a", new=new, legacy=legacy, compare=shared) as guard:
        ask(guard, 1)
    write_comparisons(tmp_path / "compared.json", [guard, shared])
    document = json.loads((tmp_path / "compared.json").read_text())
    first, second = document["comparisons"]
    assert (first["name"], first["counts"]["mismatches"], first["counts"]["legacy_calls"]) == ("a", 1, 1)
    assert second["mismatches"] == [
        {"chosen": "legacy", "call": "(1)", "new": "returned 'new 1'", "legacy": "returned 'legacy 1'"}
    ]
