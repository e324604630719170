"""The changed tests fail when the change of the source is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path, PurePosixPath

from overt.model import Location, State
from overt.review.changes import FileChange
from overt.review.context import Context
from overt.review.copy import copied
from overt.review.python import is_source, is_test, meaning
from overt.review.records import Example, Outcome, ReviewRule
from overt.review.said import counted
from overt.system.process import Completed
from overt.validate.environment import project_python, suite_environment

_FAILED = frozenset({1, 2})
"""How pytest ends when a test failed, or could not even be imported."""


def _tests(context: Context) -> Iterator[FileChange]:
    changes = context.changes
    files = [file for file in changes.files if is_test(file.path) and file.exists]
    named = [file for file in files if PurePosixPath(file.path).stem.startswith("test_") or "_test.py" in file.path]
    return (file for file in named if meaning(changes.before(file)) != meaning(changes.after(file)))


def _ended(done: Completed) -> str:
    if done.timed_out:
        return "ran out of time"
    return f"could not start: {done.failure}" if done.failure else f"ended with {done.exit_code}"


def prove(context: Context) -> Outcome:
    """Run the changed tests in a copy of the commit: with the change they pass, without it they fail."""
    changes = context.changes
    source = [file for file in changes.files if is_source(file.path) or is_source(file.old_path)]
    # Which tests do something else takes time to find out; only a run needs to know them all.
    tests = list(_tests(context) if context.may_run == "all" else islice(_tests(context), 5))
    if not source or not tests:
        return Outcome(None, "not both source and tests changed")
    places = tuple(Location(file.path) for file in tests[:5])
    if context.may_run != "all":
        return Outcome(State.UNCHECKED, "not asked for; run: overt review --run --only tests-see-the-change", places)
    if changes.span.dirty:
        return Outcome(State.UNCHECKED, "the work tree has changes that no commit holds; commit first", places)
    # Where the project had a campaign, that one decides: a change cannot allow itself to be run.
    campaign = context.former or context.campaign
    suite = next((suite for suite in campaign.suites.values() if suite.kind == "pytest"), None)
    if suite is None:
        return Outcome(State.UNCHECKED, "the campaign that the change set out from names no suite of pytest", places)
    python = project_python(Path(context.root).resolve(), campaign, context.environment)
    environment = suite_environment(python, suite, context.environment)
    paths = [file.path for file in tests]
    with copied(context) as copy:
        before = copy.test(python, paths, environment, seconds=suite.timeout)
        if before.exit_code != 0 or not before.ok:
            told = f"the changed tests do not pass on the change itself: pytest {_ended(before)}"
            return Outcome(State.UNCHECKED, told, places)
        copy.take_back(source)
        after = copy.test(python, paths, environment, seconds=suite.timeout)
    if after.ok:
        what = counted(len(source), "source file")
        told = f"{counted(len(paths), 'changed test file')}: passed without the change of {what}, too"
        return Outcome(State.REFUTED, told, places)
    if after.exit_code not in _FAILED:
        return Outcome(State.UNCHECKED, f"without the change of the source pytest {_ended(after)}", places)
    told = f"{counted(len(paths), 'changed test file')}: passed with the change, and failed without it"
    return Outcome(State.PROVED, told, command="overt review --run --only tests-see-the-change")


_TEST = "from cart import tax\n\n\ndef test_tax():\n    assert tax() == {}\n"
_BASE = {
    "overt.toml": '[suites.unit]\nkind = "pytest"\n',
    "cart.py": "def tax():\n    return 1\n",
    "tests/test_cart.py": _TEST.format(1),
}
_CART = {**_BASE, "cart.py": "def tax():\n    return 2\n"}

RULE = ReviewRule(
    id="tests-see-the-change",
    title="The changed tests fail without the change",
    why="A test that passes with and without the change does not test it.",
    prove=prove,
    remedy="write the test that fails without this change",
    see="docs/explanation/guidelines.md#change-a-test-with-the-behaviour",
    examples=(
        Example(
            "the test asks for the new value", {**_CART, "tests/test_cart.py": _TEST.format(2)}, State.PROVED, _BASE
        ),
        Example(
            "the test passes either way",
            {**_CART, "tests/test_cart.py": _TEST.replace("== {}", "> 0")},
            State.REFUTED,
            _BASE,
        ),
        Example("the test fails anyway", {**_CART, "tests/test_cart.py": _TEST.format(3)}, State.UNCHECKED, _BASE),
        Example("only source changes", _CART, None, _BASE),
    ),
)
