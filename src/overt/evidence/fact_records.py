"""A fact: a named value with how far it may be relied on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from overt.model import State, worst

Value = int | str | bool | None


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that was, or was not, measured.

    Args:
        name: Dotted name, for example `tests.failed`.
        value: What was measured, in `unit`; None when nothing was.
        unit: `count`, `ns`, `bytes`, `ppm`, `text` or `flag`.
        state: `proved` when measured completely and fresh, whatever the value; else why it may not be relied on.
        reason: One sentence about the state; empty when proved.
        evidence: What it rests on, as `RUN/RECORD-ID`.
    """

    name: str
    value: Value
    unit: str
    state: State
    reason: str = ""
    evidence: tuple[str, ...] = ()


def total(name: str, parts: Sequence[Fact], unit: str = "count") -> Fact:
    """Return the sum of facts: as doubtful as the most doubtful part, without a value when a part has none.

    Args:
        name: Name of the sum.
        parts: What is added.
        unit: Unit of all of them.
    """
    if not parts:
        return Fact(name, None, unit, State.UNCHECKED, "nothing that measures it was run")
    state = worst(part.state for part in parts)
    reasons = dict.fromkeys(part.reason for part in parts if part.reason)
    values = [part.value for part in parts]
    numbers = [value for value in values if isinstance(value, int)]
    evidence = tuple(dict.fromkeys(one for part in parts for one in part.evidence))
    value = sum(numbers) if len(numbers) == len(values) else None
    return Fact(name, value, unit, state, "; ".join(reasons), evidence)
