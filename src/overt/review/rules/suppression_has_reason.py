"""A new suppression says why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from overt.model import Location, State
from overt.review.context import Context
from overt.review.python import SUFFIXES, comments
from overt.review.records import Example, Outcome, ReviewRule
from overt.review.said import counted

_CODES = r"(?:[A-Z]{1,6}\d{1,5}|[a-z][a-z0-9-]*)"
_SUPPRESSION = re.compile(
    rf"#\s*(?:(?:ruff|flake8):\s*)?(?:noqa(?::\s*{_CODES}(?:[,\s]\s*{_CODES}\b)*)?"
    r"|(?:type|pyright|mypy|ty):\s*ignore(?:\[[^\]]*\])?|pylint:\s*disable(?:-next)?=[\w,-]+"
    rf"|pragma:\s*no\s*(?:cover|branch)|nosec(?:\s+B\d+)?|overt:\s*allow(?:\s+{_CODES})*(?:\s+until=\S+)?)",
    re.IGNORECASE,
)
_ANY = re.compile(rb"#[^\n]*(?:noqa|ignore|disable|pragma|nosec|allow)", re.IGNORECASE)
"""A cheap look before a file is cut into tokens."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_SAYS_WHY = re.compile(
    r"\b(?:sys\.version_info|sys\.platform|os\.name|platform\.system|TYPE_CHECKING|NotImplementedError|AssertionError)\b"
    r"|\bpytest\.fail\b|^(?:async )?def .*\.\.\.$|^\.\.\.$|__name__ == "
)
"""Code that says itself why no test runs it: another platform, another version, or what must not be reached."""


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


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A suppression in a file.

    Args:
        line: Its line, from 1.
        kind: What is switched off by whom, without codes and reason: one that is narrowed is no other.
        text: The comment.
        code: The code in front of it, without spaces.
        reason: Why, beside it, in a comment right above it, or in the code itself; empty when it is not said.
    """

    line: int
    kind: str
    text: str
    code: str
    reason: str


def _kind(text: str) -> str:
    found = suppression(text)
    return "".join(re.findall(r"[a-z]+", (found[0] if found else "").lower())[:2])


def _in(source: bytes) -> Iterator[Suppressed]:
    if not _ANY.search(source):
        return
    lines = source.decode("utf-8", "replace").split("\n")
    above: dict[int, str] = {}
    for number, text in comments(source):
        code = lines[number - 1].partition(text)[0].strip()
        found = suppression(text)
        if found is None:
            above |= {} if code else {number: text}
            continue
        spoken = above.get(number - 1, "")
        told = spoken if len(_WORD.findall(spoken)) > 1 else ""
        plain = code if "pragma" in found[0] and _SAYS_WHY.search(code) else ""
        yield Suppressed(number, _kind(found[0]), text, "".join(code.split()), found[1] or told or plain)


def _new(files: Sequence[tuple[str, list[Suppressed], list[Suppressed]]]) -> Iterator[tuple[str, Suppressed]]:
    """Yield what is new: it stood at the same code nowhere, nor in the same words in its file, nor less narrow."""
    known = Counter((path, one.code, one.text) for path, _, before in files for one in before)
    left: list[tuple[str, Suppressed]] = []
    for path, after, _ in files:
        for one in after:
            if known[path, one.code, one.text]:
                known[path, one.code, one.text] -= 1
            else:
                left.append((path, one))
    gone = list(known.elements())
    moved = Counter((code, text) for _, code, text in gone)
    words = Counter((path, text) for path, _, text in gone)
    kinds = {(code, _kind(text)) for _, code, text in gone}
    for path, one in left:
        if words[path, one.text]:
            words[path, one.text] -= 1
        elif moved[one.code, one.text]:
            moved[one.code, one.text] -= 1
        elif (one.code, one.kind) not in kinds:
            yield path, one


def _sides(
    context: Context,
) -> tuple[list[tuple[str, list[Suppressed], list[Suppressed]]], list[Location]]:
    """Return the suppressions of each Python file, after and before, and the files that cannot be read."""
    changes, found, unread = context.changes, [], []
    for file in changes.files:
        if not (file.path.endswith(SUFFIXES) or file.old_path.endswith(SUFFIXES)):
            continue
        try:
            before = list(_in(changes.before(file) or b""))
        except SyntaxError:
            before = []
        try:
            source = changes.after(file) if file.exists else b""
            after = list(_in(source)) if source is not None else None
        except SyntaxError:
            after = None
        unread += [Location(file.path)] if after is None else []
        found.append((file.path, after or [], before))
    return found, unread


def prove(context: Context) -> Outcome:
    """Look at the suppressions that were not there before."""
    files, unread = _sides(context)
    new = list(_new(files))
    bare = [Location(path, one.line) for path, one in new if not one.reason]
    if bare:
        told = f"{len(bare)} of {counted(len(new), 'new suppression')} without a reason"
        return Outcome(State.REFUTED, told, tuple(bare[:5]), context.changes.command)
    if unread:
        return Outcome(State.UNCHECKED, f"{counted(len(unread), 'Python file')} cannot be read", tuple(unread[:5]))
    if not new:
        return Outcome(None, "no suppression is new")
    return Outcome(
        State.PROVED, f"{counted(len(new), 'new suppression')}, each with a reason", command=context.changes.command
    )


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
        Example(
            "one that is narrowed",
            {"a.py": "x = f()  # type: ignore[misc]\n"},
            None,
            base={"a.py": "x = f()  # type: ignore\n"},
        ),
        Example(
            "one that moves to another file",
            {"a.py": "y = 1\n", "b.py": "x = f()  # noqa: E501\n"},
            None,
            base={"a.py": "x = f()  # noqa: E501\ny = 1\n"},
        ),
        Example(
            "with the reason in the line above", {"a.py": "# our own words\nx = f()  # noqa: S603\n"}, State.PROVED
        ),
        Example(
            "code for another platform",
            {"a.py": "if sys.platform == 'win32':  # pragma: no cover\n    x = 1\n"},
            State.PROVED,
        ),
        Example("below a comment about something else", {"a.py": "# x\n\nx = f()  # noqa: S603\n"}, State.REFUTED),
        Example("in a string, where it suppresses nothing", {"a.py": 'x = "# noqa: E501"\n'}, None),
        Example("a file that is no Python", {"a.py": "x = (  # noqa: E501\n"}, State.UNCHECKED),
    ),
)
