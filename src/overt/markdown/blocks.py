"""The blocks of a Markdown document: where its text is, and where its code."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal

from overt.markdown.inline import label_key
from overt.markdown.table import cells, is_rule

Kind = Literal["heading", "paragraph", "item", "cell"]

_QUOTE = re.compile(r"[ \t]{0,3}>[ \t]?")
_MARKER = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$)")
_FENCE = re.compile(r"[ \t]*(?:(?P<ticks>`{3,})(?P<info>[^`]*)|(?P<tildes>~{3,})(?P<note>.*))$")
_HEADING = re.compile(r"[ \t]*(#{1,6})(?:[ \t]+|$)")
_UNDERLINE = re.compile(r"[ \t]{0,3}(=+|-+)[ \t]*$")
_RULE = re.compile(r"[ \t]{0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_DEFINITION = re.compile(r"[ \t]{0,3}\[((?:[^\[\]\\]|\\.){1,999})\]:[ \t]*(?:<([^<>]*)>|(\S+))")
_CONTAINER = re.compile(r"[ \t]*(?:!!!|\?\?\?\+?|===[!+]?|/{3}|\[\^[^\]]{1,99}\]:|:[ \t]{1,4}\S)")
_RAW = re.compile(r"[ \t]{0,3}<(script|style|pre|textarea)(?=[\s>]|$)", re.IGNORECASE)
_TAGS = (
    "address|article|aside|blockquote|body|center|col|colgroup|dd|details|dialog|div|dl|dt|fieldset|figcaption|figure|"
    "footer|form|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|nav|ol|optgroup|option|p|param|search|"
    "section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul"
)
_HTML = re.compile(rf"[ \t]{{0,3}}</?(?:{_TAGS})(?=[\s/>]|$)", re.IGNORECASE)
_ATTRIBUTES = re.compile(r"[ \t]*\{:?[ \t]*([^{}]*)\}[ \t]*$")
_FRONT = {"---": frozenset({"---", "..."}), "+++": frozenset({"+++"})}


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block of code.

    Args:
        line: Line of the opening fence, from 1.
        info: What stands behind the opening fence.
        start: Offset of the line of the opening fence.
        end: Offset after the closing fence.
        body: The code as written, with its indentation.
        body_start: Offset of the code.
        indent: Columns that its opening fence is indented by, in a list for instance.
        quotes: How many quotation marks (`>`) stand before each of its lines.
        closed: Whether it ends with a closing fence.
    """

    line: int
    info: str
    start: int
    end: int
    body: str
    body_start: int
    indent: int = 0
    quotes: int = 0
    closed: bool = True

    def code(self) -> str:
        """Return the code as it is shown: without the quotation marks and the indentation of what it stands in."""
        shown = []
        for line in self.body.splitlines(keepends=True):
            for _ in range(self.quotes):
                line = _QUOTE.sub("", line, count=1)
            spare = min(self.indent, len(line) - len(line.lstrip(" ")))
            shown.append(line[spare:])
        return "".join(shown)


@dataclass(frozen=True, slots=True)
class Comment:
    """An HTML comment: its line from 1, its offsets, and what is between its marks."""

    line: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """A block of text; what is not its own (quote marks, indentation) is blanked by spaces."""

    kind: Kind
    start: int
    text: str
    level: int = 0
    column_head: str = ""
    row_head: str = ""

    def heading(self) -> tuple[str, str]:
        """Return the text of a heading and the anchor given with it."""
        text = re.sub(r"[ \t]+#+[ \t]*$", "", self.text.strip())
        given = _ATTRIBUTES.search(text)
        if given is None:
            return text, ""
        anchor = next((word[1:] for word in given[1].split() if word.startswith("#")), "")
        return text[: given.start()].rstrip(), anchor


@dataclass(slots=True)
class Blocks:
    """What the first pass finds."""

    lines: list[tuple[int, int]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    fences: list[Fence] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    definitions: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _OpenFence:
    mark: str
    indent: int
    quotes: int
    line: int
    info: str
    start: int
    body_start: int


def read_blocks(text: str) -> Blocks:
    """Divide a document into its blocks."""
    return _Blocks(text).read()


def _width(blank: str) -> int:
    return len(blank.expandtabs(4))


def _indent(line: str) -> int:
    return _width(line[: len(line) - len(line.lstrip(" \t"))])


class _Blocks:
    """One walk over the lines of a document."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found = Blocks()
        self._segments: list[tuple[int, int]] = []
        self._kind: Kind = "paragraph"
        self._fence: _OpenFence | None = None
        self._containers: list[int] = []
        self._blank_before = True
        self._html_end: str | None = None
        self._comment_start = -1
        self._in_table = False
        self._heads: list[str] = []

    def read(self) -> Blocks:
        at = 0
        for line in self.text.split("\n"):
            self.found.lines.append((at, at + len(line) - line.endswith("\r")))
            at += len(line) + 1
        for number in range(self._front_matter(), len(self.found.lines)):
            self._line(number)
        self._flush()
        if self._fence:
            self._close_fence(len(self.text), len(self.text))
        return self.found

    def _front_matter(self) -> int:
        first = self.text[slice(*self.found.lines[0])].lstrip("\ufeff").rstrip()
        for number, place in enumerate(self.found.lines[1:400], start=1):
            if self.text[slice(*place)].rstrip() in _FRONT.get(first, ()):
                return number + 1
        return 0

    # One line.

    def _line(self, number: int) -> None:
        start, end = self.found.lines[number]
        if self._fence and self._in_fence(start, end):
            return
        if self._html_end is not None:
            self._in_html(start, end)
            return
        content, quotes = self._unquoted(start, end, 99)
        line = self.text[content:end]
        if not line.strip():
            self._flush()
            self._blank_before = True
            self._in_table = False
            return
        self._leave_containers(line)
        if not self._special(number, content, end, quotes):
            self._text(number, content, end)
        self._blank_before = False

    def _unquoted(self, start: int, end: int, most: int) -> tuple[int, int]:
        quotes = 0
        while quotes < most and (match := _QUOTE.match(self.text, start, end)):
            start, quotes = match.end(), quotes + 1
        return start, quotes

    def _leave_containers(self, line: str) -> None:
        indent = _indent(line)
        if not self._segments or indent == 0:
            while self._containers and indent < self._containers[-1]:
                self._containers.pop()

    def _special(self, number: int, content: int, end: int, quotes: int) -> bool:
        """Take a line that is not running text; tell whether it was one."""
        line = self.text[content:end]
        if self._open_fence(number, content, end, quotes):
            return True
        limit = (self._containers[-1] if self._containers else 0) + 4
        if not self._segments and _indent(line) >= limit and not self._in_table:
            return True
        if self._open_html(content, end):
            return True
        if _CONTAINER.match(line) and not self._in_table:
            self._containers.append(_indent(line) + 4)
            if line.lstrip().startswith(("!!!", "???", "===", "///")):
                self._flush()
                return True
        return self._heading(content, end) or self._definition(content, end)

    def _text(self, number: int, content: int, end: int) -> None:
        line = self.text[content:end]
        if self._table(number, content, end):
            return
        marker = _MARKER.match(line)
        if marker and not (
            self._segments
            and self._kind == "paragraph"
            and re.match(r"[ \t]*\d", line)
            and not line.lstrip().startswith("1")
        ):
            self._flush()
            self._kind = "item"
            self._containers.append(_width(line[: marker.end()]))
            inner = self._markers(content + marker.end(), end)
            if inner > content + marker.end():
                self._containers.append(_width(self.text[content:inner]))
            content = inner
        if content < end:
            self._segments.append((content, end))

    def _markers(self, at: int, end: int) -> int:
        """Return the offset behind the list markers that a line begins with; a handful, however many there are."""
        for _ in range(8):
            match = _MARKER.match(self.text, at, end)
            if match is None:
                break
            at = match.end()
        return at

    # Code.

    def _open_fence(self, number: int, content: int, end: int, quotes: int) -> bool:
        at = self._markers(content, end)
        match = _FENCE.match(self.text, at, end)
        if match is None:
            return False
        self._flush()
        mark, info = match["ticks"] or match["tildes"], match["info"] or match["note"] or ""
        if at > content:
            self._containers.append(_width(self.text[content:at]))
        indent = _width(self.text[content:at]) + _indent(self.text[at:end])
        following = self.found.lines[number + 1][0] if number + 1 < len(self.found.lines) else len(self.text)
        self._fence = _OpenFence(mark, indent, quotes, number + 1, info.strip(), self.found.lines[number][0], following)
        return True

    def _in_fence(self, start: int, end: int) -> bool:
        """Take a line of code, or close the fence; tell whether the line belongs to it."""
        fence = self._fence
        assert fence is not None
        content, quotes = self._unquoted(start, end, fence.quotes)
        line = self.text[content:end]
        left = fence.indent >= 4 or (fence.indent >= 2 and bool(self._containers))
        if quotes < fence.quotes or (left and line.strip() and _indent(line) == 0):
            self._close_fence(start, start)
            return False
        bare = line.strip()
        closes = len(bare) >= len(fence.mark) and set(bare) == {fence.mark[0]} and _indent(line) < fence.indent + 4
        if closes:
            self._close_fence(start, end, closed=True)
        return True

    def _close_fence(self, body_end: int, end: int, *, closed: bool = False) -> None:
        fence = self._fence
        assert fence is not None
        body = self.text[fence.body_start : body_end]
        place = (fence.line, fence.info, fence.start, end, body, fence.body_start)
        self.found.fences.append(Fence(*place, indent=fence.indent, quotes=fence.quotes, closed=closed))
        self._fence = None
        self._blank_before = True

    # HTML.

    def _open_html(self, content: int, end: int) -> bool:
        line = self.text[content:end]
        if line.lstrip(" \t").startswith("<!--"):
            self._flush()
            self._comment_start = content + line.index("<!--")
            self._html_end = "-->"
        elif match := _RAW.match(line):
            self._flush()
            self._html_end = f"</{match[1].lower()}>"
        elif _HTML.match(line) and not self._segments:
            # With this attribute Python-Markdown reads the inside as Markdown; other tools show it as it is.
            if not re.search(r"\smarkdown(?:=|[\s>])", line):
                self._html_end = ""
            return True
        else:
            return False
        self._in_html(content, end)
        return True

    def _in_html(self, start: int, end: int) -> None:
        closing = self._html_end
        line = self.text[start:end]
        if closing == "":
            if not line.strip():
                self._html_end, self._blank_before = None, True
            return
        first = self._comment_start + 4 if self._comment_start >= start else start
        found = self.text[first:end].lower().find(closing) if closing else -1
        if found < 0:
            return
        at = first + found
        if self._comment_start >= 0:
            line_number = bisect_right(self.found.lines, (self._comment_start, len(self.text)))
            inner = self.text[self._comment_start + 4 : at]
            self.found.comments.append(Comment(line_number, self._comment_start, at + 3, inner))
        self._html_end, self._comment_start, self._blank_before = None, -1, True
        if closing == "-->" and self.text[at + 3 : end].strip():
            self._segments.append((at + 3, end))

    # Headings, tables, definitions and running text.

    def _heading(self, content: int, end: int) -> bool:
        line = self.text[content:end]
        if match := _HEADING.match(line):
            self._flush()
            self._add("heading", [(content + match.end(), end)], len(match[1]))
            return True
        underline = _UNDERLINE.match(line)
        if underline and self._segments and self._kind == "paragraph":
            segments, self._segments = self._segments, []
            self._add("heading", segments, 1 if underline[1][0] == "=" else 2)
            return True
        if _RULE.match(line):
            self._flush()
            return True
        return False

    def _definition(self, content: int, end: int) -> bool:
        if self._segments:
            return False
        match = _DEFINITION.match(self.text, content, end)
        if match is None or match[1].startswith("^"):
            return False
        self.found.definitions.setdefault(label_key(match[1]), match[2] if match[2] is not None else match[3])
        return True

    def _table(self, number: int, content: int, end: int) -> bool:
        """Take a row of a table; tell whether the line was one."""
        line = self.text[content:end]
        if not self._in_table:
            if "|" not in line or number + 1 >= len(self.found.lines):
                return False
            following, _ = self._unquoted(*self.found.lines[number + 1], 99)
            if not is_rule(self.text[following : self.found.lines[number + 1][1]]):
                return False
            self._flush()
            self._in_table, self._heads = True, []
        if is_rule(line):
            return True
        row = cells(line)
        texts = [line[first:last] for first, last in row]
        heads = [*self._heads[: len(row)], *[""] * (len(row) - len(self._heads))]
        for (first, _), text, head in zip(row, texts, heads, strict=True):
            if text:
                self.found.blocks.append(Block("cell", content + first, text, 0, head, texts[0]))
        self._heads = self._heads or texts
        return True

    def _flush(self) -> None:
        if self._segments:
            segments, self._segments = self._segments, []
            self._add(self._kind, segments)
        self._kind = "paragraph"

    def _add(self, kind: Kind, segments: list[tuple[int, int]], level: int = 0) -> None:
        start = segments[0][0]
        parts, at = [], start
        for first, last in segments:
            # Between two lines stand a newline, quote marks and indentation: of these only the newline is kept.
            gap = self.text[at:first]
            parts += ["\n" if character == "\n" else " " for character in gap]
            parts.append(self.text[first:last])
            at = last
        self.found.blocks.append(Block(kind, start, "".join(parts), level))
