"""OV301: a container of the class is changed through its instances."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings
from overt.lint.weigh import SHARED, places, weigh


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """Filled while classes are made (`__init_subclass__`, a metaclass) it weighs less."""
    found = f"the {fact.detail} `{fact.scope}.{fact.symbol}` is shared by all instances and changed by {places(fact)}"
    return Judgement(found, weigh(fact))


RULE = Rule(
    code="OV301",
    title="A container of the class is changed through its instances",
    why=(
        "A container in a class body is one object for all instances: what one instance adds, every other one "
        "sees, for as long as the process lives."
    ),
    bad="""\
class Basket:
    items = []

    def add(self, item):
        self.items.append(item)
""",
    good="""\
class Basket:
    def __init__(self):
        self.items = []

    def add(self, item):
        self.items.append(item)
""",
    instead="Make the container in `__init__`; when it is to be shared, pass the object that owns it.",
    judge=judge,
    matters=SHARED,
    see=(
        "OV202",
        "OV302",
    ),
)
