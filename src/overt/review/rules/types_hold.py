"""Python changed, so its types were checked."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

from overt.model import Location, State
from overt.review.context import Context
from overt.review.python import python_files
from overt.review.recorded import ended, hold
from overt.review.records import Example, Outcome, ReviewRule

_CHECKERS: Final = frozenset({"mypy", "dmypy", "pyright", "basedpyright", "ty", "pyre", "pyrefly", "pytype"})


def prove(context: Context) -> Outcome:
    """Judge the runs of the suites whose command is a type checker."""
    files = python_files(context.changes)
    if not files:
        return Outcome(None, "no Python file is there after the change")
    suites = context.campaign.suites.items()
    # Behind `uv run` or `python -m`, a checker is the third word.
    names = [name for name, suite in suites if any(PurePosixPath(part).name in _CHECKERS for part in suite.command[:3])]
    if not names:
        return Outcome(None, "the campaign names no suite that checks types")
    return hold(context, names, tuple(Location(file.path) for file in files[:5]))


_TOML = '[suites.types]\nkind = "command"\ncommand = ["mypy", "--strict"]\n'
_BASE = {"overt.toml": _TOML, "a.py": "x = 1\n"}
_HEAD = {**_BASE, "a.py": "x = 2\n"}

RULE = ReviewRule(
    id="types-hold",
    title="The types hold",
    why="A type checker sees the callers that a reviewer does not look at.",
    prove=prove,
    remedy="run the suite that checks types, and mend what it tells",
    see="docs/explanation/guidelines.md#trust-evidence-of-this-commit-only",
    examples=(
        Example("the checker ran on the commit", _HEAD, State.PROVED, _BASE, {"types": ended("types", 0)}),
        Example("the checker found something", _HEAD, State.REFUTED, _BASE, {"types": ended("types", 1)}),
        Example("the checker did not run", _HEAD, State.UNCHECKED, _BASE),
        Example("no checker is named", {"a.py": "x = 2\n"}, None, {"a.py": "x = 1\n"}),
        Example("a page changes", {**_BASE, "a.md": "# A\n"}, None, _BASE),
    ),
)
