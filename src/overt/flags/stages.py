"""The stages of a migration, what is known about one, and what was done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple, Self

from overt.flags.health import Health
from overt.flags.records import Value

Risk = Literal["low", "medium", "high"]


class _Stage(NamedTuple):
    number: int
    name: str
    flags: tuple[str, ...]
    risk: Risk
    description: str
    requires: tuple[str, ...]


class Stage(_Stage):
    """A step of a migration; stages add up.

    Args:
        number: From 1.
        name: Its name.
        flags: Names of the flags that it turns on.
        risk: `low`, `medium` or `high`.
        description: What changes.
        requires: Names of what must be proved before it is entered; `MigrationControl(judge=...)` says of each whether
            it is.

    Raises:
        ValueError: A number below 1, no flag, or a risk that there is not.

    Example:
        >>> Stage(1, "registry", ["new-registry"]).flags
        ('new-registry',)
    """

    __slots__ = ()

    def __new__(
        cls,
        number: int,
        name: str,
        flags: Iterable[str],
        *,
        risk: Risk = "low",
        description: str = "",
        requires: Iterable[str] = (),
    ) -> Self:
        """Make a stage, if it is one."""
        names = (flags,) if isinstance(flags, str) else tuple(flags)
        if number < 1:
            raise ValueError(f"stages are counted from 1, not {number}")
        if not names:
            raise ValueError(f"stage {number} ({name}) turns no flag on")
        if risk not in {"low", "medium", "high"}:
            raise ValueError(f"a risk is low, medium or high, not {risk!r}")
        return super().__new__(cls, number, name, names, risk, description, tuple(requires))


class Check(NamedTuple):
    """One condition of going on.

    Args:
        name: What is looked at.
        ok: Whether it holds; what could not be looked at does not.
        why: What was seen.
    """

    name: str
    ok: bool
    why: str


class Readiness(NamedTuple):
    """Whether a stage may be entered.

    Args:
        ready: Whether every check holds.
        checks: Each check.
    """

    ready: bool
    checks: tuple[Check, ...]

    def __bool__(self) -> bool:
        """Whether every check holds."""
        return self.ready


class Move(NamedTuple):
    """One move between stages, as history keeps it.

    Args:
        at: Seconds since 1970 UTC.
        by: Who made it.
        kind: `advance`, `rollback`, `emergency` or `automatic` (the monitor's own).
        old: Stage before.
        new: Stage after.
        percentage: Percentage of the stage's flags after the move.
        reason: Why.
        problem: What was wrong with the store, so that what stood in it before could not be read; empty when nothing.
    """

    at: float
    by: str
    kind: str
    old: int
    new: int
    percentage: float
    reason: str
    problem: str = ""


class Status(NamedTuple):
    """Where a migration stands.

    Args:
        stage: Number of the stage; 0 when nothing is turned on.
        percentage: Percentage of that stage.
        name: Its name; empty at 0.
        flags: Value of every flag of the stages.
        drift: Flags whose value is not what the stage says: somebody has set them by hand.
        history: The moves so far, the oldest first.
        health: What was measured; None when nothing measures.
        problem: Why the store cannot be read, so that all this is what was known last; empty when it can.
    """

    stage: int
    percentage: float
    name: str
    flags: Mapping[str, Value]
    drift: tuple[str, ...]
    history: Sequence[Move]
    health: Health | None
    problem: str = ""
