"""A runbook that is carried out, in a copy or for real, and the run of the ledger that it is recorded in."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from overt.cli.rehearse_show import Lines
from overt.evidence.records import Performed, Rehearsal
from overt.evidence.redact import Redactor
from overt.runbook.record import end_run, make_plan, start_run
from overt.runbook.session import Silent, Surroundings
from overt.system.clock import SystemClock

if TYPE_CHECKING:
    import argparse

    from overt.runbook import Runbook


@dataclass(slots=True)
class Recording:
    """What a runbook takes from outside, and what came of it.

    Args:
        run: Name of the run.
        around: What it takes from outside.
        record: What came of it, put here before the end; None when it was interrupted.
    """

    run: str
    around: Surroundings
    record: Rehearsal | Performed | None = None


@contextmanager
def recording(
    options: argparse.Namespace,
    runbook: Runbook,
    files: Sequence[str],
    *,
    project: str,
    suite: str,
    temp: Path,
    keep: bool = False,
) -> Iterator[Recording]:
    """Begin a run for a runbook, and close it at the end of the block, however that comes.

    Args:
        options: The command line: root, `--json`.
        runbook: The runbook.
        files: The project's files, relative to the root, POSIX.
        project: Its name.
        suite: What is recorded: rehearsals, or what was carried out for real.
        temp: Where temporary folders are made.
        keep: Whether a scratch copy stays.
    """
    clock = SystemClock()
    plan = make_plan(options.root, runbook, files, suite)
    writer = start_run(options.root, project, plan, environment=os.environ, clock=clock)
    around = Surroundings(
        root=options.root,
        files=files,
        environment=os.environ,
        temp=temp,
        clock=clock,
        keep_output=writer.blob,
        redact=Redactor(os.environ).text,
        progress=Silent() if options.json else Lines(sys.stdout),
        keep=keep,
    )
    made = Recording(writer.run, around)
    try:
        yield made
    finally:
        end_run(writer, made.record, suite)
