"""A value that may be in doubt, and what was seen on the way to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from overt.audit.show import show
from overt.model import State
from overt.model.verdict import worst

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a value may not be relied on.

    Args:
        state: What that makes of a statement.
        reason: Why, in words.
        about: The fact it is about; empty when it is about the statement itself.
    """

    state: State
    reason: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What a comparison saw, and what it had expected."""

    seen: str
    expected: str

    @property
    def failure(self) -> str:
        """Both, as the reason of a refutation."""
        return f"{self.seen}, expected {self.expected}" if self.expected else self.seen


@dataclass(frozen=True, slots=True)
class Value:
    """What a part of an expression comes to.

    Args:
        value: A number in the ledger's unit, a string, true or false; None when it is not known.
        unit: What it is measured in.
        doubts: Why it may not be relied on; empty when it is definite.
        evidence: The records it rests on.
        reads: The facts read, each with the value shown.
        notes: Of a statement, what decided it.
    """

    value: Fraction | str | bool | None
    unit: str
    doubts: tuple[Doubt, ...] = ()
    evidence: tuple[str, ...] = ()
    reads: tuple[tuple[str, str], ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def definite(self) -> bool:
        """Whether it is known and nothing speaks against relying on it."""
        return self.value is not None and not self.doubts

    @property
    def state(self) -> State:
        """The state of a statement with this value."""
        if not self.definite:
            return worst(doubt.state for doubt in self.doubts)
        return State.PROVED if self.value else State.REFUTED

    @property
    def shown(self) -> str:
        """The value as people read it."""
        return show(self.value, self.unit)


def unique(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return the items in order of appearance, each once."""
    return tuple(dict.fromkeys(items))


def told(doubts: Iterable[Doubt]) -> tuple[str, ...]:
    """Return the reasons of doubts in words, each once, with the facts it is about.

    Example:
        >>> told(Doubt(State.STALE, "a.py changed", name) for name in ("tests.failed", "tests.total"))
        ('tests.failed, tests.total: a.py changed',)
    """
    about: dict[str, list[str]] = {}
    for doubt in doubts:
        about.setdefault(doubt.reason, []).append(doubt.about)
    return tuple(f"{', '.join(filter(None, names))}: {reason}".removeprefix(": ") for reason, names in about.items())


def gathered(values: tuple[Value, ...], value: Fraction | str | bool | None, unit: str) -> Value:
    """Return a value that was made from others and inherits their doubts, evidence and reads."""
    return Value(
        value=value,
        unit=unit,
        doubts=unique(doubt for one in values for doubt in one.doubts),
        evidence=unique(reference for one in values for reference in one.evidence),
        reads=unique(read for one in values for read in one.reads),
        notes=unique(note for one in values for note in one.notes),
    )


def doubtful(values: tuple[Value, ...], unit: str, reason: str) -> Value:
    """Return an unknown value with one more reason for doubt."""
    base = gathered(values, None, unit)
    doubts = (*base.doubts, Doubt(State.UNCHECKED, reason))
    return Value(None, unit, doubts, base.evidence, base.reads, base.notes)
