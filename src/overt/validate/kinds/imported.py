"""Suites of kind `import`: result files of other tools, in any language, written by a command or lying there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from overt.evidence.importers import Imported, read_results
from overt.evidence.records import AnyRecord, Scan
from overt.model import OvertError
from overt.validate.context import Context, Ending, Observations
from overt.validate.programs import broken_off, command_record, run_program
from overt.validate.results import find_results, refuse_stale


def run(context: Context) -> Observations:
    """Run the command of a suite when it has one, and import the files that it names.

    Args:
        context: The suite.
    """
    suite, start_ns = context.suite, context.clock.now_ns()
    before = _times(context)
    if suite.command:
        context.current(suite.command[0])
        done = run_program(context, suite.command)
        yield command_record(context, done)
        broken = broken_off(context, done)
        if broken is not None:
            return broken
    paths = find_results(context.root, suite.files)
    problems: list[str] = []
    for path in paths:
        context.current(path.name)
        if suite.command:
            refuse_stale(path, context.root, start_ns, before_ns=before.get(path, 0))
        found = read_results(path, suite=context.name, root=context.root, result_format=suite.format)
        records = found.records
        yield records if len(paths) == 1 else tuple(_distinct(records, path.relative_to(context.root).as_posix()))
        problems += _told(found)
    return Ending("unable", "; ".join(problems)) if problems else Ending()


def _times(context: Context) -> dict[Path, int]:
    """Return when each file that is there already was last written."""
    try:
        return {path: path.stat().st_mtime_ns for path in find_results(context.root, context.suite.files)}
    except OvertError:
        return {}


def _distinct(records: Iterable[AnyRecord], name: str) -> Iterator[AnyRecord]:
    """Yield records; a tool that wrote several reports has looked several times."""
    for record in records:
        yield msgspec.structs.replace(record, id=f"{record.id}:{name}") if isinstance(record, Scan) else record


def _told(found: Imported) -> list[str]:
    return [str(problem) for problem in found.problems]
