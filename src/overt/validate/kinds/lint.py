"""Suites of kind `lint`: ruff as it is, and any tool that writes SARIF to its output or to a file."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import msgspec

from overt.evidence.importers import Imported
from overt.evidence.importers.sarif import read_sarif
from overt.evidence.records import AnyRecord, Scan
from overt.model import OvertError
from overt.system.process import Completed
from overt.validate.context import Context, Ending, Observations
from overt.validate.kinds.ruff import is_ruff, list_files, sarif_command
from overt.validate.programs import broken_off, command_record, error_line, last_line, run_program
from overt.validate.results import find_results, refuse_stale

_OUTPUT_LIMIT = 64_000_000
_FINDINGS = 1


def run(context: Context) -> Observations:
    """Run a linter and record what it looked at and what it found.

    Args:
        context: The suite.
    """
    if is_ruff(context.suite.command) and not context.suite.files:
        return (yield from _run_ruff(context))
    return (yield from _run_tool(context))


def _run_ruff(context: Context) -> Observations:
    report = context.scratch / "ruff.sarif"
    context.current("ruff")
    done = run_program(context, sarif_command(context.suite.command, context.suite.paths, report))
    yield command_record(context, done)
    broken = broken_off(context, done)
    if broken is None and done.exit_code not in {0, _FINDINGS}:
        broken = Ending("unable", f"ruff exited {done.exit_code}: {error_line(done.output)}")
    if broken is not None:
        return broken
    looked_at = list_files(context)
    ending = yield from _hand_on(_reported(report, context, done), files=len(looked_at))
    return ending if looked_at else Ending("unable", "ruff found no file to look at; correct the paths of its command")


def _run_tool(context: Context) -> Observations:
    argv, start_ns = [*context.suite.command, *context.suite.paths], context.clock.now_ns()
    context.current(argv[0])
    errors_path = context.scratch / "errors"
    with errors_path.open("wb") as errors:
        done = run_program(context, argv, output_limit=_OUTPUT_LIMIT, errors=errors)
    yield command_record(context, _told(done, errors_path, keep_output=bool(context.suite.files)))
    broken = broken_off(context, done)
    if broken is not None:
        return broken
    if not context.suite.files:
        report = context.scratch / "output.sarif"
        report.write_bytes(done.output)
        return (yield from _hand_on(_reported(report, context, done)))
    for report in find_results(context.root, context.suite.files):
        refuse_stale(report, context.root, start_ns)
        ending = yield from _hand_on(_reported(report, context, done))
        if ending.status != "completed":
            return ending
    return Ending()


def _told(done: Completed, errors: Path, *, keep_output: bool) -> Completed:
    """Return what a program did, with what it said beside its report as its output."""
    said = errors.read_bytes()[-_OUTPUT_LIMIT:]
    return replace(done, output=done.output + said if keep_output else said)


def _reported(report: Path, context: Context, done: Completed) -> Imported:
    """Return what is in a report; what cannot be read as one is told with what to do."""
    found = read_sarif(report, suite=context.name, root=context.root)
    if found.problems and not found.records:
        program = done.argv[0].rpartition("/")[2]
        said = last_line(done.output) or "nothing"
        hint = 'let it write SARIF, or use kind = "command" if only its exit status counts'
        name = "its output" if report.is_relative_to(context.scratch) else report.name
        raise OvertError(f"{program} exited {done.exit_code}, and {name} is no SARIF ({said})", hint=hint)
    return found


def _hand_on(found: Imported, *, files: int = 0) -> Generator[AnyRecord, None, Ending]:
    """Yield the records of a report; a tool that says nothing of the files it read gets their number from us."""
    for record in found.records:
        if isinstance(record, Scan) and files and not record.files:
            record = msgspec.structs.replace(record, files=files)
        yield record
    if found.problems:
        return Ending("unable", "; ".join(map(str, found.problems)))
    return Ending()
