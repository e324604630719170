"""A document changed, so what it shows was run."""

from __future__ import annotations

from overt.model import Location, State
from overt.review.context import Context
from overt.review.recorded import ended, hold
from overt.review.records import Example, Outcome, ReviewRule


def prove(context: Context) -> Outcome:
    """Judge the runs of the suites that run samples."""
    pages = [file for file in context.changes.files if file.exists and file.path.lower().endswith(".md")]
    if not pages:
        return Outcome(None, "no document is there after the change")
    names = [name for name, suite in context.campaign.suites.items() if suite.kind == "samples"]
    if not names:
        return Outcome(None, "the campaign names no suite of samples")
    return hold(context, names, tuple(Location(file.path) for file in pages[:5]))


_BASE = {"overt.toml": '[suites.samples]\nkind = "samples"\npaths = ["a.md"]\n', "a.md": "# A\n"}
_HEAD = {**_BASE, "a.md": "# B\n"}

RULE = ReviewRule(
    id="samples-run",
    title="What documents show runs",
    why="A sample that no longer runs costs every reader the hour that one run of it takes.",
    prove=prove,
    remedy="run the suite of samples, and mend what fails",
    see="docs/explanation/guidelines.md#trust-evidence-of-this-commit-only",
    examples=(
        Example("the samples ran on the commit", _HEAD, State.PROVED, _BASE, {"samples": ended("samples", 0)}),
        Example("a sample failed", _HEAD, State.REFUTED, _BASE, {"samples": ended("samples", 1)}),
        Example("no sample was run", _HEAD, State.UNCHECKED, _BASE),
        Example("no suite of samples is named", {"a.md": "# B\n"}, None),
        Example("no page changes", {**_BASE, "a.py": "x = 1\n"}, None, _BASE),
    ),
)
