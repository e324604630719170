"""A question to a person: can a change of stored data be taken back?"""

from __future__ import annotations

from overt.model import Location, State
from overt.review.context import Context
from overt.review.records import Example, Outcome, ReviewRule
from overt.system.files import select

_PATTERNS = ("**/migrations/**", "**/alembic/versions/**", "**/*.sql", "**/migrate/**")


def prove(context: Context) -> Outcome:
    """Ask when a migration of stored data changes."""
    found = select([file.path for file in context.changes.files], _PATTERNS)
    if not found:
        return Outcome(None, "no migration of stored data changes")
    question = "Does the old program run on the new data, and is there a way back that was tried?"
    return Outcome(State.OPEN, question, tuple(Location(path) for path in found))


RULE = ReviewRule(
    id="data-can-go-back",
    title="A change of stored data can be taken back",
    why="A program is taken back in a minute; data that it has rewritten is not.",
    prove=prove,
    remedy="add first, move over, take away last, each in a release of its own",
    see="docs/explanation/guidelines.md#keep-a-way-back-for-data",
    examples=(
        Example("a migration comes", {"shop/migrations/0002_tax.py": "x = 1\n"}, State.OPEN),
        Example("source changes", {"shop/cart.py": "x = 1\n"}, None),
    ),
    human=True,
)
