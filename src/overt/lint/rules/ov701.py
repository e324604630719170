"""OV701: a test sleeps to wait for something."""

from __future__ import annotations

from overt.lint.frames import LOOP
from overt.lint.records import Fact, Judgement, Rule, Settings
from overt.model.severity import Severity


def judge(fact: Fact, _settings: Settings) -> Judgement | None:
    """Only in the body of a test; polling in a loop is a note."""
    if "test" not in fact.traits or not fact.scope.rpartition(".")[2].startswith(_TEST_FUNCTIONS):
        return None
    severity = Severity.NOTE if fact.every(LOOP) else Severity.WARNING
    return Judgement(f"`{fact.scope}` sleeps (`{fact.symbol}`)", severity)


_TEST_FUNCTIONS = ("test", "setUp", "setup", "tearDown", "teardown")


RULE = Rule(
    code="OV701",
    title="A test sleeps to wait for something",
    why=(
        "The test is slow on every run and still fails on a busy machine. The time says nothing about what it "
        "waits for."
    ),
    bad="""\
import time


def test_worker_finishes(worker):
    worker.start()
    time.sleep(0.5)
    assert worker.done
""",
    good="""\
from overt.testing import wait_for


def test_worker_finishes(worker):
    worker.start()
    wait_for(lambda: worker.done, timeout=5)
""",
    instead=(
        "Wait for the event itself: `overt.testing.wait_for`, a `threading.Event`, a join; for time itself pass a "
        "clock (`overt.testing.FrozenClock`)."
    ),
    judge=judge,
    matters="A finding is a warning; polling in a loop is a note.",
    kind="test",
    path="tests/test_example.py",
)
