"""A file whose speed matters changed, so it was measured."""

from __future__ import annotations

from overt.model import Location, State
from overt.review.context import Context
from overt.review.recorded import ended, hold
from overt.review.records import Example, Outcome, ReviewRule
from overt.system.files import select


def prove(context: Context) -> Outcome:
    """Judge the runs of the suites that measure the changed files."""
    declared = context.campaign.review.hot_paths
    if not declared:
        return Outcome(None, "the campaign declares no file whose speed matters")
    changed = [name for file in context.changes.files for name in {file.path, file.old_path} if name]
    touched = {one.suite: found for one in declared if (found := select(changed, one.files))}
    if not touched:
        return Outcome(None, "no file whose speed matters changed")
    places = [Location(path) for found in touched.values() for path in found]
    return hold(context, touched, tuple(places[:5]))


_TOML = """\
[suites.speed]
kind = "command"
command = ["bench"]

[[review.hot-paths]]
files = ["hot/*.py"]
suite = "speed"
"""
_BASE = {"overt.toml": _TOML, "hot/a.py": "x = 1\n"}
_HEAD = {**_BASE, "hot/a.py": "x = 2\n"}

RULE = ReviewRule(
    id="hot-path-is-measured",
    title="A change of a hot path was measured",
    why="Nobody sees in a difference that it makes a loop slower.",
    prove=prove,
    remedy="run the suite that measures it, on the commit",
    see="docs/explanation/guidelines.md#trust-evidence-of-this-commit-only",
    examples=(
        Example("it was measured and holds", _HEAD, State.PROVED, _BASE, {"speed": ended("speed", 0)}),
        Example("it became too slow", _HEAD, State.REFUTED, _BASE, {"speed": ended("speed", 1)}),
        Example("nobody measured", _HEAD, State.UNCHECKED, _BASE),
        Example("another file changes", {**_BASE, "a.py": "x = 2\n"}, None, _BASE),
        Example("none is declared", {"hot/a.py": "x = 2\n"}, None),
    ),
)
