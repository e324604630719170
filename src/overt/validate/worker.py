"""One suite of a run: from its context to its end in the ledger."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from overt.campaign.records import Campaign
from overt.evidence.records import AnyRecord, CommandRun, FindingSeen, SuiteRun, TestCase
from overt.evidence.writer import RunWriter
from overt.model import OvertError, Severity
from overt.system.clock import Clock
from overt.validate.context import Choice, Context, Ending, drive
from overt.validate.environment import project_python, suite_environment
from overt.validate.kinds import runner_for
from overt.validate.shards import shard_id
from overt.validate.split import Split
from overt.validate.watcher import Watcher


@dataclass(frozen=True, slots=True)
class Bench:
    """What all suites of a run share.

    Args:
        root: Folder of the project, absolute.
        campaign: Its campaign.
        files: Its files, relative to the root, POSIX.
        environment: The user's environment.
        choice: What the user asked for.
        clock: Where the time comes from.
        writer: The run being written.
        watcher: Who follows it.
        cancel: Set when the run is to end now.
        halt: Set when no further suite is to begin.
        scratch: Folder for what suites write on the way.
        mark: Begins the marks of all programs of the run.
        split: How the work is dealt out to shards; None when the run is not split.
    """

    root: Path
    campaign: Campaign
    files: Sequence[str]
    environment: Mapping[str, str]
    choice: Choice
    clock: Clock
    writer: RunWriter
    watcher: Watcher
    cancel: threading.Event
    halt: threading.Event
    scratch: Path
    mark: str
    split: Split | None = None


class Against:
    """What speaks against a suite, record by record, for a run that is to end with its first failure.

    Args:
        at_most: Most new findings that the suite may have.
    """

    def __init__(self, at_most: int) -> None:
        self._at_most, self._found = at_most, 0

    def take(self, record: AnyRecord) -> bool:
        """Tell whether a record, after those before it, is enough to stop."""
        match record:
            case TestCase(outcome=outcome):
                return outcome in {"failed", "error"}
            case FindingSeen(standing=standing, finding=finding):
                self._found += standing == "new" and finding.severity is not Severity.NOTE
                return self._found > self._at_most
            case CommandRun(exit_code=exit_code):
                # A linter that may find something exits with 1 when it does; what it found decides.
                return exit_code != 0 and not (self._at_most and exit_code == 1)
            case _:
                return False


def run_suite(bench: Bench, name: str) -> None:
    """Run a suite, write what it observes, and write how it ended.

    Args:
        bench: What all suites share.
        name: Name of the suite.
    """
    context = _context(bench, name)
    start_ns, started = bench.clock.now_ns(), bench.clock.monotonic_ns()
    ending = _skipped(bench)
    if ending is None:
        bench.watcher.started(name)
        ending = _observe(bench, context)
    duration_ns = bench.clock.monotonic_ns() - started
    end = SuiteRun(
        id=shard_id("suite", context),
        suite=name,
        status=ending.status,
        reason=ending.reason,
        start_ns=start_ns,
        duration_ns=duration_ns,
    )
    bench.writer.add(end)
    if ending.status != "completed" and bench.choice.fail_fast:
        bench.halt.set()
    bench.watcher.ended(name, ending, duration_ns)


def _skipped(bench: Bench) -> Ending | None:
    """Return why a suite does not even begin; None when it does."""
    if bench.cancel.is_set():
        return Ending("not-run", "the run was interrupted before it began")
    if bench.halt.is_set():
        return Ending("not-run", "another suite failed, and --fail-fast was given")
    return None


def _observe(bench: Bench, context: Context) -> Ending:
    against = Against(context.suite.at_most)

    def add(records: Sequence[AnyRecord]) -> None:
        bench.writer.add_all(records)
        for record in records:
            if bench.choice.fail_fast and against.take(record):
                bench.halt.set()
            bench.watcher.seen(context.name, record)

    try:
        return drive(runner_for(context.suite.kind)(context), add)
    except OvertError as error:
        return Ending("unable", "; ".join(map(str, error.problems)))


def _context(bench: Bench, name: str) -> Context:
    suite = bench.campaign.suites[name]
    python = project_python(bench.root, bench.campaign, bench.environment)
    return Context(
        root=bench.root,
        name=name,
        suite=suite,
        campaign=bench.campaign,
        files=bench.files,
        environment=suite_environment(python, suite, bench.environment),
        scratch=Path(tempfile.mkdtemp(prefix="suite-", dir=bench.scratch)),
        cancel=bench.cancel,
        clock=bench.clock,
        blob=bench.writer.blob,
        redact=bench.writer.redact,
        current=_teller(bench, name),
        mark=bench.mark,
        choice=bench.choice,
        weights=bench.split.weights(name) if bench.split else {},
    )


def _teller(bench: Bench, name: str) -> Callable[[str], None]:
    return lambda test: bench.watcher.current(name, test)
