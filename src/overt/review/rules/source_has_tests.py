"""Source changed, so tests changed."""

from __future__ import annotations

from overt.model import Location, State
from overt.review.changes import Changes, FileChange
from overt.review.context import Context
from overt.review.python import behaviour, is_test, ships
from overt.review.records import Example, Outcome, ReviewRule
from overt.review.said import counted

_MANY = 500
"""Files of which each is looked at; whether a reviewer hears of 4,000 or of 3,990 makes no difference."""


def _means_something_else(changes: Changes, file: FileChange) -> bool:
    """Tell whether a file does something else than before; a move, a docstring and an annotation do not count."""
    before, after = behaviour(changes.before(file)), behaviour(changes.after(file))
    return before != after or (before is None and file.status != "R")


def _other(changes: Changes, files: list[FileChange]) -> list[FileChange]:
    """Return the files that do something else; of very many, those in front that do not are left out and no others."""
    if len(files) <= _MANY:
        return [file for file in files if _means_something_else(changes, file)]
    first = next((number for number, file in enumerate(files) if _means_something_else(changes, file)), len(files))
    return files[first:]


def _follows(test: FileChange, grows: bool) -> bool:
    return not grows or test.added != 0 or not test.deleted


def prove(context: Context) -> Outcome:
    """Say whether tests changed with the source."""
    changes = context.changes
    python = [file for file in changes.files if ships(file.path, context.packages)]
    source = _other(changes, python)
    if not source:
        return Outcome(None, "no source file does anything else than before")
    # A test that is only taken away follows a change that only takes away, and no other.
    grows = any(file.added for file in source)
    tests = [file for file in changes.files if is_test(file.path) and file.exists and _follows(file, grows)]
    if tests:
        told = f"{counted(len(source), 'source file')} and {counted(len(tests), 'test file')} changed"
        return Outcome(State.PROVED, told, command=changes.command)
    places = tuple(Location(file.path) for file in source[:5])
    # A change that takes the last test away does not free itself.
    gone = any(is_test(file.old_path) for file in changes.files)
    if not gone and not any(is_test(name) for name in changes.head_names):
        return Outcome(State.UNCHECKED, "the project has no test file to change", places)
    cut = any(is_test(file.path) and file.exists for file in changes.files)
    told = "tests were only taken away" if cut else "no test did"
    return Outcome(State.REFUTED, f"{counted(len(source), 'source file')} changed and {told}", places)


_TEST = {"tests/test_cart.py": "def test_total():\n    assert True\n"}

RULE = ReviewRule(
    id="source-has-tests",
    title="Source changed, so tests changed",
    why="A change of behaviour that no test follows can be undone by the next change without anybody noticing.",
    prove=prove,
    remedy="write the test that fails without this change",
    see="docs/explanation/guidelines.md#change-a-test-with-the-behaviour",
    examples=(
        Example(
            "a function and its test change together",
            base={"src/cart.py": "TAX = 1\n", **_TEST},
            head={"src/cart.py": "TAX = 2\n", "tests/test_cart.py": "def test_total():\n    assert 1\n"},
            state=State.PROVED,
        ),
        Example(
            "a function changes alone",
            base={"src/cart.py": "TAX = 1\n", **_TEST},
            head={"src/cart.py": "TAX = 2\n", **_TEST},
            state=State.REFUTED,
        ),
        Example(
            "a function changes and a test goes",
            base={"src/cart.py": "TAX = 1\n", "tests/test_cart.py": "def test_a(): ...\ndef test_b(): ...\n"},
            head={"src/cart.py": "TAX = 2\n", "tests/test_cart.py": "def test_a(): ...\n"},
            state=State.REFUTED,
        ),
        Example(
            "a function goes with its test",
            base={
                "src/cart.py": "def a(): ...\ndef b(): ...\n",
                "tests/test_cart.py": "def test_a(): ...\ndef test_b(): ...\n",
            },
            head={"src/cart.py": "def a(): ...\n", "tests/test_cart.py": "def test_a(): ...\n"},
            state=State.PROVED,
        ),
        Example(
            "there is no test to change",
            base={"src/cart.py": "TAX = 1\n"},
            head={"src/cart.py": "TAX = 2\n"},
            state=State.UNCHECKED,
        ),
        Example(
            "the last test goes with the change",
            base={"src/cart.py": "TAX = 1\n", **_TEST},
            head={"src/cart.py": "TAX = 2\n"},
            state=State.REFUTED,
        ),
        Example(
            "a script beside the package changes",
            base={
                "pyproject.toml": "[project]\nname = 'shop'\n",
                "src/shop/__init__.py": "",
                "demo.py": "A = 1\n",
                **_TEST,
            },
            head={
                "pyproject.toml": "[project]\nname = 'shop'\n",
                "src/shop/__init__.py": "",
                "demo.py": "A = 2\n",
                **_TEST,
            },
            state=None,
        ),
        Example(
            "annotations and the version change",
            base={"src/cart.py": "__version__ = '1'\ndef f(a): return a\n", **_TEST},
            head={
                "src/cart.py": "from typing import Any\n__version__ = '2'\ndef f(a: Any) -> Any: return a\n",
                **_TEST,
            },
            state=None,
        ),
        Example(
            "only a comment and a docstring change",
            base={"src/cart.py": '"""Cart."""\nTAX = 1\n', **_TEST},
            head={"src/cart.py": '"""The cart."""\nTAX = 1  # percent\n', **_TEST},
            state=None,
        ),
    ),
)
