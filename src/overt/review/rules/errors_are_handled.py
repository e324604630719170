"""A question to a person: is an error handled, or only silenced?"""

from __future__ import annotations

import re

from overt.model import State
from overt.review.context import Context
from overt.review.python import is_source, new_lines_with, python_files
from overt.review.records import Example, Outcome, ReviewRule

_CATCH = re.compile(rb"^\s*except\b|\bsuppress\(|\.catch\(")


def prove(context: Context) -> Outcome:
    """Ask when a new line of source catches something."""
    files = [file for file in python_files(context.changes) if is_source(file.path)]
    found, untold = new_lines_with(context.changes, files, _CATCH)
    if found or untold:
        question = "Does each new handler catch only what it can handle, and does somebody learn of the rest?"
        return Outcome(State.OPEN, question, tuple(found))
    return Outcome(None, "no new line of source catches an error")


RULE = ReviewRule(
    id="errors-are-handled",
    title="Errors are handled, not silenced",
    why="An error that is caught and forgotten comes back as a wrong result, where nobody looks for it.",
    prove=prove,
    remedy="catch the narrowest kind, at the place that can do something about it",
    see="docs/explanation/guidelines.md#handle-errors-where-something-can-be-done",
    examples=(
        Example("a handler is new", {"a.py": "try:\n    f()\nexcept OSError:\n    pass\n"}, State.OPEN),
        Example("a handler in a test", {"tests/test_a.py": "try:\n    f()\nexcept OSError:\n    pass\n"}, None),
        Example("a number changes", {"a.py": "x = 2\n"}, None),
    ),
    human=True,
)
