"""A question to a person: is a change of the interface that breaks its users meant?"""

from __future__ import annotations

from overt.model import State
from overt.review.context import Context
from overt.review.records import Example, Outcome, ReviewRule


def prove(context: Context) -> Outcome:
    """Ask when a public name is gone or has another signature."""
    try:
        found = [one for one in context.interface if one.word != "added"]
    except ModuleNotFoundError:
        return Outcome(None, "griffe is not installed, so the interface is not known")
    if not found:
        return Outcome(None, "no public name is gone or has another signature")
    shown = ", ".join(f"{one.name} {one.word}" for one in found[:5])
    question = f"Do those who call it still work, or were they told how to follow? {shown}"
    return Outcome(State.OPEN, question, tuple(one.where for one in found))


_OLD = '"""Cart."""\n\n\ndef total(prices):\n    """Return the sum."""\n'

RULE = ReviewRule(
    id="interface-is-meant",
    title="What breaks callers is meant",
    why="A tool sees that a name is gone; only a person knows who still calls it.",
    prove=prove,
    remedy="keep the old name for a release, with a warning that names the new one",
    see="docs/explanation/guidelines.md#tell-users-what-changes-for-them",
    examples=(
        Example("a function goes", {"shop.py": '"""Cart."""\n'}, State.OPEN, {"shop.py": _OLD}),
        Example("a function comes", {"shop.py": _OLD}, None, {"shop.py": '"""Cart."""\n'}),
    ),
    human=True,
)
