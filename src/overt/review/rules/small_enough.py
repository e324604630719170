"""The change is small enough to be read."""

from __future__ import annotations

from overt.model import Location, State
from overt.review.context import Context
from overt.review.records import Example, Outcome, ReviewRule
from overt.review.said import counted
from overt.system.files import matches

_GENERATED = ("**/*.lock", "**/pylock.toml", "**/Pipfile.lock", "**/package-lock.json", "**/*.ratchet", "**/*.min.*")


def prove(context: Context) -> Outcome:
    """Count the lines, those of locks and the like left out."""
    # The campaign that the change set out from decides: a change does not raise its own limit.
    changes, most = context.changes, (context.former or context.campaign).review.most_lines
    read = [file for file in changes.files if not matches(file.path, _GENERATED)]
    sizes = {
        file.path: file.added + file.deleted for file in read if file.added is not None and file.deleted is not None
    }
    total = sum(sizes.values())
    binary = [file.path for file in read if file.path not in sizes]
    if total > most:
        largest = sorted(sizes, key=lambda path: -sizes[path])[:3]
        told = (
            f"{counted(total, 'line')} changed in {counted(len(sizes), 'file')}; at most {most} can be read with care"
        )
        return Outcome(State.REFUTED, told, tuple(Location(path) for path in largest), f"{changes.command} --stat")
    if binary:
        places = tuple(Location(path) for path in binary[:5])
        return Outcome(
            State.UNCHECKED, f"{counted(len(binary), 'binary file has', 'binary files have')} no lines to count", places
        )
    return Outcome(
        State.PROVED,
        f"{counted(total, 'line')} changed in {counted(len(sizes), 'file')}",
        command=f"{changes.command} --stat",
    )


RULE = ReviewRule(
    id="small-enough",
    title="Small enough to be read",
    why="Beyond a few hundred lines reviewers skim, and defects pass.",
    prove=prove,
    remedy="split it, moves and renames first",
    see="docs/explanation/guidelines.md#keep-a-change-small-enough-to-be-read",
    examples=(
        Example("a few lines", {"a.py": "x = 1\n"}, State.PROVED),
        Example("four hundred and one lines", {"a.py": "x = 1\n" * 401}, State.REFUTED),
        Example(
            "more than the campaign allows",
            {"overt.toml": "[review]\nmost-lines = 2\n", "a.py": "x = 1\n"},
            State.REFUTED,
        ),
        Example("a long lock", {"requirements.lock": "a==1\n" * 900, "a.py": "x = 1\n"}, State.PROVED),
        Example("a picture", {"logo.png": "\x89PNG\0\0"}, State.UNCHECKED),
    ),
)
