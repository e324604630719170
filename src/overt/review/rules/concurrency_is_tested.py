"""A question to a person: is concurrent code tested as such?"""

from __future__ import annotations

import re

from overt.model import State
from overt.review.context import Context
from overt.review.python import new_lines_with, python_files
from overt.review.records import Example, Outcome, ReviewRule

_CONCURRENT = re.compile(
    rb"\b(?:threading|asyncio|multiprocessing|concurrent\.futures|contextvars|anyio|trio|await|Thread|Lock|ContextVar)\b"
)


def prove(context: Context) -> Outcome:
    """Ask when a new line speaks of threads, tasks, locks or contexts."""
    found, untold = new_lines_with(context.changes, python_files(context.changes), _CONCURRENT)
    if untold or found:
        question = "Does a test run it from several threads or tasks at once, and wait for a condition, not a time?"
        return Outcome(State.OPEN, question, tuple(found))
    return Outcome(None, "no new line speaks of threads, tasks, locks or contexts")


RULE = ReviewRule(
    id="concurrency-is-tested",
    title="Concurrent code is tested as such",
    why="A race shows up when two of them meet, which a test with one thread never lets happen.",
    prove=prove,
    remedy="meet at a barrier inside the test, and wait with `overt.testing.wait_for`",
    see="docs/explanation/guidelines.md#test-concurrent-code-without-sleeping",
    examples=(
        Example("a thread is started", {"a.py": "import threading\n"}, State.OPEN),
        Example(
            "a line beside a thread changes",
            {"a.py": "import threading\n\nx = 2\n"},
            None,
            base={"a.py": "import threading\n\nx = 1\n"},
        ),
    ),
    human=True,
)
