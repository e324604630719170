"""A new flag has an owner and an end; one that is gone is asked by nobody."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from overt.model import Location, State
from overt.review.context import Context
from overt.review.records import Example, Outcome, ReviewRule
from overt.system.git import git

_FILE = "overt.toml"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


def _flags(source: bytes | None) -> dict[str, dict[str, Any]]:
    document = tomllib.loads((source or b"").decode())
    flags = document.get("flags", {})
    found = flags.items() if isinstance(flags, dict) else ()
    return {name: flag if isinstance(flag, dict) else {} for name, flag in found}


def _lacks(name: str, flag: dict[str, Any], day: str) -> str:
    """Return what a new flag lacks; empty when it lacks nothing."""
    if not str(flag.get("owner", "")).strip():
        return f"{name} has no owner"
    until = str(flag.get("until", ""))
    if not _DAY.match(until):
        return f"{name} has no end"
    return f"{name} ends on {until}, before it is there" if until <= day else ""


def _readers(context: Context, name: str) -> list[Location]:
    """Return where Python still names a flag as text."""
    span = context.changes.span
    where = [] if span.dirty else [span.head]
    found: list[Location] = []
    for quote in ("'", '"'):
        told = git(
            context.root,
            *("grep", "--no-textconv", "-z", "-n", "-F", "-I", "-e", f"{quote}{name}{quote}"),
            *(*where, "--", "*.py", "*.pyi"),
        )
        for line in (told or b"").split(b"\n"):
            parts = line.split(b"\0")
            if len(parts) >= 3 and parts[1].isdigit():
                path = parts[0].decode("utf-8", "surrogateescape").removeprefix(f"{span.head}:")
                found.append(Location(path, int(parts[1])))
    return found


def prove(context: Context) -> Outcome:
    """Compare the flags of both sides."""
    file = next((one for one in context.changes.files if one.path == _FILE), None)
    if file is None:
        return Outcome(None, f"{_FILE} did not change")
    try:
        before, after = _flags(context.changes.before(file)), _flags(context.changes.after(file))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, AttributeError) as error:
        return Outcome(State.UNCHECKED, f"{_FILE} cannot be read: {error}", (Location(_FILE),))
    new, gone = sorted(after.keys() - before.keys()), sorted(before.keys() - after.keys())
    if not new and not gone:
        return Outcome(None, "no flag is new or gone")
    # The day of the commit, so that the same range gives the same answer on every day.
    day = (git(context.root, "show", "-s", "--format=%cs", context.changes.span.head) or b"").decode().strip()
    lacking = [lack for name in new if (lack := _lacks(name, after[name], day))]
    if lacking:
        return Outcome(State.REFUTED, "; ".join(lacking[:5]), (Location(_FILE),), context.changes.command)
    read = {name: found for name in gone if (found := _readers(context, name))}
    if read:
        places = [place for found in read.values() for place in found]
        told = f"gone and still asked: {', '.join(list(read)[:5])}"
        return Outcome(State.REFUTED, told, tuple(places[:5]), "git grep")
    told = f"{len(new)} flags are new, each with owner and end; {len(gone)} are gone, and no Python names them"
    return Outcome(State.PROVED, told, command=context.changes.command)


def _toml(owner: str = "ann", until: str = "2199-01-01") -> str:
    said = f'owner = "{owner}"\npurpose = "p"\ncreated = "2026-01-01"\nuntil = "{until}"'
    return f"[flags.new-cart]\n{said}\ndefault = false\n"


_BASE = {_FILE: "\n", "a.py": "x = 1\n"}

RULE = ReviewRule(
    id="flags-have-owners",
    title="Flags have an owner and an end",
    why="A flag without an end is two programs for ever; one that is gone and still asked is a crash.",
    prove=prove,
    remedy="name owner and end, or take the last reader out before the flag",
    see="docs/explanation/guidelines.md#give-state-an-owner",
    examples=(
        Example("a new one with both", {**_BASE, _FILE: _toml()}, State.PROVED, _BASE),
        Example("a new one without an owner", {**_BASE, _FILE: _toml(owner="")}, State.REFUTED, _BASE),
        Example("a new one whose end is past", {**_BASE, _FILE: _toml(until="2001-01-01")}, State.REFUTED, _BASE),
        Example("one goes with its readers", _BASE, State.PROVED, {_FILE: _toml(), "a.py": 'ask("new-cart")\n'}),
        Example(
            "one goes and is still asked",
            {_FILE: "\n", "a.py": 'ask("new-cart")\n'},
            State.REFUTED,
            {_FILE: _toml(), "a.py": 'ask("new-cart")\n'},
        ),
        Example("a file that is no TOML", {**_BASE, _FILE: "[flags\n"}, State.UNCHECKED, _BASE),
        Example("source changes", {**_BASE, "a.py": "x = 2\n"}, None, _BASE),
        Example("another part changes", {**_BASE, _FILE: '[project]\nname = "a"\n'}, None, _BASE),
    ),
)
