"""What a runbook is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from overt.model import Location

Role = Literal["service", "precheck", "state", "step", "check", "expect", "undo", "manual"]
Risk = Literal["low", "medium", "high"]
Match = Literal["exact", "contains", "regex", "json"]

ATTRIBUTES: Final[dict[str, tuple[str, ...]]] = {
    "service": ("id", "timeout", "ready"),
    "precheck": ("id", "timeout"),
    "state": ("id", "timeout"),
    "step": ("id", "timeout", "confirm"),
    "check": ("for", "id", "timeout"),
    "expect": ("for", "match"),
    "undo": ("for", "id", "timeout", "confirm"),
}
"""The roles a fence can play, and the attributes of each."""

LANGUAGES: Final = ("bash", "python")
"""What a fence that runs is written in."""

DEFAULT_TIMEOUT: Final = 60.0
"""Seconds a fence may take that names no time limit."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fence with a role, or a task that a person does by hand.

    Args:
        role: What it is for.
        id: Its name, unique in the runbook.
        language: `bash` or `python`; of an expectation, whatever its text is; empty for what is done by hand.
        body: Its lines; of a task its text.
        location: Line of the opening fence, or of the task.
        target: Id of the block it belongs to (`for=`); empty for blocks that stand alone.
        timeout: Seconds until it is ended; None when the runbook does not say.
        match: How an expectation is compared.
        confirm: What a person is asked before a destructive block runs for real.
        heading: The nearest heading above it.
        ready: Of a service, the text that it prints when it can be used; empty when it can be used at once.
    """

    role: Role
    id: str
    language: str
    body: str
    location: Location
    target: str = ""
    timeout: float | None = None
    match: Match = "exact"
    confirm: str = ""
    heading: str = ""
    ready: str = ""

    @property
    def seconds(self) -> float:
        """Time limit in seconds, the default when none is given."""
        return DEFAULT_TIMEOUT if self.timeout is None else self.timeout


@dataclass(frozen=True, slots=True)
class Runbook:
    """A runbook as it is written.

    Args:
        id: Its name.
        title: Its first heading.
        path: File, relative to the repository root, POSIX.
        owner: Who answers for it; empty when it does not say.
        risk: How much harm it can do.
        rehearse_every_ns: Age at which a rehearsal goes stale, nanoseconds; 0 for never.
        env: Environment it needs: `NAME` is taken from the caller, `NAME=value` is set.
        inputs: Globs of further files its rehearsal depends on.
        blocks: Its fences with a role, in the order of the text.
        text_sha256: Digest of the file.
    """

    id: str
    title: str
    path: str
    owner: str
    risk: Risk
    rehearse_every_ns: int
    env: tuple[str, ...]
    inputs: tuple[str, ...]
    blocks: tuple[Block, ...]
    text_sha256: str

    def of(self, role: Role) -> tuple[Block, ...]:
        """Return the blocks of one role, in the order of the text."""
        return tuple(block for block in self.blocks if block.role == role)

    @property
    def actions(self) -> tuple[Block, ...]:
        """What is done, in the order of the text: steps, and tasks for a person."""
        return tuple(block for block in self.blocks if block.role in {"step", "manual"})

    def belonging(self, role: Role, target: str) -> tuple[Block, ...]:
        """Return the blocks of one role that belong to a block."""
        return tuple(block for block in self.of(role) if block.target == target)
