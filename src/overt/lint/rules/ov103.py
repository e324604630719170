"""OV103: a context variable has a mutable default."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """Every mutable default is a finding."""
    return Judgement(f"the context variable `{fact.symbol}` has a {fact.detail} as default")


RULE = Rule(
    code="OV103",
    title="A context variable has a mutable default",
    why=(
        "The default of a context variable is one object that every context shares. Whoever changes it in place "
        "changes it for all threads and tasks."
    ),
    bad="""\
from contextvars import ContextVar

tags = ContextVar("tags", default=[])
""",
    good="""\
from contextvars import ContextVar

tags: ContextVar[tuple[str, ...]] = ContextVar("tags", default=())
""",
    instead=(
        "Give an immutable default (`()`, `None`, `types.MappingProxyType({})`) and set a new value instead of "
        "changing the old one."
    ),
    judge=judge,
    see=(
        "OV104",
        "OV105",
    ),
)
