"""No new line has the shape of a secret."""

from __future__ import annotations

from overt.model import Location, State
from overt.review.changes import FileChange
from overt.review.context import Context
from overt.review.records import Example, Outcome, ReviewRule
from overt.review.said import counted
from overt.review.secrets import likely_secret
from overt.system.secret_scan import holds_secret


def _new_lines(context: Context, file: FileChange) -> list[tuple[int, str]] | None:
    """Return the new lines of a file with their numbers, all of them where git cannot tell; None when unread."""
    content = context.changes.after(file)
    if content is None:
        return None
    lines = enumerate(content.decode("utf-8", "replace").split("\n"), start=1)
    # Of a binary file git counts no lines, and says that none is new.
    new = context.changes.lines.get(file.path) if file.added is not None else None
    return [(number, line) for number, line in lines if new is None or number in new]


def prove(context: Context) -> Outcome:
    """Look for the shapes of secrets; what is found is never shown."""
    files = [file for file in context.changes.files if file.exists]
    if not files:
        return Outcome(None, "no file is there after the change")
    found: list[Location] = []
    unread: list[Location] = []
    for file in files:
        lines = _new_lines(context, file)
        if lines is None:
            unread.append(Location(file.path))
        elif holds_secret("\n".join(line for _, line in lines)):
            # A shape of several lines is told at the file.
            here = [(number, line) for number, line in lines if holds_secret(line)]
            found += [Location(file.path, number) for number, line in here if likely_secret(file.path, line)]
            found += [] if here else [Location(file.path)]
    if found:
        told = f"{counted(len(found), 'new line has', 'new lines have')} the shape of a secret"
        return Outcome(State.REFUTED, told, tuple(found[:5]), context.changes.command)
    if unread:
        return Outcome(
            State.UNCHECKED,
            f"{counted(len(unread), 'file is', 'files are')} missing or too large to be read",
            tuple(unread[:5]),
        )
    told = f"the new lines of {counted(len(files), 'file')} hold nothing that is likely to be a secret"
    return Outcome(State.PROVED, told, command=context.changes.command)


_KEY = "gh" + "p_" + "A1b2C3d4E5" * 4

RULE = ReviewRule(
    id="no-secrets",
    title="No secret goes in",
    why="What was pushed once is known, whatever a later commit takes away.",
    prove=prove,
    remedy="take it out of the history and revoke it",
    see="docs/explanation/guidelines.md#keep-secrets-out",
    examples=(
        Example("a number changes", {"a.py": "x = 1\n"}, State.PROVED),
        Example("a token goes in", {"a.py": f"key = '{_KEY}'\n"}, State.REFUTED),
        Example("a password in a setting", {"shop.ini": "password = hunter22\n"}, State.REFUTED),
        Example("a token in a test", {"tests/test_a.py": f"key = '{_KEY}'\n"}, State.REFUTED),
        Example("a password that a test made up", {"tests/test_a.py": "f(password='hunter22')\n"}, State.PROVED),
        Example("an address that is nobody's", {"a.py": "u = 'https://u:pass@example.com'\n"}, State.PROVED),
        Example("a variable that is handed on", {"a.py": "self.token = token\n"}, State.PROVED),
        Example("a token in a file that is no text", {"a.bin": f"\0{_KEY}\n"}, State.REFUTED),
        Example(
            "a token that was there stays",
            {"a.txt": f"{_KEY}\n\nx\n"},
            State.PROVED,
            base={"a.txt": f"{_KEY}\n\n"},
        ),
        Example("a file larger than what is read", {"a.txt": "x\n" * 1_000_001}, State.UNCHECKED),
        Example("a file goes", {}, None, base={"a.py": "x = 1\n"}),
    ),
)
