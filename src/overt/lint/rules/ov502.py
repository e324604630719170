"""OV502: a method is cached."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """Every cache on a method that takes `self` is a finding."""
    return Judgement(f"the method `{fact.symbol}` is cached with `{fact.detail}`")


RULE = Rule(
    code="OV502",
    title="A method is cached",
    why=(
        "The cache is kept on the class and holds every instance it was called on: none of them is ever freed. "
        "Instances that are equal share answers that may not be the same."
    ),
    bad="""\
from functools import lru_cache


class Report:
    @lru_cache
    def total(self, year):
        return year
""",
    good="""\
from functools import cached_property


class Report:
    @cached_property
    def total(self):
        return 0
""",
    instead="Use `functools.cached_property`, or a cache that the instance makes in `__init__`.",
    judge=judge,
    kind="cache",
    see=("OV501",),
)
