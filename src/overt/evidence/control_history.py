"""How often a gate was tried, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from overt.campaign.records import Campaign
from overt.evidence.controls import KIND, GateSeen, gates_seen
from overt.evidence.ledger import Ledger
from overt.model import State

MOST = 30
"""Runs that are looked into, the newest first."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One time that a gate was tried.

    Args:
        run: Name of the run.
        created_ns: When it began, nanoseconds since 1970 UTC.
        commit: What was tried; empty when not known.
        dirty: Whether the work tree differed from it.
        gate: What was seen.
    """

    run: str
    created_ns: int
    commit: str
    dirty: bool
    gate: GateSeen


@dataclass(frozen=True, slots=True)
class GateHistory:
    """A gate and the times that it was tried.

    Args:
        name: Its name.
        suite: Name of its suite.
        sort: Kind of its suite, or what it judges beside tests.
        trials: The newest first; empty when it never was.
        without: Why it has no control; empty when it has one, or when nothing is known.
    """

    name: str
    suite: str
    sort: str
    trials: tuple[Trial, ...] = ()
    without: str = ""

    @property
    def held(self) -> int:
        """How often it alarmed at the defect and stayed silent without."""
        return sum(trial.gate.state is State.PROVED for trial in self.trials)


def gate_histories(campaign: Campaign, ledger: Ledger) -> tuple[GateHistory, ...]:
    """Return the gates of a project, in the order of its suites, with the times that each was tried.

    Args:
        campaign: The project's campaign.
        ledger: Its evidence; damaged runs count for nothing.
    """
    seen: dict[str, list[Trial]] = {}
    for trial in _trials(ledger):
        seen.setdefault(trial.gate.name, []).append(trial)
    found: list[GateHistory] = []
    for name, suite in campaign.suites.items():
        if suite.kind == KIND:
            continue
        names = dict.fromkeys([name, *(f"{name}.{plant}" for plant in suite.control.plant if plant != "test")])
        if suite.control.plant and "test" not in suite.control.plant:
            names.pop(name)
        found += [_history(gate, name, suite.kind, seen.get(gate, [])) for gate in names]
    return tuple(found)


def _history(gate: str, suite: str, kind: str, trials: list[Trial]) -> GateHistory:
    without = trials[0].gate.reason if trials and trials[0].gate.state is State.OPEN else ""
    tried = tuple(trial for trial in trials if trial.gate.state is not State.OPEN)
    sort = gate.removeprefix(f"{suite}.") if gate != suite else kind
    return GateHistory(gate, suite, sort, tried, without)


def _trials(ledger: Ledger) -> Iterator[Trial]:
    runs = [run for run in ledger.runs if any(suite.suite_kind == KIND for suite in run.manifest.plan.suites)]
    for run in runs[:MOST]:
        subject = run.manifest.subject
        if run.damage:
            continue
        for gate in gates_seen(run.records):
            yield Trial(run.name, run.manifest.created_ns, subject.commit, subject.dirty, gate)
