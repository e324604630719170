"""OV302: a class attribute is rebound."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings
from overt.lint.weigh import SHARED, places, spelled, weigh


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """Making the class and setting up a test class are not findings; the collector leaves them out."""
    return Judgement(
        f"the class attribute `{fact.scope}.{spelled(fact.symbol)}` is rebound by {places(fact)}", weigh(fact)
    )


RULE = Rule(
    code="OV302",
    title="A class attribute is rebound",
    why=(
        "An attribute of a class is a global variable: all instances and subclasses see the change, in an order "
        "that no signature shows. A subclass that rebinds it silently gets a copy of its own."
    ),
    bad="""\
class Job:
    count = 0

    @classmethod
    def started(cls):
        cls.count += 1
""",
    good="""\
class Jobs:
    def __init__(self):
        self.count = 0

    def started(self):
        self.count += 1
""",
    instead="Keep the value on an instance that is passed to those who need it.",
    judge=judge,
    matters=SHARED,
    see=("OV301",),
)
