"""`overt evidence import` and `export`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from overt.campaign import load
from overt.cli.evidence_say import number_of, problem_json, say, say_json
from overt.evidence.export import EXPORTS
from overt.evidence.ledger import open_ledger
from overt.evidence.record_files import Recorded, record_files
from overt.model import Exit, OvertError, exit_for
from overt.system.atomic import write_atomic
from overt.system.clock import SystemClock
from overt.system.files import project_files
from overt.system.text import did_you_mean


def import_files(options: argparse.Namespace) -> int:
    """Record a run from result files; its exit status says what they hold."""
    files = project_files(options.root)
    campaign = load(options.root, files=files).campaign
    recorded = record_files(
        options.root,
        campaign,
        [Path(file) for file in options.files],
        suite=options.suite,
        result_format=options.format,
        files=files,
        clock=SystemClock(),
        environment=os.environ,
    )
    if options.json:
        summary = recorded.summary
        say_json(
            {
                "run": recorded.run.name,
                "suite": summary.name,
                "records": len(recorded.run.records),
                "state": summary.verdict.state.value,
                "reason": summary.verdict.reason,
                "problems": [problem_json(one) for one in recorded.problems],
            }
        )
    else:
        say(_import_lines(recorded, known=recorded.summary.name in campaign.suites))
    return exit_for([recorded.summary.verdict.state])


def _import_lines(recorded: Recorded, *, known: bool) -> Iterator[str]:
    summary = recorded.summary
    yield f"recorded {recorded.run.name}: suite {summary.name}, {number_of(len(recorded.run.records), 'record')}"
    yield from (f"  {problem}" for problem in recorded.problems)
    yield f"  {summary.verdict.state.value}: {summary.verdict.reason}"
    yield f"next: overt evidence show {recorded.run.name}"
    if not known:
        yield f'      a table [suites.{summary.name}] with kind = "import" in overt.toml brings it onto the site'


def export_run(options: argparse.Namespace) -> int:
    """Write a run in a format that other tools read; a damaged one is refused."""
    if options.format not in EXPORTS:
        raise OvertError(f"there is no format {options.format!r}", hint=did_you_mean(options.format, EXPORTS))
    run = open_ledger(options.root).find(options.run)
    if run.damage:
        first = run.damage[0]
        raise OvertError(first.message, where=first.where, hint="overt evidence verify", exit=Exit.UNCHECKED)
    data = EXPORTS[options.format](run)
    if options.output is not None:
        write_atomic(options.output, data)
        if options.json:
            say_json({"run": run.name, "format": options.format, "path": options.output.as_posix(), "bytes": len(data)})
        else:
            say([f"{options.output}: {len(data):,} bytes"])
    else:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
    return Exit.PROVED
