"""OV901: an allowance has no reason."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """The engine makes this fact when it compares findings with allowances."""
    return Judgement(fact.detail)


RULE = Rule(
    code="OV901",
    title="An allowance has no reason",
    why=(
        "Whoever meets it later cannot tell whether it still holds. An exception that nobody can argue with stays "
        "for ever."
    ),
    bad="""\
_rows = []  # overt: allow OV202


def add(row):
    _rows.append(row)
""",
    good="""\
_rows = []  # overt: allow OV202 until=2099-01-01 -- filled once by the plug-in loader, read-only afterwards


def add(row):
    _rows.append(row)
""",
    instead="Write it as `# overt: allow CODE until=YYYY-MM-DD -- reason`.",
    judge=judge,
    kind="allow",
    see=(
        "OV900",
        "OV902",
    ),
)
