"""How plans and rehearsals are shown."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

import msgspec

from overt.evidence.records import Rehearsal, Step
from overt.model import Exit, Finding
from overt.runbook.lint import is_destructive, lint
from overt.runbook.records import Block, Runbook
from overt.runbook.rehearse import rehearsal_verdict


class Lines:
    """Tells each block when it has ended; on a terminal also which one runs."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._live = stream, stream.isatty()

    def begins(self, block: Block, role: str) -> None:
        """Tell that a block starts."""
        if self._live:
            self._stream.write(f"  ....  {role:<8}  {block.id}\r")
            self._stream.flush()

    def ends(self, step: Step) -> None:
        """Tell how a block went; the state is told only when it could not be measured."""
        if step.role == "state" and step.ok and not self._live:
            return
        word = "hand" if step.role == "manual" else "ok  " if step.ok else "FAIL"
        end = "\r" if step.role == "state" and step.ok else "\n"
        self._stream.write(f"  {word}  {step.role:<8}  {step.id:<28} {step.duration_ns / 1e9:7.2f} s{end}")
        if not step.ok:
            self._stream.writelines(f"          {line}\n" for line in step.message.splitlines())
        self._stream.flush()

    def kept(self, folder: Path) -> None:
        """Tell where the scratch copy stays."""
        self._stream.write(f"  the scratch copy stays in {folder}\n")


def in_order(runbook: Runbook) -> Iterator[tuple[str, Block]]:
    """Yield what a rehearsal runs, in order, each with what it is run as; the state is measured in between."""
    yield from (("service", block) for block in runbook.of("service"))
    yield from (("precheck", block) for block in runbook.of("precheck"))
    yield from (("state", block) for block in runbook.of("state"))
    for step in runbook.of("step"):
        yield from (("before", check) for check in runbook.belonging("check", step.id))
        yield "step", step
        yield from (("check", check) for check in runbook.belonging("check", step.id))
    for step in reversed(runbook.of("step")):
        yield from (("undo", undo) for undo in runbook.belonging("undo", step.id))
    yield from (("precheck", block) for block in runbook.of("precheck"))


def show_plan(runbooks: Sequence[Runbook], more: Sequence[Finding], *, as_json: bool) -> int:
    """Show what would run and what the runbooks lack; return the exit status.

    Args:
        runbooks: The runbooks.
        more: What else was found.
        as_json: Whether as one JSON document.
    """
    findings = [*(finding for runbook in runbooks for finding in lint(runbook)), *more]
    if as_json:
        plan = [
            {
                "id": runbook.id,
                "path": runbook.path,
                "blocks": [
                    {"as": role, "id": block.id, "line": block.location.line, "timeout": block.seconds}
                    for role, block in in_order(runbook)
                ],
            }
            for runbook in runbooks
        ]
        sys.stdout.write(msgspec.json.encode({"plan": plan, "findings": findings}).decode() + "\n")
    else:
        for runbook in runbooks:
            _plan_lines(runbook)
        for finding in findings:
            sys.stdout.write(f"{finding.location}: {finding.rule} {finding.message}\n")
        sys.stdout.write(f"{len(findings)} findings; nothing was run\n")
    return Exit.REFUTED if findings else Exit.PROVED


def _plan_lines(runbook: Runbook) -> None:
    owner = runbook.owner or "nobody"
    sys.stdout.write(f"{runbook.id}: {runbook.title}  ({runbook.path}, owner {owner}, risk {runbook.risk})\n")
    for role, block in in_order(runbook):
        asks = f"  asks: {block.confirm}" if is_destructive(block) and block.confirm else ""
        sys.stdout.write(f"  {role:<8}  {block.id:<28} at most {block.seconds:g} s  line {block.location.line}{asks}\n")


def show_result(runbook: Runbook, record: Rehearsal) -> None:
    """Show what one rehearsal amounts to, and what the runbook lacks.

    Args:
        runbook: The runbook.
        record: What was observed.
    """
    verdict = rehearsal_verdict(record)
    reason = verdict.reason.replace("; ", "\n    ")
    sys.stdout.write(f"  {verdict.state.value}: {reason}\n")
    for finding in lint(runbook):
        sys.stdout.write(f"  note: {finding.location}: {finding.rule} {finding.message}\n")
    sys.stdout.write("\n")


def show_records(runbooks: Sequence[Runbook], records: Sequence[tuple[str, Rehearsal]], *, as_json: bool) -> None:
    """Show the end of a number of rehearsals.

    Args:
        runbooks: What was rehearsed.
        records: For each, the run it is recorded in and what was observed.
        as_json: Whether as one JSON document.
    """
    verdicts = [rehearsal_verdict(record) for _, record in records]
    if as_json:
        told = [
            {"state": verdict.state.value, "run": run, **msgspec.to_builtins(record)}
            for (run, record), verdict in zip(records, verdicts, strict=True)
        ]
        findings = [finding for runbook in runbooks for finding in lint(runbook)]
        sys.stdout.write(msgspec.json.encode({"rehearsals": told, "findings": findings}).decode() + "\n")
    else:
        proved = sum(verdict.holds for verdict in verdicts)
        where = ", ".join(run for run, _ in records)
        sys.stdout.write(f"{proved} of {len(records)} proved; recorded in {where}\n")
