"""The run in which checked exercises are recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from overt.evidence.begin import begin_run
from overt.evidence.inputs import measure_inputs
from overt.evidence.manifest import Plan, PlannedSuite
from overt.evidence.records import ExerciseChecked, SuiteRun
from overt.evidence.writer import RunWriter
from overt.system.clock import Clock
from overt.training.check import SUITE


def track_below(root: Path, track: Path) -> str:
    """Return the folder of a track relative to a project, POSIX; empty when it is no part of the project.

    Args:
        root: The project.
        track: Folder of the track.
    """
    whole, inside = root.resolve(), track.resolve()
    return inside.relative_to(whole).as_posix() if inside.is_relative_to(whole) and inside != whole else ""


def start_run(
    root: Path,
    project: str,
    folder: str,
    files: Sequence[str],
    *,
    count: int,
    environment: Mapping[str, str],
    clock: Clock,
) -> RunWriter:
    """Begin the run; its plan is on disk when this returns.

    Args:
        root: The project.
        project: Its name.
        folder: Folder of the track, relative to the root, POSIX.
        files: The project's files, relative to the root, POSIX.
        count: How many exercises and quizzes are going to be checked.
        environment: The caller's, for what must be kept out of the ledger.
        clock: The time.
    """
    inputs = measure_inputs(root, files, [folder])
    suite = PlannedSuite(name=SUITE, suite_kind=SUITE, inputs=inputs, at_least=count)
    return begin_run(root, project, Plan(suites=(suite,)), environment=environment, clock=clock)


def end_run(
    writer: RunWriter, records: Sequence[ExerciseChecked], *, planned: int, start_ns: int, clock: Clock
) -> None:
    """Say how the whole went and seal the run.

    Args:
        writer: The run.
        records: What was checked.
        planned: How many were going to be.
        start_ns: When it began, nanoseconds since 1970 UTC.
        clock: The time.
    """
    interrupted = len(records) < planned
    writer.add(
        SuiteRun(
            id=f"suite:{SUITE}",
            suite=SUITE,
            status="interrupted" if interrupted else "completed",
            reason=f"{planned - len(records)} of {planned} were not reached" if interrupted else "",
            start_ns=start_ns,
            duration_ns=max(clock.now_ns() - start_ns, 0),
        )
    )
    writer.close(interrupted=interrupted)
