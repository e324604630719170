"""Reads runbooks, review rules and flags, with what the ledger says about each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from overt.campaign.records import Campaign
from overt.evidence.control_history import gate_histories
from overt.evidence.facts import Facts
from overt.evidence.ledger import Ledger
from overt.evidence.records import Performed, Rehearsal
from overt.model import State, Verdict
from overt.runbook.perform import SUITE as PERFORMED
from overt.site.guides import read_guides
from overt.site.inputs import Rooms, RunbookView
from overt.site.ledgered import recorded, verdict_of
from overt.site.lessons import read_lessons
from overt.site.reviews import read_reviews
from overt.system.git import git


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
        seen = ((run, record) for run, record in recorded(ledger, verdict.evidence) if isinstance(record, Rehearsal))
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


def _checked_out(root: Path) -> str:
    return (git(root, "rev-parse", "--verify", "--quiet", "HEAD") or b"").decode().strip()


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
    return Rooms(
        runbooks=tuple(_runbooks(root, campaign, ledger, facts, files=files, pages=pages)),
        lessons=read_lessons(root, campaign, ledger, facts, pages=pages),
        guides=read_guides(root, campaign, files),
        review=read_reviews(root, campaign, ledger, commit=_checked_out(root), pages=pages),
        flags=campaign.flags,
        stages=campaign.stages,
        gates=gate_histories(campaign, ledger),
    )
