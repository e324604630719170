"""A question to a person: may the tests that are gone be gone?"""

from __future__ import annotations

import re

from overt.model import Location, State
from overt.review.context import Context
from overt.review.python import is_test
from overt.review.records import Example, Outcome, ReviewRule
from overt.review.said import counted

_TEST = re.compile(rb"^\s*(?:async\s+)?def (test_\w+)", re.MULTILINE)


def prove(context: Context) -> Outcome:
    """Ask when a test of the former side is nowhere on the present one."""
    changes = context.changes
    before: dict[bytes, str] = {}
    after: set[bytes] = set()
    for file in changes.files:
        if is_test(file.old_path):
            before |= dict.fromkeys(_TEST.findall(changes.before(file) or b""), file.path)
        if is_test(file.path):
            after |= set(_TEST.findall(changes.after(file) or b""))
    gone = sorted(before.keys() - after)
    if not gone:
        return Outcome(None, "no test is gone")
    shown = ", ".join(name.decode("utf-8", "replace") for name in gone[:5])
    places = tuple(Location(path) for path in dict.fromkeys(before[name] for name in gone))
    return Outcome(
        State.OPEN, f"Is what {counted(len(gone), 'test')} held now held elsewhere, or wanted no more? {shown}", places
    )


_ONE = {"tests/test_a.py": "def test_a():\n    assert f()\n"}

RULE = ReviewRule(
    id="tests-may-go",
    title="What is no longer tested may go",
    why="A test that is taken away makes every check green that it used to fail.",
    prove=prove,
    remedy="say in the change what holds instead",
    see="docs/explanation/guidelines.md#change-a-test-with-the-behaviour",
    examples=(
        Example("a test goes", {"tests/test_a.py": "\n"}, State.OPEN, _ONE),
        Example("a test moves", {"tests/test_b.py": _ONE["tests/test_a.py"] + "\n\nx = 1\n"}, None, _ONE),
        Example("a test comes", _ONE, None),
    ),
    human=True,
)
