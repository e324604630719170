"""Suites of kind `hidden-state`: the project's code held against the linter of hidden state."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from overt import __version__
from overt.campaign.checked import checked_paths
from overt.evidence.ids import Numbering, finding_id
from overt.evidence.records import AnyRecord, FindingSeen, Scan
from overt.lint import Report, check
from overt.lint.report import Seen
from overt.system.files import select
from overt.validate.background import Background
from overt.validate.context import Context, Ending, Observations

_POLL_SECONDS = 0.05


def files_to_check(context: Context) -> list[str]:
    """Return the files that a suite looks at: below its paths, else the packages, else all of the project.

    Args:
        context: The suite.
    """
    paths = context.suite.paths or context.campaign.project.packages
    return select(context.files, paths) if paths else list(context.files)


def run(context: Context) -> Observations:
    """Check the code and record every finding with its standing.

    The check runs in this process, in a thread of its own: past its time limit it is given up, not killed.

    Args:
        context: The suite.
    """
    context.current("overt check")
    files = files_to_check(context)
    settings, whole = context.campaign.hidden_state, not context.suite.paths
    project = partial(select, context.files, checked_paths(context.campaign))
    task = Background(lambda: check(context.root, files, settings, whole=whole, project=project))
    deadline = context.clock.monotonic_ns() + round(context.suite.timeout * 1e9)
    while not task.wait(_POLL_SECONDS):
        if context.cancel.is_set():
            return Ending("interrupted", "the run was interrupted while the code was checked")
        if context.clock.monotonic_ns() > deadline:
            return Ending("timeout", f"its time limit of {context.suite.timeout:g} s ended it")
    yield from records_of(context.name, task.result())
    return Ending()


def records_of(suite: str, report: Report) -> Iterator[AnyRecord]:
    """Yield what a report says, as records.

    Args:
        suite: Name of the suite.
        report: The report.
    """
    yield Scan(
        id=f"scan:{suite}:overt",
        suite=suite,
        tool="overt",
        version=__version__,
        files=report.files,
        lines=report.lines,
        unreadable=tuple(f"{file.path}: {file.message}" for file in report.unreadable),
        rules=report.rules,
    )
    numbering = Numbering()
    for seen in report.findings:
        yield _finding(suite, seen, numbering)


def _finding(suite: str, seen: Seen, numbering: Numbering) -> FindingSeen:
    return FindingSeen(
        id=numbering.unique(finding_id(suite, seen.finding)),
        suite=suite,
        finding=seen.finding,
        standing=seen.standing,  # type: ignore[arg-type]  # one of the three words, by the linter's own tests
        reason=seen.reason,
    )
