"""OV201: a global is rebound from a function."""

from __future__ import annotations

from overt.lint.frames import LAZY, RMW
from overt.lint.records import Fact, Judgement, Rule, Settings
from overt.lint.weigh import SHARED, places, weigh


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """Tell what the global is used as; the use changes the words, not the finding."""
    if fact.every(LAZY):
        use = "made on first use and kept in a global"
    elif fact.some(RMW):
        use = "a global counter or accumulator"
    else:
        use = "a global"
    return Judgement(f"`{fact.symbol}` is {use}, rebound by {places(fact)}", weigh(fact))


RULE = Rule(
    code="OV201",
    title="A global is rebound from a function",
    why=(
        "A function that rebinds a global changes what every other function sees, in an order that no signature "
        "shows. Two threads race for it, and tests depend on who ran before."
    ),
    bad="""\
_client = None


def client():
    global _client
    if _client is None:
        _client = object()
    return _client
""",
    good="""\
class Service:
    def __init__(self, client):
        self.client = client
""",
    instead=("Let an object own the value and pass that object; make it once, where the program is put together."),
    judge=judge,
    matters=SHARED,
    see=("OV202",),
)
