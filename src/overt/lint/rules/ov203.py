"""OV203: an attribute is set on an object of the module."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings
from overt.lint.weigh import SHARED, doing, spelled, weigh


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """Weighed like any other shared state."""
    set_ones = ", ".join(dict.fromkeys(spelled(site.action) for site in fact.sites[:3]))
    return Judgement(f"{doing(fact, 'sets')} {set_ones} on the module's object `{fact.symbol}`", weigh(fact))


RULE = Rule(
    code="OV203",
    title="An attribute is set on an object of the module",
    why=(
        "An object that the module made is one for the whole process: setting its attributes from functions makes "
        "it a global variable with a longer name."
    ),
    bad="""\
class Settings:
    debug = False


settings = Settings()


def enable_debug():
    settings.debug = True
""",
    good="""\
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Settings:
    debug: bool = False


def with_debug(settings: Settings) -> Settings:
    return replace(settings, debug=True)
""",
    instead=(
        "Make the object where the program is put together and pass it; return a changed copy instead of changing it."
    ),
    judge=judge,
    matters=SHARED,
    see=(
        "OV202",
        "OV204",
    ),
)
