"""Carry a runbook out in a scratch copy, take it back, and see whether both did what they say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from overt.evidence.judging import rehearsal_state
from overt.evidence.records import Rehearsal, Step
from overt.model import State, Verdict
from overt.runbook.execute import Ran, execute, minimal_environment, missing_environment
from overt.runbook.expect import cannot_fail, meets
from overt.runbook.records import Block, Runbook
from overt.runbook.scratch import Scratch, scratch_copy, tree_digests
from overt.runbook.state import Snapshot, difference
from overt.system.clock import Clock
from overt.system.text import plain_text

SUITE = "rehearsal"
"""Name of the suite that rehearsals are recorded under."""

_MESSAGE_LIMIT = 400
_REASON_LIMIT = 2000


class Progress(Protocol):
    """Who watches a rehearsal."""

    def begins(self, block: Block, role: str) -> None:
        """Tell that a block starts; the role says `before` for a check that is tried before its step."""

    def ends(self, step: Step) -> None:
        """Tell how a block went."""

    def kept(self, folder: Path) -> None:
        """Tell where the scratch copy stays."""


class Silent:
    """Nobody watches."""

    def begins(self, block: Block, role: str) -> None:
        """Take no notice."""

    def ends(self, step: Step) -> None:
        """Take no notice."""

    def kept(self, folder: Path) -> None:
        """Take no notice."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a rehearsal takes from outside.

    Args:
        root: The project.
        files: Its files, relative to the root, POSIX.
        environment: The caller's environment.
        temp: Where the scratch folder is made.
        clock: The time.
        keep_output: Stores an output and returns its name, as a run's `blob` does.
        redact: Takes secrets out of a text.
        progress: Who watches.
        keep: Whether the scratch folder stays.
    """

    root: Path
    files: Sequence[str]
    environment: Mapping[str, str]
    temp: Path
    clock: Clock
    keep_output: Callable[[bytes], str] = lambda _data: ""
    redact: Callable[[str], str] = str
    progress: Progress = field(default_factory=Silent)
    keep: bool = False


class _Session:
    """One rehearsal as it goes: what was done, and what was wrong with it."""

    def __init__(self, runbook: Runbook, scratch: Scratch, around: Surroundings) -> None:
        self.runbook, self.scratch, self.around = runbook, scratch, around
        self.environment = minimal_environment(runbook, scratch, around.environment)
        self.steps: list[Step] = []
        self.faults: list[str] = []
        self.changed = self.restored = False

    def fault(self, block: Block, text: str) -> None:
        self.faults.append(self.around.redact(f"{block.location}: {block.role} {block.id!r} {text}"))

    def run(self, block: Block, *, role: str = "", must_fail: bool = False) -> Ran:
        """Run a block, hold its output against what is expected of it, and note both."""
        self.around.progress.begins(block, role or block.role)
        ran = execute(block, self.scratch, self.environment)
        wrong = ran.fault or self._unmet(block, ran)
        if must_fail:
            wrong = self._negative(block, ran, wrong)
        elif wrong:
            self.fault(block, wrong)
        if ran.left_behind:
            self.fault(block, "leaves processes behind; they were ended")
        self._note(block, role or block.role, ran, wrong)
        return ran

    def _unmet(self, block: Block, ran: Ran) -> str:
        output = plain_text(ran.output)
        for expected in self.runbook.belonging("expect", block.id):
            if not meets(expected, output):
                last = output.strip().splitlines()[-1:] or ["nothing"]
                return f"does not print what line {expected.location.line} expects; it printed {last[0][:120]!r}"
        return ""

    def _negative(self, block: Block, ran: Ran, wrong: str) -> str:
        """Return what is wrong with a check that was tried before its step: that it passes, or cannot be tried."""
        if not wrong:
            self.fault(block, f"cannot fail: it passes before {block.target!r} has done anything")
            return "passes with nothing done"
        if not ran.started or ran.exit_code is None:
            self.fault(block, f"{wrong}, tried before its step")
            return wrong
        return ""

    def _note(self, block: Block, role: str, ran: Ran, wrong: str) -> None:
        tail = plain_text(ran.output).strip()[-_MESSAGE_LIMIT:] if wrong else ""
        step = Step(
            id=block.id,
            role=role,
            ok=not wrong and not ran.left_behind,
            exit_code=ran.exit_code,
            duration_ns=ran.duration_ns,
            line=block.location.line,
            message=self.around.redact(f"{wrong}\n{tail}".strip() if wrong else ""),
            output_blob=self.around.keep_output(ran.output) if ran.output else "",
        )
        self.steps.append(step)
        self.around.progress.ends(step)

    def all_ok(self, blocks: Sequence[Block]) -> bool:
        """Run blocks in order up to the first that fails; True when none did."""
        return all(not self.run(block).fault and self.steps[-1].ok for block in blocks)

    def state(self) -> Snapshot:
        """Measure the state."""
        blocks = self.runbook.of("state")
        if not blocks:
            return Snapshot(tree_digests(self.scratch.project), of_files=True)
        return Snapshot({block.id: self._printed(block) for block in blocks}, of_files=False)

    def _printed(self, block: Block) -> str:
        ran = self.run(block)
        if ran.cut:
            self.fault(block, "prints more than can be compared; print a digest of it instead")
        return ran.output.decode("utf-8", "surrogateescape")


def _begin(session: _Session) -> Snapshot | None:
    """Run the prechecks and measure the state twice: one that moves by itself cannot be compared."""
    if not session.all_ok(session.runbook.of("precheck")):
        return None
    first = session.state()
    moved = difference(first, session.state())
    if moved:
        told = f"{session.runbook.path}: the state changes with nothing done: {moved}"
        session.faults.append(session.around.redact(told))
    return None if session.faults else first


def _carry_out(session: _Session, step: Block, before: Snapshot) -> tuple[bool, Snapshot]:
    """Try the checks of a step before it, do it, try them again; True when all went well."""
    checks = session.runbook.belonging("check", step.id)
    for check in checks:
        session.run(check, role="before", must_fail=True)
    if checks and (moved := difference(before, untouched := session.state())):
        session.fault(step, f"has a check that changes the state: {moved}")
        before = untouched
    if not session.all_ok([step]):
        return False, session.state()
    checked = session.all_ok(checks)
    after = session.state()
    if not difference(before, after):
        session.fault(step, "changes nothing")
    return checked, after


def _take_back(session: _Session, done: Sequence[Block], now: Snapshot) -> Snapshot:
    """Run the undos of what was done, the last first."""
    for step in reversed(done):
        for undo in session.runbook.belonging("undo", step.id):
            session.all_ok([undo])
            after = session.state()
            if not difference(now, after):
                session.fault(undo, "restores nothing: the state is the same before and after it")
            now = after
    return now


def _story(session: _Session) -> None:
    """The whole rehearsal, from the first precheck to the state that must be the first one again."""
    start = _begin(session)
    if start is None:
        return
    now, done = start, []
    for step in session.runbook.of("step"):
        well, now = _carry_out(session, step, now)
        done.append(step)
        if not well:
            break
    session.changed = bool(difference(start, now))
    now = _take_back(session, done, now)
    session.all_ok(session.runbook.of("precheck"))
    remains = difference(start, now)
    session.restored = not remains
    if remains:
        session.faults.append(session.around.redact(f"{session.runbook.path}: not restored: {remains}"))
    if not session.changed:
        session.faults.append(f"{session.runbook.path}: the steps together change nothing")


def rehearse(runbook: Runbook, around: Surroundings) -> Rehearsal:
    """Rehearse a runbook in a scratch copy of the project.

    Args:
        runbook: What to rehearse.
        around: Where, with what, and who watches.

    Returns:
        What was observed; `rehearsal_verdict` says what it amounts to.
    """
    start_ns, began = around.clock.now_ns(), around.clock.monotonic_ns()
    steps: list[Step] = []
    changed = restored = False
    faults = [
        f"{block.location}: the expectation for {block.target!r} matches anything"
        for block in runbook.of("expect")
        if cannot_fail(block)
    ]
    missing = missing_environment(runbook, around.environment)
    if missing:
        faults.append(f"{runbook.path}: not set in this environment: {', '.join(missing)}")
    else:
        with scratch_copy(
            around.root, around.files, runbook=runbook.id, temp=around.temp, start_ns=start_ns, keep=around.keep
        ) as scratch:
            session = _Session(runbook, scratch, around)
            _story(session)
            steps, changed, restored = session.steps, session.changed, session.restored
            faults += session.faults
            if around.keep:
                around.progress.kept(scratch.project)
    return Rehearsal(
        id=f"rehearsal:{SUITE}:{runbook.id}",
        suite=SUITE,
        runbook=runbook.id,
        path=runbook.path,
        text_sha256=runbook.text_sha256,
        steps=tuple(steps),
        changed=changed,
        restored=restored,
        reason="; ".join(faults)[:_REASON_LIMIT],
        start_ns=start_ns,
        duration_ns=around.clock.monotonic_ns() - began,
    )


def rehearsal_verdict(record: Rehearsal) -> Verdict:
    """Return what a rehearsal amounts to, computed from what was observed.

    Args:
        record: The rehearsal.
    """
    state = rehearsal_state(record)
    steps = sum(step.role == "step" for step in record.steps)
    if state is State.PROVED:
        word = "step" if steps == 1 else "steps"
        return Verdict(state, f"{steps} {word} carried out and checked, the state changed and was restored")
    if not steps:
        return Verdict(state, record.reason or "no step was carried out")
    failed = [step.id for step in record.steps if not step.ok]
    return Verdict(state, record.reason or f"not as it should be: {', '.join(failed) or 'the state'}")
