"""Two sides measured in turns, by a clock that is passed in."""

from __future__ import annotations

import gc
import json

import pytest

from overt.testing.paired import Compared, Side, Timers, compare


class Machine:
    """A machine whose time passes only when something works on it, and which may slow down as it goes on."""

    def __init__(self, slowing: float = 1.0) -> None:
        self.now, self.slowing, self.speed, self.order = 0.0, slowing, 1.0, list[str]()

    def side(self, name: str, cost_ns: float) -> Side:
        """Return a side that takes so long an operation."""

        def run(count: int) -> None:
            self.order.append(name)
            self.speed *= self.slowing
            self.now += count * cost_ns * self.speed

        return run

    def timers(self) -> Timers:
        """Return the machine's clocks."""
        return Timers(lambda: round(2 * self.now), lambda: round(self.now))

    def compare(self, old: float = 100, new: float = 100, **options: object) -> Compared:
        """Compare two costs."""
        sides = {"old": self.side("old", old), "new": self.side("new", new)}
        return compare("work", timers=self.timers(), at_least_ns=10_000, **sides, **options)  # type: ignore[arg-type]


def test_sides_take_turns_in_an_order_that_alternates() -> None:
    """Old, new, old; then the same backwards: the control is measured as the baseline is."""
    machine = Machine()
    done = machine.compare()
    warm = machine.order.index("new") + 1
    assert set(machine.order[:warm]) == {"old", "new"}
    assert machine.order[warm:] == ["old", "new", "old"] * 10
    assert len(done.rounds) == 10


@pytest.mark.parametrize(("new", "verdict"), [(150, "slower"), (60, "faster"), (100, "same"), (101, "same")])
def test_the_verdict_is_that_of_the_ratio(new: float, verdict: str) -> None:
    """The candidate by the baseline."""
    done = Machine().compare(new=new)
    assert done.verdict == verdict
    assert done.ratio.value == pytest.approx(new / 100, rel=1e-3)
    assert done.control.value == pytest.approx(1)


def test_a_machine_that_slows_down_is_not_taken_for_slower_code() -> None:
    """Each measurement takes half a percent longer than the last one: order alternates, so it cancels."""
    done = Machine(slowing=1.005).compare(rounds=60)
    assert done.ratio.value == pytest.approx(1, abs=0.006)
    assert done.verdict in {"same", "inconclusive"}


def test_a_control_that_differs_makes_the_comparison_worth_nothing() -> None:
    """The same code, always slower the second time within a round of either direction."""
    done = Machine().compare(new=150)
    spoilt = [one._replace(control=one.control._replace(cpu_ns=2 * one.control.cpu_ns)) for one in done.rounds]
    assert Compared("work", "old", "new", tuple(spoilt), 1, 0.02).verdict == "not comparable"


def test_too_few_rounds_are_no_measurement() -> None:
    """Five pairs have no exact interval of 95 %."""
    assert Machine().compare(new=300, rounds=5).verdict == "not measured"


def test_it_goes_on_while_the_interval_is_wide() -> None:
    """Up to the number of rounds that were asked for."""
    machine = Machine(slowing=1.02)
    assert len(machine.compare(rounds=17).rounds) == 17


def test_operations_are_chosen_so_that_a_measurement_takes_long_enough() -> None:
    """The baseline works for the time that was asked for, at least."""
    done = Machine().compare(old=7)
    assert done.operations * 7 >= 10_000
    assert all(one.baseline.cpu_ns >= 10_000 for one in done.rounds)


def test_the_property_holds_every_measurement() -> None:
    """Wall and processor time of each side of each round, in the order of the roles."""
    done = Machine().compare(new=200, rounds=6)
    told = json.loads(done.property_text())
    assert (told["name"], told["sides"], told["operations"], told["band_ppm"]) == (
        "work",
        ["old", "new"],
        done.operations,
        20_000,
    )
    first = done.rounds[0]
    assert told["rounds"][0] == [*first.baseline, *first.candidate, *first.control]
    assert len(told["rounds"]) == 6


def test_the_collector_is_left_as_it_was() -> None:
    """Off while measuring, on again also when a side breaks."""
    seen = []

    def broken(_count: int) -> None:
        seen.append(gc.isenabled())
        raise KeyError("x")

    with pytest.raises(KeyError):
        compare("work", old=broken, new=broken)
    assert (seen, gc.isenabled()) == ([False], True)


@pytest.mark.parametrize("sides", [{}, {"old": print}, {"a": print, "b": print, "c": print}])
def test_two_sides_are_compared(sides: dict[str, Side]) -> None:
    """Not one, not three."""
    with pytest.raises(ValueError, match="name two sides"):
        compare("work", **sides)  # type: ignore[arg-type]


def test_a_name_is_one_that_claims_can_use() -> None:
    """Blanks would need quotes in every claim."""
    with pytest.raises(ValueError, match="'my work' is no name"):
        compare("my work", old=print, new=print)
