"""OV205: a module's namespace is written through a back door."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings
from overt.lint.weigh import SHARED, doing, spelled, weigh


def judge(fact: Fact, _settings: Settings) -> Judgement | None:
    """At import it builds the module; from a function it is state."""
    if all(not site.function for site in fact.sites):
        return None
    return Judgement(f"{doing(fact, 'writes')} into the namespace of a module (`{spelled(fact.symbol)}`)", weigh(fact))


RULE = Rule(
    code="OV205",
    title="A module's namespace is written through a back door",
    why=(
        "A name that appears through `globals()` or `setattr` is found by no reader, no type checker and no "
        "search. Its value depends on which functions ran before."
    ),
    bad="""\
def define(name, value):
    globals()[name] = value
""",
    good="""\
def defined(names):
    return dict(names)
""",
    instead=(
        "Return the values, or let an object own them; use a plain dict for names that are only known at run time."
    ),
    judge=judge,
    matters=SHARED,
    see=(
        "OV204",
        "OV201",
    ),
)
