"""What a project depends on, before and after a change."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import NamedTuple

from overt.model import Location, State
from overt.review.changes import Changes
from overt.review.records import Outcome
from overt.system.files import matches

_ELSEWHERE = (
    *("**/requirements*.txt", "**/requirements*.in", "requirements/**/*.txt", "requirements/**/*.in"),
    *("**/*-requirements.txt", "setup.cfg", "setup.py", "Pipfile", "tox.ini"),
)
_ASKED = re.compile(r"[\s\"'=]*(?:[a-z_]+ ?= ?\[?)?[\s\"']*([A-Za-z0-9][A-Za-z0-9._-]*)")
"""What the first name on a line is, in any of these files; a name too much frees no more than one of its name."""
_MOST = 50
_LARGEST = 200_000
_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


class Requirements(NamedTuple):
    """What `pyproject.toml` asks for on both sides of a change.

    Args:
        before: Requirements of the former side, as written.
        after: Requirements of the present side, as written.
        text: Its text on the present side.
        where: The file.
    """

    before: frozenset[str]
    after: frozenset[str]
    text: str
    where: tuple[Location, ...]


def read_requirements(changes: Changes) -> Requirements | Outcome:
    """Return what a change makes of the dependencies, or why there is nothing to look at.

    Args:
        changes: The change.
    """
    file = next((file for file in changes.files if file.path == "pyproject.toml" and file.exists), None)
    if file is None:
        return Outcome(None, "pyproject.toml did not change")
    where = (Location(file.path),)
    try:
        before, text = ((side or b"").decode() for side in (changes.before(file), changes.after(file)))
        return Requirements(dependencies(before), dependencies(text), text, where)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, AttributeError) as error:
        return Outcome(State.UNCHECKED, f"pyproject.toml cannot be read: {error}", where)


def named_elsewhere(changes: Changes) -> set[str]:
    """Return the packages that other files than `pyproject.toml` asked for before: one that moves is not new.

    Args:
        changes: The change.
    """
    gone = [name for file in changes.files if (name := file.old_path)]
    names = {name for name in (*changes.head_names, *gone) if matches(name, _ELSEWHERE)}
    found: set[str] = set()
    for name in sorted(names)[:_MOST]:
        lines = (changes.base_text(name) or b"")[:_LARGEST].decode("utf-8", "replace").splitlines()
        found |= {normal_name(one[1]) for line in lines if (one := _ASKED.match(line))}
    return found


def normal_name(name: str) -> str:
    """Return the name of a package as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


def dependencies(text: str) -> frozenset[str]:
    """Return the dependencies that a `pyproject.toml` names, as written.

    Args:
        text: Its text.

    Raises:
        tomllib.TOMLDecodeError: It is no TOML.
    """
    document = tomllib.loads(text)
    project = document.get("project", {})
    found = set(_strings(project.get("dependencies", [])))
    for group in (project.get("optional-dependencies", {}), document.get("dependency-groups", {})):
        for value in group.values() if isinstance(group, dict) else ():
            found |= set(_strings(value))
    poetry = document.get("tool", {}).get("poetry", {})
    for table in (poetry, *poetry.get("group", {}).values()):
        found |= {f"{name} {version}" for name, version in table.get("dependencies", {}).items() if name != "python"}
    return frozenset(found)


def requirement_names(wanted: frozenset[str]) -> set[str]:
    """Return the names of the packages that requirements ask for."""
    return {normal_name(found[1]) for one in wanted if (found := _NAME.match(one))}
