"""The runbooks of a project, and what their rehearsals depend on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from overt.campaign.records import Campaign
from overt.model import Finding, Location, Problem, Problems
from overt.runbook.lint import lint
from overt.runbook.parse import is_runbook, parse_runbook
from overt.runbook.records import Runbook
from overt.system.files import select

_WORD = re.compile(r"[\w./@+-]+")


@dataclass(frozen=True, slots=True)
class Runbooks:
    """What was found.

    Args:
        runbooks: Those that can be read, by path.
        problems: What is wrong with the others.
        findings: What the readable ones lack.
    """

    runbooks: tuple[Runbook, ...]
    problems: tuple[Problem, ...]
    findings: tuple[Finding, ...]


def load_all(root: Path, campaign: Campaign, files: Sequence[str]) -> Runbooks:
    """Read every runbook of a project; one that is broken does not hide the others.

    Args:
        root: The project.
        campaign: Says where runbooks are.
        files: The project's files, relative to the root, POSIX.
    """
    return load_files(root, [name for name in select(files, campaign.runbooks.paths) if name.endswith(".md")])


def load_files(root: Path, names: Sequence[str], *, all_are: bool = False) -> Runbooks:
    """Read runbooks by name.

    Args:
        root: The project.
        names: Files, relative to the root, POSIX.
        all_are: Whether each of them is meant as a runbook; else pages without id and roles are passed over.
    """
    runbooks: list[Runbook] = []
    problems: list[Problem] = []
    for name in names:
        try:
            text = (root / name).read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(f"cannot be read: {error}", Location(name)))
            continue
        if all_are or is_runbook(name, text):
            try:
                runbooks.append(parse_runbook(name, text))
            except Problems as error:
                problems.extend(error.problems)
    problems += _twins(runbooks)
    findings = tuple(finding for runbook in runbooks for finding in lint(runbook))
    return Runbooks(tuple(runbooks), tuple(problems), findings)


def _twins(runbooks: Sequence[Runbook]) -> list[Problem]:
    first: dict[str, str] = {}
    problems = []
    for runbook in runbooks:
        earlier = first.setdefault(runbook.id, runbook.path)
        if earlier != runbook.path:
            problems.append(
                Problem(f"id {runbook.id!r} is taken", Location(runbook.path, 1), f"{earlier} has it already")
            )
    return problems


def depends_on(runbook: Runbook, files: Sequence[str]) -> list[str]:
    """Return what a rehearsal is measured on: the runbook, the project's files its blocks name, its `inputs`.

    Args:
        runbook: The runbook.
        files: The project's files, relative to the root, POSIX.

    Returns:
        Globs, sorted.
    """
    known = set(files)
    named = {
        word.removeprefix("./").rstrip(".")
        for block in runbook.blocks
        if block.role != "expect"
        for word in _WORD.findall(block.body)
    }
    return sorted({runbook.path, *runbook.inputs, *(named & known)})
