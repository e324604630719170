"""Gates are judged anew from what their controls observed."""

from __future__ import annotations

import pytest

from overt.campaign.records import Campaign, Suite, SuiteControl
from overt.evidence.control_history import gate_histories
from overt.evidence.controls import GateSeen, achieved, control_state, gates_seen
from overt.evidence.facts import gather
from overt.evidence.ledger import open_ledger
from overt.evidence.records import Control
from overt.evidence.summary import summarise
from overt.model import State

CAMPAIGN = Campaign(
    suites={
        "unit": Suite(kind="pytest", control=SuiteControl(plant=("test", "leak"))),
        "types": Suite(kind="command", command=("mypy",)),
        "controls": Suite(kind="controls"),
    }
)


def half(gate: str = "unit", *, defect: bool, alarmed: bool, **more: object) -> Control:
    """Return one half of a gate's control."""
    given = {"planted": "a defect", "sort": "pytest", "suite": "controls", **more}
    name = f"control:{gate}:{'defect' if defect else 'twin'}"
    return Control(id=name, gate=gate, must_alarm=defect, alarmed=alarmed, **given)


def both(gate: str = "unit", *, blind: bool = False, nervous: bool = False, **more: object) -> tuple[Control, Control]:
    """Return both halves: of a gate that sees nothing, or that always alarms."""
    return half(gate, defect=True, alarmed=not blind, **more), half(gate, defect=False, alarmed=nervous, **more)


def none_declared(gate: str) -> Control:
    """Return what is recorded of a gate without a control."""
    return half(gate, defect=True, alarmed=False, planted="", unable="no defect is declared")


@pytest.mark.parametrize(
    ("defect", "alarmed", "state"),
    [
        (True, True, State.PROVED),
        (True, False, State.REFUTED),
        (False, False, State.PROVED),
        (False, True, State.REFUTED),
    ],
)
def test_a_gate_alarms_when_it_must_and_only_then(defect, alarmed, state):
    """A defect without an alarm and an alarm without a defect both refute."""
    assert control_state(half(defect=defect, alarmed=alarmed))[0] is state


def test_a_gate_that_could_not_be_tried_is_unchecked(book):
    """It neither holds nor fails, whatever the record says of alarms."""
    broken = half(defect=True, alarmed=True, unable="mypy is not installed")
    assert control_state(broken) == (State.UNCHECKED, "the gate unit could not be tried: mypy is not installed")


def test_half_a_control_proves_nothing():
    """An alarm alone may come at anything; both halves are needed."""
    alone = GateSeen("unit", "pytest", seeded=half(defect=True, alarmed=True))
    assert (alone.state, alone.reason) == (State.UNCHECKED, "only the defect was tried")


def test_gates_are_told_apart_and_counted_in_words():
    """Those without a control are told and count for nothing."""
    records = [*both(), *both("lint", blind=True), none_declared("types")]
    states = {gate.name: gate.state for gate in gates_seen(records)}
    assert states == {"unit": State.PROVED, "lint": State.REFUTED, "types": State.OPEN}
    assert achieved(records) == "1 gate alarms at a planted defect and stays silent without; 1 without a control"


def end(book, *records):
    """Write a run of controls."""
    suites = (book.planned("controls", "controls"),)
    return book.run(*records, book.end("controls"), suites=suites)


def judged(book, *records):
    """Return the facts of a ledger with one run of controls."""
    end(book, *records)
    return gather(book.root, CAMPAIGN, open_ledger(book.root), files=[], now_ns=book.clock.now)


def verdict(book, *records):
    """Return what a suite of controls came to."""
    run = end(book, *records)
    return summarise(run, run.manifest.plan.suites[0]).verdict


def test_controls_leave_facts(book):
    """How many gates there are, how many hold, and of each what it did."""
    leak = both("unit.leak", sort="leak", value=1030, low=1028, high=1033, unit="bytes")
    facts = judged(book, *both(), *leak, *both("lint", nervous=True), none_declared("types"))
    told = {name: facts.get(f"controls.{name}").value for name in ("total", "proved", "without")}
    assert told == {"total": 3, "proved": 2, "without": 1}
    assert facts.get("controls.unit.alarmed").value is True
    assert facts.get("controls.lint.silent").value is False
    assert (facts.get("controls.unit.leak.low").value, facts.get("controls.unit.leak.low").unit) == (1028, "bytes")
    assert facts.get("controls.types.alarmed").value is None


def test_a_blind_gate_refutes_its_suite_and_names_it(book):
    """The reason says which gate stayed silent, and at what."""
    found = verdict(book, *both(), *both("lint", blind=True))
    assert "the gate lint stayed silent although it was given a defect" in found.reason


def test_no_gate_tried_is_unchecked(book):
    """A suite of controls that found nothing to try proves nothing."""
    found = verdict(book, none_declared("types"))
    assert (found.state, found.reason) == (State.UNCHECKED, "no gate was tried")


def test_of_a_gate_the_newest_trial_counts(book):
    """A later run that tries one gate leaves the others as they were."""
    end(book, *both(), *both("lint", blind=True))
    later = both("lint", suite="controls-lint")
    book.run(*later, book.end("controls-lint"), suites=(book.planned("controls-lint", "controls"),))
    facts = gather(book.root, CAMPAIGN, open_ledger(book.root), files=[], now_ns=book.clock.now)
    assert (facts.get("controls.total").value, facts.get("controls.proved").value) == (2, 2)


def test_history_tells_how_often_a_gate_held(book):
    """Gates come in the order of the suites, those never tried too."""
    end(book, *both(blind=True), none_declared("types"))
    end(book, *both())
    found = {gate.name: gate for gate in gate_histories(CAMPAIGN, open_ledger(book.root))}
    assert list(found) == ["unit", "unit.leak", "types"]
    assert (len(found["unit"].trials), found["unit"].held) == (2, 1)
    assert found["unit"].trials[0].gate.state is State.PROVED
    assert (found["types"].trials, found["types"].without) == ((), "no defect is declared")
    assert (found["unit.leak"].trials, found["unit.leak"].without) == ((), "")
