"""A question to a person: is concurrent code tested as such?"""

from __future__ import annotations

import re

from overt.model import State
from overt.review.context import Context
from overt.review.python import is_source, new_lines_with, python_files
from overt.review.records import Example, Outcome, ReviewRule

_CONCURRENT = re.compile(
    rb"\b(?:threading|multiprocessing|concurrent\.futures|contextvars|ContextVar|Thread|ThreadPoolExecutor"
    rb"|ProcessPoolExecutor|R?Lock|Semaphore|Condition|Barrier|Event\(|Queue\(|TaskGroup|create_task|ensure_future|gather"
    rb"|start_soon|create_task_group|to_thread|run_sync|run_in_executor|run_in_threadpool|run_coroutine_threadsafe"
    rb"|asyncio\.(?:wait|run|timeout|shield|Lock)|async with|async for)\b"
)
"""What begins, joins or guards something that runs beside something else; to await alone does not."""


def prove(context: Context) -> Outcome:
    """Ask when a new line of source speaks of threads, tasks, locks or contexts."""
    files = [file for file in python_files(context.changes) if is_source(file.path)]
    found, untold = new_lines_with(context.changes, files, _CONCURRENT)
    if untold or found:
        question = "Does a test run it from several threads or tasks at once, and wait for a condition, not a time?"
        return Outcome(State.OPEN, question, tuple(found))
    return Outcome(None, "no new line of source speaks of threads, tasks, locks or contexts")


RULE = ReviewRule(
    id="concurrency-is-tested",
    title="Concurrent code is tested as such",
    why="A race shows up when two of them meet, which a test with one thread never lets happen.",
    prove=prove,
    remedy="meet at a barrier inside the test, and wait with `overt.testing.wait_for`",
    see="docs/explanation/guidelines.md#test-concurrent-code-without-sleeping",
    examples=(
        Example("a thread is started", {"a.py": "import threading\n"}, State.OPEN),
        Example("source awaits", {"a.py": "async def f():\n    await g()\n"}, None),
        Example("a test starts a thread", {"tests/test_a.py": "import threading\n"}, None),
        Example(
            "a line beside a thread changes",
            {"a.py": "import threading\n\nx = 2\n"},
            None,
            base={"a.py": "import threading\n\nx = 1\n"},
        ),
    ),
    human=True,
)
