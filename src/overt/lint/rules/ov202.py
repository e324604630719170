"""OV202: a container of the module is changed from a function."""

from __future__ import annotations

from overt.lint.frames import LOCK
from overt.lint.records import Fact, Judgement, Rule, Settings
from overt.lint.weigh import SHARED, places, purpose, weigh


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """Registry, cache and marker are words of the message, never reasons to stay silent."""
    guarded = " under a lock" if fact.every(LOCK) else ""
    found = f"the module's {purpose(fact)} `{fact.symbol}` ({fact.detail}) is changed{guarded} by {places(fact)}"
    return Judgement(found, weigh(fact))


RULE = Rule(
    code="OV202",
    title="A container of the module is changed from a function",
    why=(
        "The container is shared by the whole process: it grows with every caller, tests see what other tests "
        "left behind, and threads race for it. Nothing owns it, so nothing ever empties it."
    ),
    bad="""\
_handlers = {}


def register(name, handler):
    _handlers[name] = handler
""",
    good="""\
class Handlers:
    def __init__(self):
        self._by_name = {}

    def register(self, name, handler):
        self._by_name[name] = handler
""",
    instead=(
        "Let an object own it and pass that object: `overt.runtime.AgentRegistry` for registrations, "
        "`overt.runtime.TTLCache` for caches. A table that is only filled while the module is imported can be "
        "written as one literal."
    ),
    judge=judge,
    matters=SHARED,
    see=(
        "OV201",
        "OV301",
    ),
)
