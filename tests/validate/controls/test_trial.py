"""What a gate said, read from the records that its verdict rests on."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from overt.evidence.records import FindingSeen, Sample
from overt.model import Finding, Location, Severity, State, Verdict
from overt.validate.controls.gates import Gate
from overt.validate.controls.trial import Bout, Trial, judge


def bout(state, *records):
    """Return a suite that has run."""
    summary = SimpleNamespace(verdict=Verdict(state, "as it went"), duration_ns=7)
    return Bout(SimpleNamespace(for_suite=lambda _: records), {"unit": summary})


def samples(new, *, again=1000):
    """Return what a benchmark left: its candidate, and the baseline once more."""
    return [
        Sample(
            id="s", suite="unit", benchmark="b", side="x", role=role, pair=pair, order=1, wall_ns=spent, cpu_ns=spent
        )
        for pair in range(10)
        for role, spent in (("baseline", 1000 + pair), ("candidate", new + pair), ("control", again + pair))
    ]


def finding(path, line):
    """Return a new finding."""
    seen = Finding(rule="OV1", message="m", location=Location(path, line), severity=Severity.WARNING)
    return FindingSeen(id=f"{path}{line}", suite="unit", finding=seen)


@pytest.mark.parametrize(
    ("new", "again", "alarmed", "unable"),
    [
        (1200, 1000, True, ""),
        (800, 1000, True, ""),
        (1000, 1000, False, ""),
        (1200, 1200, False, "not comparable: the baseline differed from itself"),
    ],
)
def test_a_benchmark_alarms_beyond_its_band(new, again, alarmed, unable):
    """Where its own control alarms, nothing is known of the gate."""
    found = judge(
        Gate("unit.benchmark", "unit", "benchmark"), bout(State.PROVED, *samples(new, again=again)), seeded=True
    )
    assert found.alarmed is alarmed
    assert found.unable.startswith(unable)
    assert bool(found.unable) is bool(unable)


def test_a_benchmark_that_left_nothing_was_not_tried():
    """No sample, no statement."""
    found = judge(Gate("unit.benchmark", "unit", "benchmark"), bout(State.PROVED), seeded=True)
    assert found.unable == "nothing was measured"


@pytest.mark.parametrize(
    ("place", "alarmed"), [(("a.py", 12), True), (("a.py", 10), False), (("b.py", 12), False), (None, True)]
)
def test_an_alarm_counts_where_the_defect_is(place, alarmed):
    """A linter that finds something elsewhere, or above the planted lines, has not seen it; a program only exits."""
    seen = [finding(*place)] if place else []
    gate = Gate("unit", "unit", "lint")
    found = judge(gate, bout(State.REFUTED, *seen), seeded=True, planted="a.py", after=10)
    assert found.alarmed is alarmed
    assert judge(gate, bout(State.PROVED, *seen), seeded=True, planted="a.py", after=10).alarmed is False


@pytest.mark.parametrize("state", [State.UNCHECKED, State.CONFLICT])
def test_a_suite_that_was_not_judged_says_nothing_of_its_gate(state):
    """Neither an alarm nor silence."""
    found = judge(Gate("unit", "unit", "command"), bout(state), seeded=True)
    assert found == Trial(unable="as it went", duration_ns=7)
