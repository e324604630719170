"""Markdown with exact places: what is text, what is code, and which links there are.

Not a renderer. It tells apart what a renderer would show as text from code, comments and front matter, in the
dialects of GitHub and of Python-Markdown, and keeps every offset, so that a document can be changed in place.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal

from overt.markdown.blocks import Block, Comment, Fence, read_blocks
from overt.markdown.inline import Span, Stretch, read_inline

__all__ = ["CodeSpan", "Comment", "Document", "Fence", "Heading", "Link", "Prose", "scan"]


@dataclass(frozen=True, slots=True)
class Link:
    """A link or an image.

    Args:
        line: Line it begins on, from 1.
        column: Column it begins in, from 1.
        start: Offset of its first character.
        end: Offset after its last character.
        text: What is between its brackets, as written.
        target: Where it leads, without title and without backslashes.
        text_start: Offset of the first character of `text`.
        text_end: Offset after the last character of `text`.
        image: Whether it is an image.
        defined_elsewhere: Whether the target stands in a definition (`[text][label]`).
    """

    line: int
    column: int
    start: int
    end: int
    text: str
    target: str
    text_start: int
    text_end: int
    image: bool = False
    defined_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class CodeSpan:
    """Text between backticks.

    Args:
        line: Line it begins on, from 1.
        column: Column it begins in, from 1, of the first backtick.
        start: Offset of the first backtick.
        end: Offset after the last backtick.
        text: What is between them, on one line.
    """

    line: int
    column: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """A stretch of running text.

    Args:
        kind: What it is.
        line: Line it begins on, from 1.
        start: Offset of its first character.
        end: Offset after its last character.
        text: The same length as the source between `start` and `end`, what is not text blanked out: link targets,
            comments and tags by spaces, code by U+FFFC.
        column_head: Of a cell, the head of its column; empty in the head itself.
        row_head: Of a cell, the first cell of its row.
    """

    kind: Literal["heading", "paragraph", "item", "cell"]
    line: int
    start: int
    end: int
    text: str
    column_head: str = ""
    row_head: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading.

    Args:
        level: From 1 to 6.
        line: Line from 1.
        text: Its text as written, without marks of the heading itself.
        anchor: The anchor given with it (`{#anchor}`); empty when it follows from the text.
    """

    level: int
    line: int
    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A scanned document; everything in order of appearance."""

    text: str
    headings: tuple[Heading, ...] = ()
    links: tuple[Link, ...] = ()
    fences: tuple[Fence, ...] = ()
    spans: tuple[CodeSpan, ...] = ()
    prose: tuple[Prose, ...] = ()
    comments: tuple[Comment, ...] = ()
    line_starts: tuple[int, ...] = field(default=(0,), repr=False)

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column, both from 1, of an offset."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1


def scan(text: str) -> Document:
    """Read a Markdown document.

    Args:
        text: The whole document; any text is accepted.

    Returns:
        What is in it. For every link, `text[link.text_start:link.text_end] == link.text`.

    Example:
        >>> [link.target for link in scan("See [the rules](rules.md), not `[code](x)`.").links]
        ['rules.md']
    """
    blocks = read_blocks(text)
    starts = tuple(start for start, _ in blocks.lines) or (0,)
    reading = _Reading(Document(text, line_starts=starts), blocks.definitions)
    for block in blocks.blocks:
        reading.take(block)
    return Document(
        text,
        tuple(reading.headings),
        tuple(reading.links),
        tuple(blocks.fences),
        tuple(reading.spans),
        tuple(reading.prose),
        tuple(sorted([*blocks.comments, *reading.comments], key=lambda comment: comment.start)),
        starts,
    )


class _Reading:
    """Turns blocks into the parts of a document."""

    def __init__(self, frame: Document, definitions: dict[str, str]) -> None:
        self._frame, self._definitions = frame, definitions
        self.headings: list[Heading] = []
        self.links: list[Link] = []
        self.spans: list[CodeSpan] = []
        self.prose: list[Prose] = []
        self.comments: list[Comment] = []

    def take(self, block: Block) -> None:
        inline = read_inline(block.text, block.start, self._definitions)
        line = self._frame.place(block.start)[0]
        if block.kind == "heading":
            text, anchor = block.heading()
            self.headings.append(Heading(block.level, line, text, anchor))
        end = block.start + len(block.text)
        heads = (block.column_head, block.row_head)
        self.prose.append(Prose(block.kind, line, block.start, end, inline.plain, *heads))
        self.spans += [self._span(span) for span in inline.spans]
        self.links += [self._link(link) for link in sorted(inline.links, key=lambda link: link.start)]
        for start, end in inline.comments:
            inner = self._frame.text[start + 4 : end - 3]
            self.comments.append(Comment(self._frame.place(start)[0], start, end, inner))

    def _span(self, span: Span) -> CodeSpan:
        line, column = self._frame.place(span.start)
        return CodeSpan(line, column, span.start, span.end, span.text)

    def _link(self, link: Stretch) -> Link:
        line, column = self._frame.place(link.start)
        text = self._frame.text[link.text_start : link.text_end]
        return Link(
            line,
            column,
            link.start,
            link.end,
            text,
            link.target,
            link.text_start,
            link.text_end,
            link.image,
            link.defined_elsewhere,
        )
