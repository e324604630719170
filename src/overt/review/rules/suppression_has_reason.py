"""A new suppression says why."""

from __future__ import annotations

import re
from collections import Counter

from overt.model import Location, State
from overt.review.context import Context
from overt.review.python import comments, python_files
from overt.review.records import Example, Outcome, ReviewRule

_CODES = r"(?:[A-Z]{1,6}\d{1,5}|[a-z][a-z0-9-]*)"
_SUPPRESSION = re.compile(
    rf"#\s*(?:(?:ruff|flake8):\s*)?(?:noqa(?::\s*{_CODES}(?:[,\s]\s*{_CODES}\b)*)?"
    r"|(?:type|pyright|mypy|ty):\s*ignore(?:\[[^\]]*\])?|pylint:\s*disable(?:-next)?=[\w,-]+"
    rf"|pragma:\s*no\s*(?:cover|branch)|nosec(?:\s+B\d+)?|overt:\s*allow(?:\s+{_CODES})*(?:\s+until=\S+)?)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")


def suppression(comment: str) -> tuple[str, str] | None:
    """Return the suppression in a comment and the reason beside it; None when it suppresses nothing.

    Example:
        >>> suppression("# type: ignore[misc]  # the stub is wrong")
        ('# type: ignore[misc]', 'the stub is wrong')
        >>> suppression("# noqa: E501")
        ('# noqa: E501', '')
    """
    found = _SUPPRESSION.search(comment)
    if found is None:
        return None
    beside = (comment[: found.start()] + " " + _SUPPRESSION.sub("", comment[found.end() :])).strip(" #-:;,.\t")
    return found[0], beside if len(_WORD.findall(beside)) > 1 else ""


def _in(source: bytes) -> list[tuple[int, str]]:
    return [(line, text) for line, text in comments(source) if suppression(text)]


def prove(context: Context) -> Outcome:
    """Look at the suppressions that were not there before."""
    changes = context.changes
    bare: list[Location] = []
    unread: list[Location] = []
    count = 0
    for file in python_files(changes):
        source = changes.after(file)
        try:
            after = _in(source) if source is not None else None
        except SyntaxError:
            after = None
        if after is None:
            unread.append(Location(file.path))
            continue
        try:
            known = Counter(text for _, text in _in(changes.before(file) or b""))
        except SyntaxError:
            known = Counter()
        for line, text in after:
            if known[text]:
                known[text] -= 1
                continue
            count += 1
            found = suppression(text)
            bare += [Location(file.path, line)] if found and not found[1] else []
    if bare:
        told = f"{len(bare)} of {count} new suppressions give no reason"
        return Outcome(State.REFUTED, told, tuple(bare[:5]), changes.command)
    if unread:
        return Outcome(State.UNCHECKED, f"{len(unread)} Python files cannot be read", tuple(unread[:5]))
    if not count:
        return Outcome(None, "no suppression is new")
    return Outcome(State.PROVED, f"{count} new suppressions, each with a reason", command=changes.command)


RULE = ReviewRule(
    id="suppression-has-reason",
    title="A new suppression says why",
    why="A check that is switched off without a reason stays off for ever: nobody can tell when it may go.",
    prove=prove,
    remedy="write the reason behind the code: `# noqa: S603 -- arguments are our own`",
    see="docs/explanation/guidelines.md#say-why-when-you-switch-a-check-off",
    examples=(
        Example("with a reason", {"a.py": "x = f()  # noqa: S603 -- arguments are our own\n"}, State.PROVED),
        Example("without a reason", {"a.py": "x = f()  # type: ignore[misc]\n"}, State.REFUTED),
        Example(
            "an old one moves",
            {"a.py": "\n\nx = f()  # noqa: E501\n"},
            None,
            base={"a.py": "x = f()  # noqa: E501\n"},
        ),
        Example("in a string, where it suppresses nothing", {"a.py": 'x = "# noqa: E501"\n'}, None),
        Example("a file that is no Python", {"a.py": "x = (  # noqa: E501\n"}, State.UNCHECKED),
    ),
)
