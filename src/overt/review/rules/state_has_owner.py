"""A question to a person: who owns the state?"""

from __future__ import annotations

import re

from overt.model import State
from overt.review.context import Context
from overt.review.python import is_source, new_lines_with, python_files
from overt.review.records import Example, Outcome, ReviewRule

_STATE = re.compile(
    rb"^\s*(?:(?:self|cls)\.\w+(?:\[.*\])?\s*(?::[^=]+)?[-+*/|&]?=[^=]|global\s|nonlocal\s)|\b(?:lru_cache|cached_property)\b"
    rb"|\bContextVar\(|^(?!__)[a-z_]\w*\s*(?::[^=]+)?=[^=]"
)
"""Attributes, names of a module that are no constants, and what remembers."""


def prove(context: Context) -> Outcome:
    """Ask when a new line of source keeps something."""
    files = [file for file in python_files(context.changes) if is_source(file.path)]
    found, untold = new_lines_with(context.changes, files, _STATE)
    if not found and not untold:
        return Outcome(None, "no new line of source keeps anything")
    question = "Does everything that changes over time belong to one object, made by whoever needs it and passed on?"
    return Outcome(State.OPEN, question, tuple(found))


RULE = ReviewRule(
    id="state-has-owner",
    title="State has an owner",
    why="A linter sees where state is kept; only a person sees whether that is the right place.",
    prove=prove,
    remedy="move it into the object whose life it shares",
    see="docs/explanation/guidelines.md#give-state-an-owner",
    examples=(
        Example("an attribute is set", {"src/cart.py": "class A:\n    def f(self):\n        self.x = 2\n"}, State.OPEN),
        Example("a name of the module is set", {"src/cart.py": "rows = []\n"}, State.OPEN),
        Example("a test keeps something", {"tests/test_cart.py": "rows = []\n"}, None),
        Example("a constant changes", {"src/cart.py": "TAX = 2\n"}, None),
        Example("only a page changes", {"docs/cart.md": "# Cart\n"}, None),
    ),
    human=True,
)
