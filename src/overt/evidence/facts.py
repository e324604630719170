"""Everything that was measured, by name, each with how far it may be relied on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from overt.campaign.flag_states import state_suites, with_states
from overt.campaign.records import Campaign
from overt.evidence.control_facts import control_facts
from overt.evidence.controls import KIND as CONTROLS
from overt.evidence.fact_families import (
    benchmark_facts,
    comparison_facts,
    hidden_state_facts,
    measure_facts,
    record_facts,
    run_facts,
    suite_facts,
    tests_facts,
)
from overt.evidence.fact_records import Fact
from overt.evidence.fact_samples import sample_facts
from overt.evidence.fact_states import flag_state_facts
from overt.evidence.freshness import Freshness, planned_in
from overt.evidence.leaks import leak_facts
from overt.evidence.ledger import Ledger
from overt.evidence.measured import Measured
from overt.evidence.reader import Run
from overt.evidence.records import AnyRecord, Control, ExerciseChecked, Reference, Rehearsal
from overt.evidence.summary import SuiteSummary, never_run, summarise
from overt.evidence.unpaired import unpaired_facts
from overt.model import State

__all__ = ["Fact", "Facts", "gather"]

_OTHER_KINDS = frozenset({"rehearsal", "training", "audit", CONTROLS})


@dataclass(frozen=True, slots=True)
class Facts:
    """What was measured of a project.

    Args:
        suites: One summary for each suite of the campaign, in its order; those never run are `unchecked`.
        facts: Every fact by name.
        states: One summary for each suite in each state of flags that it is to be run in.
    """

    suites: tuple[SuiteSummary, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    states: tuple[SuiteSummary, ...] = ()

    def get(self, path: str) -> Fact:
        """Return a fact; one that nobody measured is `unchecked` and has no value.

        Args:
            path: Its dotted name.

        Example:
            >>> Facts().get("tests.passed").state.value
            'unchecked'
        """
        return self.facts.get(path) or Fact(path, None, "count", State.UNCHECKED, f"{path} was not measured")

    def names(self) -> list[str]:
        """Return the names of all known facts, sorted."""
        return sorted(self.facts)


def gather(root: Path, campaign: Campaign, ledger: Ledger, *, files: Sequence[str], now_ns: int) -> Facts:
    """Return the facts that the ledger holds about a project as it is now.

    Each suite rests on the newest run that planned it. What is damaged, incomplete, or no longer fits the project's
    files and settings says so in its state.

    Args:
        root: Folder of the project.
        campaign: Its campaign.
        ledger: Its evidence.
        files: Its files, relative to the root, POSIX.
        now_ns: Now, nanoseconds since 1970 UTC.
    """
    freshness = Freshness(root, campaign, files, now_ns)
    suites = tuple(_measure(name, campaign, ledger, freshness) for name in campaign.suites)
    whole = with_states(campaign)
    states = tuple(_measure(name, whole, ledger, freshness) for name in state_suites(campaign))
    others = tuple(_others(ledger, freshness))
    found: dict[str, Fact] = {}
    for fact in (*_all_facts(suites, others, campaign), *flag_state_facts(states)):
        found[fact.name] = fact
    return Facts(tuple(one.summary for one in suites), found, tuple(one.summary for one in states))


def _all_facts(suites: tuple[Measured, ...], others: tuple[Measured, ...], campaign: Campaign) -> Iterable[Fact]:
    yield from tests_facts(suites, campaign)
    for one in suites:
        yield from suite_facts(one)
    yield from hidden_state_facts(suites)
    yield from measure_facts((*suites, *others))
    yield from comparison_facts((*suites, *others))
    yield from benchmark_facts(suites)
    yield from leak_facts(suites)
    yield from unpaired_facts(suites)
    yield from record_facts((*suites, *others))
    yield from sample_facts(suites)
    yield from control_facts([one for one in others if one.summary.kind == CONTROLS])
    yield from run_facts(suites)


def _measure(name: str, campaign: Campaign, ledger: Ledger, freshness: Freshness) -> Measured:
    suite = campaign.suites[name]
    run = ledger.latest(name)
    planned = planned_in(run.manifest.plan.suites, name) if run else None
    if run is None or planned is None:
        lost = f"; the run {ledger.unreadable[0]} cannot be read" if ledger.unreadable else ""
        return Measured(never_run(name, suite, f"it was never run{lost}"))
    summary = summarise(
        run,
        planned,
        suite=suite,
        stale=freshness.of(planned, run.manifest.created_ns, run.blob),
        doubt=_doubt(ledger, run),
        quarantine=freshness.quarantine,
    )
    return Measured(summary, tuple(run.for_suite(name)))


def _doubt(ledger: Ledger, run: Run) -> str:
    hiding = ledger.hidden_by_damage(run)
    return f"the run {hiding}, which may be newer, cannot be read" if hiding else ""


def _others(ledger: Ledger, freshness: Freshness) -> Iterable[Measured]:
    """Yield what was rehearsed, trained and audited: of each thing its newest record, whichever run holds it."""
    known: set[tuple[str, str]] = set()
    for run in ledger.runs:
        for planned in run.manifest.plan.suites:
            if planned.suite_kind not in _OTHER_KINDS:
                continue
            records = [record for record in run.for_suite(planned.name) if _subject(record) not in known]
            if not records:
                continue
            stale = freshness.of(planned, run.manifest.created_ns, run.blob)
            summary = summarise(run, planned, stale=stale, doubt=_doubt(ledger, run))
            yield Measured(summary, tuple(records))
            known |= {_subject(record) for record in records} - {("", "")}


def _subject(record: AnyRecord) -> tuple[str, str]:
    """Return what a record is about, so that a newer one replaces it; references are replaced as a whole."""
    match record:
        case Rehearsal():
            return "rehearsal", record.runbook
        case ExerciseChecked():
            return "exercise", record.exercise
        case Reference():
            return "references", ""
        case Control():
            return "control", record.gate
        case _:
            return "", ""
