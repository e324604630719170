"""A question to a person: who owns the state?"""

from __future__ import annotations

from overt.model import Location, State
from overt.review.context import Context
from overt.review.python import is_source, python_files
from overt.review.records import Example, Outcome, ReviewRule


def prove(context: Context) -> Outcome:
    """Ask when source changed."""
    source = [file for file in python_files(context.changes) if is_source(file.path)]
    if not source:
        return Outcome(None, "no source file is there after the change")
    question = "Does everything that changes over time belong to one object, made by whoever needs it and passed on?"
    return Outcome(State.OPEN, question, tuple(Location(file.path) for file in source))


RULE = ReviewRule(
    id="state-has-owner",
    title="State has an owner",
    why="A linter sees where state is kept; only a person sees whether that is the right place.",
    prove=prove,
    remedy="move it into the object whose life it shares",
    see="docs/explanation/guidelines.md#give-state-an-owner",
    examples=(
        Example("source changes", {"src/cart.py": "TAX = 2\n"}, State.OPEN),
        Example("only a page changes", {"docs/cart.md": "# Cart\n"}, None),
    ),
    human=True,
)
