"""The run in which rehearsals are recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from overt.evidence.host import read_host
from overt.evidence.inputs import measure_inputs
from overt.evidence.ledger import STORE
from overt.evidence.manifest import Plan, PlannedSuite
from overt.evidence.records import Rehearsal, SuiteRun
from overt.evidence.redact import Redactor
from overt.evidence.subject import read_subject
from overt.evidence.writer import RunWriter
from overt.runbook.load import depends_on
from overt.runbook.records import Runbook
from overt.runbook.rehearse import SUITE
from overt.system.clock import Clock


def make_plan(root: Path, runbooks: Sequence[Runbook], files: Sequence[str]) -> Plan:
    """Return what is going to be rehearsed, so that its evidence goes stale when any of it changes.

    Args:
        root: The project.
        runbooks: What is going to be rehearsed.
        files: The project's files, relative to the root, POSIX.
    """
    patterns = sorted({pattern for runbook in runbooks for pattern in depends_on(runbook, files)})
    ages = [runbook.rehearse_every_ns for runbook in runbooks if runbook.rehearse_every_ns]
    suite = PlannedSuite(
        name=SUITE,
        suite_kind=SUITE,
        inputs=measure_inputs(root, files, patterns),
        at_least=len(runbooks),
        max_age_ns=min(ages, default=0),
    )
    return Plan(suites=(suite,))


def start_run(root: Path, project: str, plan: Plan, *, environment: Mapping[str, str], clock: Clock) -> RunWriter:
    """Begin the run; its plan is on disk when this returns.

    Args:
        root: The project.
        project: Its name.
        plan: What is going to be rehearsed.
        environment: The caller's, for what must be kept out of the ledger.
        clock: The time.
    """
    return RunWriter.start(
        root / STORE,
        plan=plan,
        subject=read_subject(root, project),
        host=read_host(environment),
        clock=clock,
        redactor=Redactor(environment),
    )


def end_run(writer: RunWriter, records: Sequence[Rehearsal], *, interrupted: bool) -> None:
    """Say how the whole went and seal the run.

    Args:
        writer: The run.
        records: What was rehearsed.
        interrupted: Whether it was ended before its plan was.
    """
    start = min((record.start_ns for record in records), default=0)
    writer.add(
        SuiteRun(
            id=f"suite:{SUITE}",
            suite=SUITE,
            status="interrupted" if interrupted else "completed",
            reason="ended before all runbooks were rehearsed" if interrupted else "",
            start_ns=start,
            duration_ns=sum(record.duration_ns for record in records),
        )
    )
    writer.close(interrupted=interrupted)
