"""OV501: a module-level function has an unbounded cache."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """A function without parameters has one entry at most; the collector leaves it out."""
    return Judgement(f"the cache of `{fact.symbol}` (`{fact.detail}`) has no bound")


RULE = Rule(
    code="OV501",
    title="A module-level function has an unbounded cache",
    why=(
        "The cache keeps every argument and every result until the process ends. Nobody owns it, so nobody can "
        "empty it for one test or one tenant."
    ),
    bad="""\
from functools import cache


@cache
def profile(user):
    return {"user": user}
""",
    good="""\
from functools import lru_cache


@lru_cache(maxsize=256)
def profile(user):
    return {"user": user}
""",
    instead="Bound it (`lru_cache(maxsize=...)`), or let an object own an `overt.runtime.TTLCache`.",
    judge=judge,
    kind="cache",
    see=(
        "OV502",
        "OV202",
    ),
)
