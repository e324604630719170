"""A session of a console: the commands behind its prompts, typed into one shell, each with what it printed."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Typed:
    """One command of a session.

    Args:
        command: What is typed.
        shown: What is shown below it; empty when nothing is.
        line: Its line within the sample, from 0.
        after: Line within the sample of what is shown, from 0.
    """

    command: str
    shown: str
    line: int
    after: int


def read_session(text: str) -> list[Typed]:
    """Return the commands of a session; a line that ends in a backslash goes on with the next.

    Args:
        text: The session, its commands behind `$ `.

    Example:
        >>> [(one.command, one.shown) for one in read_session("$ echo a\\na\\n$ true\\n")]
        [('echo a', 'a'), ('true', '')]
    """
    found: list[Typed] = []
    lines, at = text.split("\n"), 0
    while at < len(lines):
        if not lines[at].startswith("$ "):
            at += 1
            continue
        began, command = at, lines[at][2:]
        while command.endswith("\\") and at + 1 < len(lines):
            at += 1
            command += "\n" + lines[at].removeprefix("> ")
        at += 1
        after = at
        while at < len(lines) and not lines[at].startswith("$ "):
            at += 1
        found.append(Typed(command, "\n".join(lines[after:at]).rstrip(), began, after))
    return found


def script_of(typed: list[Typed], mark: str) -> str:
    """Return the script that types a session in and says after each command how it ended.

    Args:
        typed: The commands.
        mark: A word that no command prints.
    """
    return "exec 2>&1\n" + "".join(f"{one.command}\nprintf '\\n{mark} %d\\n' \"$?\"\n" for one in typed)


def outputs(text: str, mark: str) -> list[tuple[str, int]]:
    """Return what each command printed and its exit status; commands that were not reached are missing.

    Args:
        text: What the script printed.
        mark: Its mark.

    Example:
        >>> outputs("a\\n\\nEND 0\\n\\nEND 1\\n", "END")
        [('a', 0), ('', 1)]
    """
    pieces = re.split(rf"\n{re.escape(mark)} (\d+)\n", text)
    return [(pieces[at].strip("\n"), int(pieces[at + 1])) for at in range(0, len(pieces) - 1, 2)]
