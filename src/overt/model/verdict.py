"""What evidence says about a claim."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from overt.model.exits import Exit


class State(StrEnum):
    """The states of a verdict, the most urgent first."""

    REFUTED = "refuted"
    """Measured, and does not hold."""
    CONFLICT = "conflict"
    """Two records of the same thing disagree."""
    STALE = "stale"
    """Held once; what it was measured on has changed since."""
    UNCHECKED = "unchecked"
    """Could not run, or was not measured."""
    INCONCLUSIVE = "inconclusive"
    """Measured, but the interval does not decide."""
    OPEN = "open"
    """Needs a human."""
    PROVED = "proved"
    """Measured, and holds."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A state with its reason and the evidence it rests on.

    Args:
        state: One of the states above.
        reason: One sentence: what was seen, with its figures.
        evidence: References of the records it rests on, as `RUN/RECORD-ID`.
    """

    state: State
    reason: str
    evidence: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the claim may be shown as true."""
        return self.state is State.PROVED


_URGENCY = tuple(State)


def worst(states: Iterable[State], *, empty: State = State.UNCHECKED) -> State:
    """Return the most urgent of several states.

    Args:
        states: The states to sum up.
        empty: What nothing at all amounts to; never proved by default.

    Example:
        >>> worst([State.PROVED, State.STALE]).value
        'stale'
        >>> worst([]).value
        'unchecked'
    """
    return min(states, key=_URGENCY.index, default=empty)


def exit_for(states: Iterable[State], *, empty: Exit = Exit.UNCHECKED) -> Exit:
    """Return the exit status that a set of states amounts to.

    A stale claim fails like a refuted one: it asserts what is no longer known to hold.

    Example:
        >>> exit_for([State.PROVED, State.UNCHECKED]).name
        'UNCHECKED'
    """
    seen = frozenset(states)
    if not seen:
        return empty
    if seen & {State.REFUTED, State.STALE}:
        return Exit.REFUTED
    return Exit.PROVED if seen <= {State.PROVED, State.OPEN} else Exit.UNCHECKED
