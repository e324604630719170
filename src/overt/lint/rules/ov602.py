"""OV602: a thread is started and nobody keeps it."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings
from overt.lint.weigh import doing


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """A thread whose handle is dropped, or kept in a name that is only started."""
    return Judgement(f"{doing(fact, 'starts')} a thread that nobody can join")


RULE = Rule(
    code="OV602",
    title="A thread is started and nobody keeps it",
    why=(
        "Without a handle nobody can wait for the thread, stop it or learn that it failed. It outlives the test "
        "or the request that started it."
    ),
    bad="""\
import threading


def refresh(work):
    threading.Thread(target=work, daemon=True).start()
""",
    good="""\
import threading


class Refresher:
    def __init__(self, work):
        self._thread = threading.Thread(target=work)
        self._thread.start()

    def close(self):
        self._thread.join()
""",
    instead="Keep the thread on an object that joins it, or use an executor as a context manager.",
    judge=judge,
    kind="task",
    see=(
        "OV604",
        "OV601",
    ),
)
