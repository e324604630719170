"""OV105: a context variable is made inside a function."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """Every one made in a function is a finding."""
    return Judgement(f"the context variable `{fact.symbol}` is made anew by each call of `{fact.scope}`")


RULE = Rule(
    code="OV105",
    title="A context variable is made inside a function",
    why=(
        "Every call makes a new context variable, and contexts keep a reference to each of them: the memory never "
        "comes back. Two calls do not see each other's value either."
    ),
    bad="""\
from contextvars import ContextVar


def tracker():
    current = ContextVar("current")
    return current
""",
    good="""\
from contextvars import ContextVar

current = ContextVar("current")


def tracker():
    return current
""",
    instead="Make context variables at module level, once.",
    judge=judge,
    see=("OV103",),
)
