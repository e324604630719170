"""What to do next, drawn from what failed."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from overt.campaign.flag_states import base_of, state_of
from overt.campaign.records import Campaign
from overt.evidence.reader import Run
from overt.evidence.records import Collected, CommandRun, FindingSeen, TestCase
from overt.evidence.summary import SuiteSummary
from overt.lint.records import first_sentence
from overt.model import Location, OvertError, Severity, State
from overt.validate.advice_reasons import elsewhere, further, rerun
from overt.validate.environment import project_python
from overt.validate.programs import last_line

SHOWN = 3
"""How many failures of a suite are named."""


_BAD = frozenset({"failed", "error"})


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to look at.

    Args:
        suite: The suite it is about.
        text: What was seen.
        where: Where it stands; None when it has no place.
        command: What to run to see just that; empty when nothing is known to help.
    """

    suite: str
    text: str
    where: Location | None = None
    command: str = ""


def advise(
    run: Run, summaries: Sequence[SuiteSummary], campaign: Campaign, root: Path, environment: Mapping[str, str]
) -> list[Advice]:
    """Return what to look at, in the order of the suites; nothing for those that hold.

    Args:
        run: The run.
        summaries: What its suites came to.
        campaign: The project's campaign.
        root: Folder of the project, absolute.
        environment: The user's environment.
    """
    python = _shown(project_python(root, campaign, environment), root)
    advice: list[Advice] = []
    for summary in summaries:
        if summary.verdict.state is not State.PROVED:
            again = partial(rerun, python, state_of(summary.name), campaign.flags)
            others = _siblings(run, summary, summaries)
            found = [*_tests(run, summary, again, others), *_findings(run, summary), *_commands(run, summary)]
            advice += found or [_reason(run, summary)]
    return advice


def _siblings(run: Run, summary: SuiteSummary, summaries: Sequence[SuiteSummary]) -> dict[str, dict[str, str]]:
    """Return the outcomes of the same tests in other states of the flags, by suite and name."""
    names = [one.name for one in summaries if base_of(one.name) == base_of(summary.name) and one.name != summary.name]
    return {name: {case.name: case.outcome for case in _last(_cases(run, name))} for name in names}


def _cases(run: Run, suite: str) -> list[TestCase]:
    return [record for record in run.for_suite(suite) if type(record) is TestCase]


def _shown(path: str, root: Path) -> str:
    inside = Path(path).is_relative_to(root)
    return Path(path).relative_to(root).as_posix() if inside else path


def _tests(
    run: Run, summary: SuiteSummary, again: Callable[[str], str], others: dict[str, dict[str, str]]
) -> list[Advice]:
    cases = _cases(run, summary.name)
    suspects = {case.name for case in cases if case.outcome in _BAD}
    failing = [case for case in _last(case for case in cases if case.name in suspects) if case.outcome in _BAD]
    planned = _planned(run, summary.name) if failing else frozenset()
    found = []
    for case in failing[:SHOWN]:
        name = rerun_name(case.name, planned)
        command = again(name) if summary.kind == "pytest" else ""
        where = Location(case.path, case.line) if case.path else None
        text = ": ".join(filter(None, [case.name, case.message])) + elsewhere(case.name, summary.name, others)
        found.append(Advice(summary.name, text, where, command))
    return found + _more(summary.name, len(failing), "test", f"overt validate --suite {summary.name} --verbose")


def _last(cases: Iterable[TestCase]) -> list[TestCase]:
    """Return the last attempt at each test."""
    last: dict[str, TestCase] = {}
    for case in cases:
        name = case.id.removesuffix(f"#{case.attempt}")
        if name not in last or last[name].attempt <= case.attempt:
            last[name] = case
    return list(last.values())


def rerun_name(name: str, planned: frozenset[str]) -> str:
    """Return the test that a case belongs to: a subtest and a tear-down are run again with their test.

    Args:
        name: Name of the case.
        planned: Names of all tests.

    Example:
        >>> rerun_name("a.py::b [x] (teardown)", frozenset({"a.py::b"}))
        'a.py::b'
    """
    while name not in planned and " " in name:
        name = name.rpartition(" ")[0]
    return name


def _planned(run: Run, suite: str) -> frozenset[str]:
    names: set[str] = set()
    for record in run.for_suite(suite):
        if isinstance(record, Collected) and record.names_blob:
            names.update(_blob(run.blob, record.names_blob).decode().split("\n"))
    return frozenset(names)


def _blob(read: Callable[[str], bytes], name: str) -> bytes:
    try:
        return read(name) if name else b""
    except OvertError:
        return b""


def _more(suite: str, total: int, what: str, command: str) -> list[Advice]:
    if total <= SHOWN:
        return []
    return [Advice(suite, f"and {total - SHOWN:,} more {what}{'s' if total - SHOWN > 1 else ''}", None, command)]


def _findings(run: Run, summary: SuiteSummary) -> list[Advice]:
    seen = [record for record in run.for_suite(summary.name) if isinstance(record, FindingSeen)]
    new = [s.finding for s in seen if s.standing == "new" and s.finding.severity is not Severity.NOTE]
    ours = summary.kind == "hidden-state"
    found = [
        Advice(
            summary.name,
            f"{finding.rule} {first_sentence(finding.message)}",
            finding.location,
            shlex.join(["overt", "check", finding.location.path]) if ours else "",
        )
        for finding in new[:SHOWN]
    ]
    return found + _more(summary.name, len(new), "finding", "overt check" if ours else "")


def _commands(run: Run, summary: SuiteSummary) -> list[Advice]:
    """Tell the last word of the program of a command suite that failed."""
    found = []
    for record in run.for_suite(summary.name):
        if isinstance(record, CommandRun) and summary.kind == "command" and record.exit_code:
            said = last_line(_blob(run.blob, record.output_blob))
            text = f"exited {record.exit_code}" + (f": {said}" if said else "")
            found.append(Advice(summary.name, text, None, shlex.join(record.argv)))
    return found


def why(summary: SuiteSummary) -> str:
    """Return why a suite is not proved: of one that did not complete what ended it, else its verdict.

    Args:
        summary: What the suite came to.
    """
    return summary.reason if summary.status != "completed" and summary.reason else summary.verdict.reason


def _reason(run: Run, summary: SuiteSummary) -> Advice:
    told = [why(summary), further(summary, _cases(run, summary.name))]
    return Advice(summary.name, "; ".join(filter(None, told)))
