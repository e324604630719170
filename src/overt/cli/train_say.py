"""What `overt train` shows: prose as wide as the terminal, a little colour, or one JSON document."""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import msgspec

from overt.cli.validate_words import safe

WIDEST: Final = 100
"""Columns that prose takes at most, however wide the terminal is."""
_NARROWEST: Final = 10
_ROOM: Final = 20
_INDENT: Final = 8
_CODES = re.compile(r"\x1b\[\d*m")
_BULLET = re.compile(r"(?:[-*]|\d+\.) +")
_COLOURS: Final = {"bad": "31", "good": "32", "quiet": "2", "title": "1"}


def fit(text: str, width: int) -> str:
    """Return Markdown with its paragraphs and lists filled to a width; code, tables and headings stay as they are.

    Args:
        text: The Markdown.
        width: Columns.

    Example:
        >>> print(fit("one two three\\nfour\\n\\n- five six seven", 10))
        one two
        three four
        <BLANKLINE>
        - five six
          seven
    """
    lines: list[str] = []
    for block, fixed in _blocks(text):
        if fixed:
            lines += block
            continue
        mark = _BULLET.match(block[0])
        inner = " " * len(mark[0]) if mark else ""
        flat = " ".join(line.strip() for line in block)
        lines += textwrap.wrap(
            flat, max(width, _NARROWEST), subsequent_indent=inner, break_long_words=False, break_on_hyphens=False
        )
    return "\n".join(lines)


def _blocks(text: str) -> Iterator[tuple[list[str], bool]]:
    """Yield the blocks of lines that are filled together, and whether one has to stay as it is."""
    gathered: list[str] = []
    fenced = False
    for line in text.splitlines():
        fence = line.startswith("```")
        fixed = fenced or fence or not line.strip() or line.startswith(("#", "|", "    "))
        fenced ^= fence
        if gathered and (fixed or _BULLET.match(line)):
            yield gathered, False
            gathered = []
        if fixed:
            yield [line], True
        else:
            gathered.append(line)
    if gathered:
        yield gathered, False


@dataclass(frozen=True, slots=True)
class Voice:
    """Writes to standard output.

    Args:
        as_json: Whether one JSON document is wanted instead of text.
        colour: Whether to colour.
        width: Columns of the terminal; 0 when it is none, so that nothing is filled.
    """

    as_json: bool = False
    colour: bool = False
    width: int = 0

    def say(self, text: str = "") -> None:
        """Write a line at once."""
        sys.stdout.write(f"{safe(text, sys.stdout)}\n")
        sys.stdout.flush()

    def prose(self, text: str) -> None:
        """Write Markdown, filled to the terminal; its title stands out."""
        shown = fit(text.strip("\n"), min(self.width, WIDEST)) if self.width else text.strip("\n")
        title, _, rest = shown.partition("\n")
        self.say((self.paint(title, "title") if title.startswith("# ") else title) + (f"\n{rest}" if rest else ""))

    def row(self, head: str, text: str) -> None:
        """Write something behind a short head, filled beside it; below it, where there is no room."""
        length = len(_CODES.sub("", head))
        width = min(self.width, WIDEST)
        if not width:
            self.say(head + f"\n{' ' * length}".join(text.splitlines()))
            return
        if width - length < _ROOM:
            self.say(head.rstrip())
            head, length = " " * _INDENT, _INDENT
        room = max(width - length, _NARROWEST)
        lines = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False)
        self.say(head + f"\n{' ' * length}".join(lines))

    def json(self, value: object) -> None:
        """Write the one document."""
        self.say(msgspec.json.encode(value).decode())

    def paint(self, text: str, colour: str) -> str:
        """Return text in a colour, where colours are wanted."""
        return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m" if self.colour else text


def voice(*, as_json: bool, colour: str) -> Voice:
    """Return the voice for the terminal that we have.

    Args:
        as_json: Whether JSON is wanted.
        colour: `auto`, `always` or `never`.
    """
    import shutil

    from overt.cli.options import wants_colour

    return Voice(as_json, wants_colour(colour), shutil.get_terminal_size().columns if sys.stdout.isatty() else 0)
