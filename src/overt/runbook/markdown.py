"""Fences and headings of a Markdown text, as every renderer sees them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_OPEN = re.compile(r"^ {0,3}(?P<marks>`{3,}|~{3,})(?P<info>.*)$")
_HEADING = re.compile(r"^ {0,3}#{1,6}\s+(?P<text>.*?)\s*#*\s*$")


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block.

    Args:
        line: Line of the opening fence, from 1.
        info: What follows the marks.
        body: Its lines, each with its newline.
        closed: Whether it ends before the text does.
        heading: The nearest heading above it.
    """

    line: int
    info: str
    body: str
    closed: bool
    heading: str


@dataclass(frozen=True, slots=True)
class Page:
    """A Markdown text taken apart: its fences, and the text of its headings."""

    fences: tuple[Fence, ...]
    headings: tuple[str, ...]


def _closing(lines: list[str], start: int, marks: str) -> int:
    """Return the index of the line that closes a fence, or the number of lines."""
    closer = re.compile(rf"^ {{0,3}}{re.escape(marks[0])}{{{len(marks)},}}\s*$")
    return next((index for index in range(start, len(lines)) if closer.match(lines[index])), len(lines))


def read_page(text: str, *, first: int = 0) -> Page:
    """Return the fences and headings of a text; what stands in an HTML comment is not shown, so it does not count.

    Args:
        text: Markdown with `\\n` line ends.
        first: Index of the line to begin with, past the front matter.

    Example:
        >>> [fence.info for fence in read_page("# Hi\\n```bash { .step }\\nls\\n```\\n").fences]
        ['bash { .step }']
    """
    lines, index = text.split("\n"), first
    fences: list[Fence] = []
    headings: list[str] = []
    while index < len(lines):
        line = lines[index]
        if line.lstrip().startswith("<!--"):
            while index < len(lines) and "-->" not in lines[index]:
                index += 1
        elif heading := _HEADING.match(line):
            headings.append(heading["text"])
        elif (opened := _OPEN.match(line)) and not (opened["marks"][0] == "`" and "`" in opened["info"]):
            end = _closing(lines, index + 1, opened["marks"])
            body = "".join(f"{part}\n" for part in lines[index + 1 : end])
            here = headings[-1] if headings else ""
            fences.append(Fence(index + 1, opened["info"].strip(), body, end < len(lines), here))
            index = end
        index += 1
    return Page(tuple(fences), tuple(headings))
