"""A run recorded from the result files of another tool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from pathlib import Path

import msgspec

from overt.campaign.records import Campaign, Suite
from overt.evidence.begin import begin_run
from overt.evidence.history_file import remember
from overt.evidence.ids import Numbering
from overt.evidence.importers import Imported, read_results
from overt.evidence.importers.imported import shown_path
from overt.evidence.inputs import default_inputs, measure_inputs, settings_digest
from overt.evidence.manifest import Plan, PlannedSuite
from overt.evidence.quarantine import read_quarantine
from overt.evidence.reader import Run
from overt.evidence.records import AnyRecord, SuiteRun, TestCase
from overt.evidence.summary import SuiteSummary, summarise
from overt.model import Exit, Location, OvertError, Problem
from overt.system.clock import Clock

DEFAULT_SUITE = "imported"
"""Suite that files are recorded for when none is named."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording result files came to.

    Args:
        run: The run.
        summary: What its suite came to.
        problems: What is wrong with the files.
    """

    run: Run
    summary: SuiteSummary
    problems: tuple[Problem, ...]


def combine(parts: Sequence[Imported]) -> Imported:
    """Return what several files say together; records that bear one name are told apart by a number.

    Args:
        parts: What came out of each file, in order.
    """
    problems = tuple(problem for part in parts for problem in part.problems)
    ids = [record.id for part in parts for record in part.records]
    if len(set(ids)) == len(ids):
        return Imported(tuple(chain.from_iterable(part.records for part in parts)), problems)
    numbering = Numbering()
    records: list[AnyRecord] = []
    for part in parts:
        records += [_renamed(record, numbering) for record in part.records]
    return Imported(tuple(records), problems)


def _renamed(record: AnyRecord, numbering: Numbering) -> AnyRecord:
    unique = numbering.unique(record.id)
    if unique == record.id:
        return record
    if isinstance(record, TestCase) and record.attempt > 1:
        # The number of the attempt stays at the end, where it is looked for.
        ending = f"#{record.attempt}"
        unique = record.id.removesuffix(ending) + unique.removeprefix(record.id) + ending
    return msgspec.structs.replace(record, id=unique)


def record_files(
    root: Path,
    campaign: Campaign,
    paths: Sequence[Path],
    *,
    suite: str = "",
    result_format: str = "",
    files: Sequence[str],
    clock: Clock,
    environment: Mapping[str, str],
    secrets: Mapping[str, str] | None = None,
) -> Recorded:
    """Record a run of one suite from result files.

    Args:
        root: Folder of the project.
        campaign: Its campaign.
        paths: The result files.
        suite: Suite that they belong to; one of the campaign is recorded with its settings and inputs.
        result_format: Their format; that of the suite, else guessed, when empty.
        files: The project's files, relative to the root, POSIX.
        clock: Where the time comes from.
        environment: The user's, which tells whether this is a service or a person's machine.
        secrets: Variables whose values are kept out of the ledger when they look secret; the environment when None.

    Raises:
        OvertError: The suite's kind runs by itself, or there is no such format or file; nothing is recorded then.
    """
    name = suite or DEFAULT_SUITE
    settings = campaign.suites.get(name)
    if settings is not None and settings.kind != "import":
        hint = "name another suite, or none"
        raise OvertError(
            f"the suite {name!r} is of kind {settings.kind}, which `overt validate` runs itself", hint=hint
        )
    for path in paths:
        if not path.exists():
            # Nothing was looked at, so there is nothing to record either.
            hint = "let the tool write it first, or name another file"
            raise OvertError(
                "there is no such file", where=Location(shown_path(path, root)), hint=hint, exit=Exit.UNCHECKED
            )
    chosen = result_format or (settings.format if settings else "")
    combined = combine([read_results(path, suite=name, root=root, result_format=chosen) for path in paths])
    planned = _planned(root, campaign, name, settings, [shown_path(path, root) for path in paths], files)
    plan = Plan(suites=(planned,))
    end, problems = _end(name, combined, clock), combined.problems
    with begin_run(root, campaign.project.name, plan, environment=environment, clock=clock, secrets=secrets) as writer:
        # In the order of the ledger, so that closing has nothing to sort.
        written = writer.add_all(sorted((*combined.records, end), key=attrgetter("id")))
    # What was written a moment ago is not read back: there may be very many records.
    run = Run(writer.folder, writer.close(), records=tuple(sorted(written, key=attrgetter("id"))))
    with suppress(OSError):  # what cannot be added now is added by `overt evidence history`
        remember(root, [run])
    quarantine = read_quarantine(root, campaign, clock.now_ns())
    return Recorded(run, summarise(run, planned, suite=settings, quarantine=quarantine), problems)


def _end(name: str, combined: Imported, clock: Clock) -> SuiteRun:
    reason = "; ".join(map(str, combined.problems[:3]))
    return SuiteRun(
        id=f"suite:{name}",
        suite=name,
        status="unable" if combined.problems else "completed",
        reason=reason,
        start_ns=clock.now_ns(),
        duration_ns=sum(record.duration_ns for record in combined.records if isinstance(record, TestCase)),
    )


def _planned(
    root: Path, campaign: Campaign, name: str, settings: Suite | None, given: Sequence[str], files: Sequence[str]
) -> PlannedSuite:
    """Return the plan of a suite: with the settings it has, or measured on the files themselves."""
    if settings is None:
        return PlannedSuite(name=name, suite_kind="import", inputs=measure_inputs(root, given, given))
    patterns = settings.inputs or default_inputs(campaign)
    return PlannedSuite(
        name=name,
        suite_kind=settings.kind,
        inputs=measure_inputs(root, files, patterns),
        required=settings.required,
        at_least=settings.at_least,
        at_most=settings.at_most,
        settings_sha256=settings_digest(settings, campaign.hidden_state),
    )
