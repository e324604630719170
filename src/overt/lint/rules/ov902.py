"""OV902: an allowance has expired."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """The engine makes this fact when it compares findings with allowances."""
    return Judgement(fact.detail)


RULE = Rule(
    code="OV902",
    title="An allowance has expired",
    why="The date was the promise to have mended it by then. Past it, the state counts again.",
    bad="""\
_rows = []  # overt: allow OV202 until=2020-01-01 -- until the new importer is there


def add(row):
    _rows.append(row)
""",
    good="""\
def add(rows, row):
    return [*rows, row]
""",
    instead="Mend the state, or decide anew: a later date and a reason that is still true.",
    judge=judge,
    kind="allow",
    see=(
        "OV900",
        "OV901",
    ),
)
