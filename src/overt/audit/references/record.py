"""What a document mentions, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from overt.model import Location, State, Verdict
from overt.system.text import nearest

Sort = Literal[
    "path",
    "link",
    "anchor",
    "symbol",
    "command",
    "option",
    "rule",
    "key",
    "flag",
    "suite",
    "claim",
    "target",
    "task",
    "atom",
    "variable",
    "ignore",
]
"""What a reference is to.

`target` is one of a Makefile or of another runner of named jobs, `task` one of mix, `variable` one of the environment,
`ignore` something that keeps others quiet.
"""

_MOST_CANDIDATES = 200


@dataclass(frozen=True, slots=True)
class Mention:
    """A piece of a document that may name something.

    Args:
        text: As written, without backticks.
        location: Where it stands.
        origin: `code` between backticks, `shell` a line of a shell fence, `python` a statement of a Python fence,
            `elixir` a call in an Elixir fence, `prose` running text.
        told: Why it may speak of what is no longer, or not, there; empty when it does not seem to.
        elsewhere: Why it may speak of the reader's own files; empty when it does not seem to.
        around: The sentence it stands in, of a cell with the heads of its row and column; code in it is blanked.
    """

    text: str
    location: Location
    origin: Literal["code", "shell", "python", "elixir", "prose"]
    told: str = ""
    elsewhere: str = ""
    around: str = ""


@dataclass(frozen=True, slots=True)
class Ref:
    """Something that a document names.

    Args:
        sort: What it is.
        text: As the document writes it.
        location: Where it stands.
        verdict: Whether it exists.
        hint: The nearest thing that does.
    """

    sort: Sort
    text: str
    location: Location
    verdict: Verdict
    hint: str = ""


def proved(sort: Sort, mention: Mention, reason: str) -> Ref:
    """Return a reference that holds."""
    return Ref(sort, mention.text, mention.location, Verdict(State.PROVED, reason))


def unchecked(sort: Sort, mention: Mention, reason: str) -> Ref:
    """Return a reference that was not decided."""
    return Ref(sort, mention.text, mention.location, Verdict(State.UNCHECKED, reason))


def refuted(sort: Sort, mention: Mention, reason: str, hint: str = "") -> Ref:
    """Return a reference to what is not there; unchecked when the text around it speaks of other times or places."""
    excuse = mention.told or (mention.elsewhere if sort == "path" else "")
    if excuse:
        return unchecked(sort, mention, f"{reason}, but {excuse}")
    return Ref(sort, mention.text, mention.location, Verdict(State.REFUTED, reason), hint)


def near(name: str, candidates: Iterable[str]) -> str:
    """Return a hint that names the nearest candidate; empty when none is near.

    Example:
        >>> near("validat", ["validate", "build"])
        "did you mean 'validate'?"
    """
    ends = {name[:1].lower(), name[-1:].lower()}
    likely = [
        one for one in candidates if abs(len(one) - len(name)) <= 8 and ends & {one[:1].lower(), one[-1:].lower()}
    ]
    found = nearest(name, likely[:_MOST_CANDIDATES])
    return f"did you mean {found!r}?" if found else ""
