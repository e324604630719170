"""A new dependency says what it is for."""

from __future__ import annotations

import re

from overt.model import State
from overt.review.context import Context
from overt.review.dependencies import named_elsewhere, normal_name, read_requirements, requirement_names
from overt.review.records import Example, Outcome, ReviewRule
from overt.system.git import git

_WORD = re.compile(r"[^\W\d_]{2,}")
_FEWEST = 3
"""Words that are a reason and no mere mention."""


def _said_beside(text: str, name: str) -> bool:
    """Tell whether a comment on the line of a requirement, or above it, gives a reason."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        written = re.search(r"[\"']?([A-Za-z0-9][A-Za-z0-9._-]*)", line)
        names = {normal_name(found) for found in re.findall(r"[\"']([A-Za-z0-9][A-Za-z0-9._-]*)", line)}
        names |= {normal_name(written[1])} if written else set()
        if name not in names:
            continue
        above = lines[number - 1].strip() if number else ""
        beside = line.partition("#")[2] + (f" {above}" if above.startswith("#") else "")
        if len(_WORD.findall(beside)) >= _FEWEST:
            return True
    return False


def _said_in_messages(messages: str, name: str) -> bool:
    """Tell whether a message of the range names the dependency in a sentence."""
    pattern = re.escape(name).replace(r"\-", "[-_.]")
    for line in re.split(r"\n\s*\n|\0", messages):
        if re.search(rf"(?<![\w-]){pattern}(?![\w-])", line, re.IGNORECASE) and len(_WORD.findall(line)) > _FEWEST:
            return True
    return False


def prove(context: Context) -> Outcome:
    """Look for the reason of each new dependency beside it, then in the messages of the commits."""
    changes, read = context.changes, read_requirements(context.changes)
    if isinstance(read, Outcome):
        return read
    added = sorted(requirement_names(read.after) - requirement_names(read.before))
    if added:
        elsewhere = named_elsewhere(changes)
        added = [name for name in added if name not in elsewhere]
    if not added:
        return Outcome(None, "no dependency is new")
    span = changes.span
    told = git(context.root, "log", "-z", "--format=%B", "--end-of-options", f"{span.base}..{span.head}")
    messages = (told or b"").decode("utf-8", "replace")
    bare = [name for name in added if not _said_beside(read.text, name) and not _said_in_messages(messages, name)]
    if bare:
        return Outcome(State.REFUTED, f"no reason is given for {', '.join(bare[:5])}", read.where, changes.command)
    return Outcome(State.PROVED, f"a reason is given for {', '.join(added[:5])}", command=changes.command)


def _project(*lines: str) -> dict[str, str]:
    return {"pyproject.toml": "[project]\nname = 'shop'\ndependencies = [\n" + "".join(lines) + "]\n"}


RULE = ReviewRule(
    id="dependency-has-reason",
    title="A new dependency says what it is for",
    why="Each dependency is code that nobody here reviews, and it stays when its reason is forgotten.",
    prove=prove,
    remedy="write the reason beside it, or in the message of the commit",
    see="docs/explanation/guidelines.md#change-the-lock-with-the-dependencies",
    examples=(
        Example(
            "a comment beside it",
            _project("  'msgspec>=0.20',  # typed records, decoded quickly\n"),
            State.PROVED,
            _project(),
        ),
        Example("nothing is said", _project("  'msgspec>=0.20',\n"), State.REFUTED, _project()),
        Example("a file that is no TOML", {"pyproject.toml": "[project\n"}, State.UNCHECKED, _project()),
        Example(
            "one that another file asked for",
            _project("  'msgspec>=0.20',\n"),
            None,
            {**_project(), "requirements.txt": "msgspec==0.20\n"},
        ),
        Example("one goes", _project(), None, _project("  'msgspec',\n")),
        Example("another version", _project("  'msgspec>=2',\n"), None, _project("  'msgspec',\n")),
    ),
)
