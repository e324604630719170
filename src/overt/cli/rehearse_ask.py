"""The person at the terminal who carries a runbook out."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TextIO

from overt.model import OvertError
from overt.runbook.records import Block, Runbook
from overt.system.text import plain_text


class AtTerminal:
    """Asks a person, or takes what was answered on the command line.

    Args:
        name: Who it is.
        agreed: Whether everything that takes something away was agreed to on the command line.
        done: Tasks that are done, by id, with what was noted about them.
        stream: Where answers come from.
    """

    def __init__(self, name: str, *, agreed: bool, done: Mapping[str, str], stream: TextIO) -> None:
        self.name = name
        self._agreed, self._done, self._stream = agreed, done, stream

    def begins(self, runbook: Runbook, environment: str) -> None:
        """Have the environment typed in before a runbook of high risk.

        Raises:
            OvertError: It was not.
        """
        if runbook.risk != "high" or self._agreed:
            return
        answer = self._ask(f"{runbook.id} is of high risk. Type the name of the environment to go on: ")
        if answer != environment:
            raise OvertError("nothing was done: the name of the environment was not typed in")

    def agrees(self, block: Block, question: str) -> bool:
        """Tell whether a block that takes something away may run."""
        if self._agreed:
            return True
        sys.stdout.writelines(f"  | {line}\n" for line in plain_text(block.body).splitlines())
        return self._ask(f"  {block.id}: {plain_text(question)}. Go on? [y/N] ").lower() in {"y", "yes"}

    def has_done(self, task: Block) -> str | None:
        """Return what the person notes about a task that was done; None when it was not."""
        if task.id in self._done:
            return self._done[task.id]
        if self._ask(f"  by hand: {plain_text(task.body)}\n  Done? [y/N] ").lower() not in {"y", "yes"}:
            return None
        return self._ask("  Note (may be empty): ")

    def _ask(self, question: str) -> str:
        if not self._stream.isatty():
            raise OvertError(
                f"nobody can be asked here: {question.strip()}",
                hint="run it at a terminal; or agree with --yes, and name tasks that are done with --done ID=NOTE",
            )
        sys.stdout.write(question)
        sys.stdout.flush()
        return self._stream.readline().strip()
