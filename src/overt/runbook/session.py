"""A runbook as it is carried out, in a scratch copy or for real: one block after another, each noted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from overt.evidence.records import Step
from overt.runbook.execute import Ran, execute, minimal_environment
from overt.runbook.expect import meets
from overt.runbook.figures import read_figures
from overt.runbook.place import Place
from overt.runbook.records import Block, Runbook
from overt.runbook.scratch import tree_digests
from overt.runbook.state import Snapshot
from overt.system.clock import Clock
from overt.system.text import plain_text

_MESSAGE_LIMIT = 400


class Progress(Protocol):
    """Who watches."""

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
    """What carrying a runbook out takes from outside.

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


class Session:
    """A runbook as it is carried out: what was done, and what was wrong with it."""

    def __init__(self, runbook: Runbook, place: Place, around: Surroundings) -> None:
        self.runbook, self.place, self.around = runbook, place, around
        self.environment = minimal_environment(runbook, place, around.environment)
        self.steps: list[Step] = []
        self.faults: list[str] = []
        self.changed = self.restored = False

    def fault(self, block: Block, text: str) -> None:
        """Note what is wrong with a block."""
        self.faults.append(self.around.redact(f"{block.location}: {block.role} {block.id!r} {text}"))

    def run(self, block: Block, *, role: str = "", must_fail: bool = False) -> Ran:
        """Run a block, hold its output against what is expected of it, and note both."""
        self.around.progress.begins(block, role or block.role)
        ran = execute(block, self.place, self.environment)
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
            figures=read_figures(plain_text(ran.output)) if role != "before" else (),
        )
        self._enter(step)

    def _enter(self, step: Step) -> None:
        self.steps.append(step)
        self.around.progress.ends(step)

    def served(self, block: Block, fault: str) -> None:
        """Note how a service began."""
        if fault:
            self.fault(block, fault)
        message = self.around.redact(fault)
        self._enter(Step(id=block.id, role=block.role, ok=not fault, line=block.location.line, message=message))

    def by_hand(self, task: Block, message: str) -> None:
        """Note a task that a person does."""
        self._enter(
            Step(id=task.id, role=task.role, ok=True, line=task.location.line, message=self.around.redact(message))
        )

    def all_ok(self, blocks: Sequence[Block]) -> bool:
        """Run blocks in order up to the first that fails; True when none did."""
        return all(not self.run(block).fault and self.steps[-1].ok for block in blocks)

    def state(self) -> Snapshot:
        """Measure the state."""
        blocks = self.runbook.of("state")
        if not blocks:
            return Snapshot(tree_digests(self.place.project), of_files=True)
        return Snapshot({block.id: self._printed(block) for block in blocks}, of_files=False)

    def _printed(self, block: Block) -> str:
        ran = self.run(block)
        if ran.cut:
            self.fault(block, "prints more than can be compared; print a digest of it instead")
        return ran.output.decode("utf-8", "surrogateescape")
