"""Dependencies changed, so the lock was made anew."""

from __future__ import annotations

import re

from overt.model import Location, State
from overt.review.context import Context
from overt.review.dependencies import normal_name, read_requirements, requirement_names
from overt.review.records import Example, Outcome, ReviewRule
from overt.system.files import matches

_LOCKS = ("**/*.lock", "**/requirements*.txt", "**/pylock.toml", "**/pylock.*.toml", "**/Pipfile.lock")


def prove(context: Context) -> Outcome:
    """Compare the dependencies of both sides, and look for the new ones in the lock."""
    changes, read = context.changes, read_requirements(context.changes)
    if isinstance(read, Outcome):
        return read
    before, after, where = read.before, read.after, read.where
    if before == after:
        return Outcome(None, "pyproject.toml changed, its dependencies did not")
    if not any(matches(name, _LOCKS) for name in changes.head_names):
        return Outcome(State.UNCHECKED, "the project has no lock file", where)
    locks = [one for one in changes.files if one.exists and matches(one.path, _LOCKS)]
    if not locks:
        return Outcome(State.REFUTED, "dependencies changed and no lock file did", where, changes.command)
    text = "\n".join((changes.after(lock) or b"").decode("utf-8", "replace") for lock in locks)
    locked = {normal_name(found) for found in re.findall(r"[A-Za-z0-9][A-Za-z0-9._-]*", text)}
    added = requirement_names(after) - requirement_names(before)
    absent = sorted(added - locked)
    if absent:
        told = f"not in the lock: {', '.join(absent[:5])}"
        return Outcome(State.REFUTED, told, (Location(locks[0].path),), changes.command)
    told = (
        f"{len(after - before)} requirements added or changed, {len(before - after)} gone; {locks[0].path} changed too"
    )
    return Outcome(State.PROVED, told, command=changes.command)


def _project(*wanted: str) -> str:
    return f"[project]\nname = 'shop'\ndependencies = {list(wanted)!r}\n"


RULE = ReviewRule(
    id="lock-follows-dependencies",
    title="Dependencies changed, so the lock was made anew",
    why="A lock that lags behind installs something else than what was asked for, and nobody tested that.",
    prove=prove,
    remedy="make the lock anew and commit it with the change",
    see="docs/explanation/guidelines.md#change-the-lock-with-the-dependencies",
    examples=(
        Example(
            "a dependency and the lock change together",
            base={"pyproject.toml": _project(), "requirements.lock": "\n"},
            head={"pyproject.toml": _project("Foo.Bar>=1"), "requirements.lock": "foo-bar==1.2\n"},
            state=State.PROVED,
        ),
        Example(
            "the lock stays as it was",
            base={"pyproject.toml": _project(), "requirements.lock": "\n"},
            head={"pyproject.toml": _project("foo"), "requirements.lock": "\n"},
            state=State.REFUTED,
        ),
        Example(
            "the lock changes and lacks the new one",
            base={"pyproject.toml": _project(), "requirements.lock": "\n"},
            head={"pyproject.toml": _project("foo"), "requirements.lock": "bar==1\n"},
            state=State.REFUTED,
        ),
        Example(
            "there is no lock",
            base={"pyproject.toml": _project()},
            head={"pyproject.toml": _project("foo")},
            state=State.UNCHECKED,
        ),
        Example(
            "another part of the file changes",
            base={"pyproject.toml": _project("foo")},
            head={"pyproject.toml": _project("foo") + "version = '1'\n"},
            state=None,
        ),
    ),
)
