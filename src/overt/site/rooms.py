"""Reads runbooks, exercises, review rules and flags, with what the ledger says about each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from overt.campaign.records import Campaign
from overt.evidence.control_history import gate_histories
from overt.evidence.facts import Facts
from overt.evidence.ledger import Ledger
from overt.evidence.reader import Run
from overt.evidence.records import AnyRecord, Performed, Rehearsal
from overt.model import State, Verdict
from overt.runbook.perform import SUITE as PERFORMED
from overt.site.inputs import Rooms, RunbookView
from overt.training.records import Exercise


def verdict_of(name: str, facts: Facts, *, never: str) -> Verdict:
    """Return what a fact that is a flag says, as a verdict.

    Args:
        name: Name of the fact, for example `rehearsals.restore.proved`.
        facts: What was measured.
        never: Reason to give when it was not measured.
    """
    fact = facts.get(name)
    if fact.value is None:
        return Verdict(State.UNCHECKED, never, fact.evidence)
    if fact.state is not State.PROVED:
        return Verdict(fact.state, fact.reason, fact.evidence)
    return Verdict(State.PROVED if fact.value else State.REFUTED, "", fact.evidence)


def _recorded(ledger: Ledger, evidence: Sequence[str]) -> Iterator[tuple[Run, AnyRecord]]:
    runs = {run.name: run for run in ledger.runs}
    for reference in evidence:
        name, _, record_id = reference.partition("/")
        if name in runs:
            yield from ((runs[name], record) for record in runs[name].records if record.id == record_id)


def _performed(ledger: Ledger) -> dict[str, dict[str, Performed]]:
    """Return what came of each runbook for real: the newest of each environment."""
    found: dict[str, dict[str, Performed]] = {}
    for run in ledger.runs:
        if any(suite.name == PERFORMED for suite in run.manifest.plan.suites):
            for record in run.of(Performed):
                found.setdefault(record.runbook, {}).setdefault(record.environment, record)
    return found


def _runbooks(
    root: Path, campaign: Campaign, ledger: Ledger, facts: Facts, *, files: Sequence[str], pages: Mapping[str, str]
) -> Iterator[RunbookView]:
    from overt.runbook.load import load_all

    performed = _performed(ledger)
    for runbook in load_all(root, campaign, files).runbooks:
        verdict = verdict_of(f"rehearsals.{runbook.id}.proved", facts, never="it was never rehearsed")
        seen = ((run, record) for run, record in _recorded(ledger, verdict.evidence) if isinstance(record, Rehearsal))
        run, rehearsal = next(seen, (None, None))
        if rehearsal is not None and rehearsal.text_sha256 != runbook.text_sha256:
            verdict = Verdict(State.STALE, "its text changed since it was rehearsed", verdict.evidence)
        yield RunbookView(
            runbook=runbook,
            verdict=verdict,
            rehearsal=rehearsal,
            subject=run.manifest.subject if run else None,
            performed=tuple(performed.get(runbook.id, {}).values()),
            page=pages.get(runbook.path, ""),
        )


def _exercises(root: Path, campaign: Campaign, facts: Facts) -> Iterator[tuple[Exercise, Verdict]]:
    """Exercises of the project's own track; of the one that comes with overt only when it was checked here."""
    own = campaign.training.path
    if not own and not any(name.startswith("exercises.") and name.count(".") > 1 for name in facts.names()):
        return
    from overt.training.track import OWN, load_track

    for exercise in load_track(root / own if own else OWN).exercises:
        yield exercise, verdict_of(f"exercises.{exercise.name}.proved", facts, never="it was never checked")


def read_rooms(
    root: Path, campaign: Campaign, ledger: Ledger, facts: Facts, *, files: Sequence[str], pages: Mapping[str, str]
) -> Rooms:
    """Read what stands beside suites and claims.

    Args:
        root: Folder of the project.
        campaign: Its campaign.
        ledger: Its evidence.
        facts: What was measured.
        files: Its files, relative to the root, POSIX.
        pages: Documents, relative to the root, to the paths of their pages.
    """
    from overt.review.rules import all_rules

    return Rooms(
        runbooks=tuple(_runbooks(root, campaign, ledger, facts, files=files, pages=pages)),
        exercises=tuple(_exercises(root, campaign, facts)),
        review=all_rules(),
        flags=campaign.flags,
        stages=campaign.stages,
        gates=gate_histories(campaign, ledger),
    )
