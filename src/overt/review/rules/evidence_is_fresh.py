"""Every required suite ran on this very commit and holds."""

from __future__ import annotations

from overt.model import State
from overt.review.context import Context
from overt.review.recorded import ended, hold
from overt.review.records import Example, Outcome, ReviewRule


def prove(context: Context) -> Outcome:
    """Judge, from the ledger alone, the runs that were made on the reviewed tree."""
    required = [name for name, suite in context.campaign.suites.items() if suite.required]
    return hold(context, required) if required else Outcome(State.UNCHECKED, "the campaign requires no suite")


_TOML = '[suites.types]\nkind = "command"\ncommand = ["mypy"]\n'
_OPTIONAL = '[suites.slow]\nkind = "command"\ncommand = ["true"]\nrequired = false\n'
_BASE = {"overt.toml": _TOML, "a.py": "x = 1\n"}
_HEAD = {**_BASE, "a.py": "x = 2\n"}

RULE = ReviewRule(
    id="evidence-is-fresh",
    title="Every required suite ran on this commit and holds",
    why="Results of another commit say nothing about this one.",
    prove=prove,
    remedy="mend what failed, commit, and run `overt validate` on a clean work tree",
    see="docs/explanation/guidelines.md#trust-evidence-of-this-commit-only",
    examples=(
        Example("the suite held", _HEAD, State.PROVED, _BASE, {"types": ended("types", 0)}),
        Example("the suite failed", _HEAD, State.REFUTED, _BASE, {"types": ended("types", 1)}),
        Example(
            "one that is not required failed",
            {**_HEAD, "overt.toml": _TOML + _OPTIONAL},
            State.PROVED,
            _BASE,
            {"types": ended("types", 0), "slow": ended("slow", 1)},
        ),
        Example("nothing was validated", {"a.py": "x = 1\n"}, State.UNCHECKED),
    ),
)
