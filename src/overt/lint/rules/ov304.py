"""OV304: state is kept on a function."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings
from overt.lint.weigh import SHARED, places, weigh


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """A default argument that the function changes is the same thing in another place."""
    if "default" in fact.traits:
        return Judgement(f"`{fact.scope}` changes its own default argument `{fact.symbol}`", weigh(fact))
    return Judgement(f"`{fact.symbol}` keeps state on a function, changed by {places(fact)}", weigh(fact))


RULE = Rule(
    code="OV304",
    title="State is kept on a function",
    why=(
        "A function that remembers gives a different answer to the same arguments. The memory is shared by the "
        "whole process and nobody thinks of looking for it there."
    ),
    bad="""\
def next_id():
    next_id.last += 1
    return next_id.last


next_id.last = 0
""",
    good="""\
from itertools import count


class Ids:
    def __init__(self):
        self._numbers = count(1)

    def next_id(self):
        return next(self._numbers)
""",
    instead="Keep the state on an object; the function becomes one of its methods.",
    judge=judge,
    matters=SHARED,
    see=("OV202",),
)
