"""The run in which it is recorded what came of a runbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from overt.evidence.begin import begin_run
from overt.evidence.inputs import measure_inputs
from overt.evidence.manifest import Plan, PlannedSuite
from overt.evidence.records import Performed, Rehearsal, SuiteRun
from overt.evidence.writer import RunWriter
from overt.runbook.load import depends_on
from overt.runbook.records import Runbook
from overt.runbook.rehearse import SUITE
from overt.system.clock import Clock


def make_plan(root: Path, runbook: Runbook, files: Sequence[str], suite: str = SUITE) -> Plan:
    """Return what is going to be carried out: a run of its own, so that its evidence goes stale by itself.

    Args:
        root: The project.
        runbook: What is going to be rehearsed.
        files: The project's files, relative to the root, POSIX.
        suite: What it is recorded under: rehearsals, or what was carried out for real.
    """
    planned = PlannedSuite(
        name=suite,
        suite_kind=suite,
        inputs=measure_inputs(root, files, depends_on(runbook, files)),
        at_least=1,
        max_age_ns=runbook.rehearse_every_ns if suite == SUITE else 0,
    )
    return Plan(suites=(planned,))


def start_run(root: Path, project: str, plan: Plan, *, environment: Mapping[str, str], clock: Clock) -> RunWriter:
    """Begin the run; its plan is on disk when this returns.

    Args:
        root: The project.
        project: Its name.
        plan: What is going to be rehearsed.
        environment: The caller's, for what must be kept out of the ledger.
        clock: The time.
    """
    return begin_run(root, project, plan, environment=environment, clock=clock)


def end_run(writer: RunWriter, record: Rehearsal | Performed | None, suite: str = SUITE) -> None:
    """Say how the run went and seal it.

    Args:
        writer: The run.
        record: What was observed; None when it was interrupted.
        suite: What it is recorded under.
    """
    if record is not None:
        writer.add(record)
    writer.add(
        SuiteRun(
            id=f"suite:{suite}",
            suite=suite,
            status="completed" if record else "interrupted",
            reason="" if record else "ended before the runbook was",
            start_ns=record.start_ns if record else 0,
            duration_ns=record.duration_ns if record else 0,
        )
    )
    writer.close(interrupted=record is None)
