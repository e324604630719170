"""How a failure is told: what happened, where, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from overt.model.exits import Exit
from overt.model.location import Location


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with what the user gave.

    Args:
        message: What happened.
        where: Where it stands; None when it has no place.
        hint: What to do; empty when nothing is known to help.
    """

    message: str
    where: Location | None = None
    hint: str = ""

    def __str__(self) -> str:
        """Return `where: message (hint)` on one line."""
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.message}" + (f" ({self.hint})" if self.hint else "")


class OvertError(Exception):
    """The root of every error that overt raises on purpose.

    Args:
        message: What happened.
        where: Where it stands; None when it has no place.
        hint: What to do.
        exit: Status that the command line ends with.

    Example:
        >>> print(OvertError("no suite named 'unti'", hint="did you mean 'unit'?"))
        no suite named 'unti' (did you mean 'unit'?)
    """

    def __init__(
        self,
        message: str,
        *,
        where: Location | None = None,
        hint: str = "",
        exit: Exit = Exit.USAGE,  # noqa: A002
    ) -> None:
        super().__init__(message)
        self.message, self.where, self.hint, self.exit = message, where, hint, exit

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong, one entry each."""
        return (Problem(self.message, self.where, self.hint),)

    def __str__(self) -> str:
        """Return every problem, one a line."""
        return "\n".join(str(problem) for problem in self.problems)


class Problems(OvertError):
    """Several problems told at once, so that nobody mends them one run at a time.

    Args:
        problems: What is wrong; at least one.
        exit: Status that the command line ends with.
    """

    def __init__(self, problems: Sequence[Problem], *, exit: Exit = Exit.USAGE) -> None:  # noqa: A002
        first = problems[0]
        super().__init__(first.message, where=first.where, hint=first.hint, exit=exit)
        self._problems = tuple(problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong, in the order found."""
        return self._problems
