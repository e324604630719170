"""A question to a person: may the tests that are gone be gone?"""

from __future__ import annotations

import re
from collections import Counter

from overt.model import Location, State
from overt.review.context import Context
from overt.review.python import is_test
from overt.review.records import Example, Outcome, ReviewRule
from overt.review.said import counted

_TEST = re.compile(rb"^\s*(?:async\s+)?def (test_\w+)", re.MULTILINE)


def prove(context: Context) -> Outcome:
    """Ask when fewer tests of a name are on the present side than were on the former one."""
    changes = context.changes
    before: Counter[bytes] = Counter()
    after: Counter[bytes] = Counter()
    fewer: dict[bytes, list[str]] = {}
    for file in changes.files:
        was = Counter(_TEST.findall(changes.before(file) or b"") if is_test(file.old_path) else ())
        now = Counter(_TEST.findall(changes.after(file) or b"") if is_test(file.path) else ())
        before += was
        after += now
        for name in was - now:
            fewer.setdefault(name, []).append(file.path)
    # Counted, not only named: two classes of a file may each hold a test of the same name, and one of them go.
    lost = before - after
    if not lost:
        return Outcome(None, "no test is gone")
    gone = sorted(lost)
    shown = ", ".join(name.decode("utf-8", "replace") for name in gone[:5])
    places = tuple(Location(path) for path in dict.fromkeys(path for name in gone for path in fewer[name]))
    held = f"{counted(lost.total(), 'test')} held"
    return Outcome(State.OPEN, f"Is what {held} now held elsewhere, or wanted no more? {shown}", places)


_ONE = {"tests/test_a.py": "def test_a():\n    assert f()\n"}
_FIRST = "class TestA:\n    def test_it(self): ...\n"
_BOTH = _FIRST + _FIRST.replace("TestA", "TestB")

RULE = ReviewRule(
    id="tests-may-go",
    title="What is no longer tested may go",
    why="A test that is taken away makes every check green that it used to fail.",
    prove=prove,
    remedy="say in the change what holds instead",
    see="docs/explanation/guidelines.md#change-a-test-with-the-behaviour",
    examples=(
        Example("a test goes", {"tests/test_a.py": "\n"}, State.OPEN, _ONE),
        Example("one of two of a name goes", {"tests/test_a.py": _FIRST}, State.OPEN, {"tests/test_a.py": _BOTH}),
        Example("a test moves", {"tests/test_b.py": _ONE["tests/test_a.py"] + "\n\nx = 1\n"}, None, _ONE),
        Example("a test comes", _ONE, None),
    ),
    human=True,
)
