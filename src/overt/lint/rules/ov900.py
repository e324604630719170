"""OV900: an allowance matches nothing."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """The engine makes this fact when it compares findings with allowances."""
    return Judgement(fact.detail)


RULE = Rule(
    code="OV900",
    title="An allowance matches nothing",
    why=(
        "An allowance for state that is gone hides the next one that appears in its place. It also tells readers "
        "of a problem that no longer exists."
    ),
    bad="""\
def total(rows):  # overt: allow OV202 until=2099-01-01 -- kept for the old importer
    return sum(rows)
""",
    good="""\
def total(rows):
    return sum(rows)
""",
    instead="Remove it.",
    judge=judge,
    kind="allow",
    see=(
        "OV901",
        "OV902",
    ),
)
