"""What is inside one block of Markdown: code spans, links, comments and tags, found in linear time."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field

CODE = "\ufffc"
"""What stands for a character of code in plain text."""

_LONGEST_TARGET = 2_000
_LONGEST_LABEL = 999
_DEEPEST = 32
_SPECIAL = re.compile(r"[\\`\[\]!<]")
_TICKS = re.compile(r"`+")
_AUTOLINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]{0,2000})>")
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9-]{0,40}(?=[\s/>])(?:[^<>\"']|\"[^\"<]{0,2000}\"|'[^'<]{0,2000}'){0,400}>")
_SPACE = re.compile(r"[ \t]*(?:\r?\n[ \t]*)?")
_TITLE = re.compile(r"\"(?:[^\"\\]|\\.){0,2000}\"|'(?:[^'\\]|\\.){0,2000}'|\((?:[^()\\]|\\.){0,2000}\)", re.DOTALL)
_ANGLED = re.compile(r"<((?:[^<>\\\n]|\\.){0,2000})>")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(frozen=True, slots=True)
class Span:
    """A code span: offsets of its backticks and the text between them."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A link: offsets of the whole and of its text, and where it leads."""

    start: int
    end: int
    text_start: int
    text_end: int
    target: str
    image: bool
    defined_elsewhere: bool


@dataclass(slots=True)
class Inline:
    """What a block holds; offsets are those of the document."""

    plain: str = ""
    spans: list[Span] = field(default_factory=list)
    links: list[Stretch] = field(default_factory=list)
    comments: list[tuple[int, int]] = field(default_factory=list)


def label_key(label: str) -> str:
    """Return a link label as labels are compared: case and spacing do not count."""
    return " ".join(label.split()).casefold()


def read_inline(text: str, base: int, definitions: Mapping[str, str]) -> Inline:
    """Read one block.

    Args:
        text: The block; what is not its own text is blanked by spaces.
        base: Offset of the block in the document.
        definitions: Targets by label key.
    """
    return _Inline(text, base, definitions).read()


class _Inline:
    def __init__(self, text: str, base: int, definitions: Mapping[str, str]) -> None:
        self.text, self.base, self.definitions = text, base, definitions
        self.found = Inline()
        # Where each open bracket stands, and whether it opens an image.
        self._openers: list[tuple[int, bool]] = []
        self._dead = 0
        self._blanks: list[tuple[int, int, str]] = []
        self._no_comment_end = False
        self._ticks: dict[int, list[int]] = {}
        for run in _TICKS.finditer(text):
            self._ticks.setdefault(len(run[0]), []).append(run.start())

    def read(self) -> Inline:
        at = 0
        while match := _SPECIAL.search(self.text, at):
            at = self._special(match[0], match.start())
        self.found.plain = self._plain()
        return self.found

    def _special(self, character: str, at: int) -> int:
        if character == "\\":
            return at + 2
        if character == "`":
            return self._code(at)
        if character == "<":
            return self._angle(at)
        if character == "]":
            return self._close(at)
        image = character == "!"
        if image and not self.text.startswith("[", at + 1):
            return at + 1
        self._openers.append((at, image))
        return at + 1 + image

    def _code(self, at: int) -> int:
        run = _TICKS.match(self.text, at)
        assert run is not None
        length = len(run[0])
        places = self._ticks.get(length, [])
        following = bisect_left(places, run.end())
        if following == len(places):
            return run.end()
        closing = places[following]
        inner = self.text[run.end() : closing].replace("\n", " ").replace("\r", "")
        if inner.startswith(" ") and inner.endswith(" ") and inner.strip():
            inner = inner[1:-1]
        self.found.spans.append(Span(self.base + at, self.base + closing + length, inner))
        self._blanks.append((at, closing + length, CODE))
        return closing + length

    def _angle(self, at: int) -> int:
        if self.text.startswith("<!--", at) and not self._no_comment_end:
            end = self.text.find("-->", at + 4)
            self._no_comment_end = end < 0
            if end >= 0:
                self.found.comments.append((self.base + at, self.base + end + 3))
                self._blanks.append((at, end + 3, " "))
                return end + 3
        if match := _AUTOLINK.match(self.text, at):
            self._link(at, match.end(), match.start(1), match.end(1), match[1], image=False, elsewhere=False)
            return match.end()
        if match := _TAG.match(self.text, at):
            self._blanks.append((at, match.end(), " "))
            return match.end()
        return at + 1

    def _link(self, start: int, end: int, first: int, last: int, target: str, *, image: bool, elsewhere: bool) -> None:
        base = self.base
        self.found.links.append(Stretch(base + start, base + end, base + first, base + last, target, image, elsewhere))

    def _close(self, at: int) -> int:
        if not self._openers:
            return at + 1
        opened, image = self._openers.pop()
        dead, self._dead = len(self._openers) < self._dead, min(self._dead, len(self._openers))
        if dead and not image:
            return at + 1
        first = opened + 1 + image
        inline = self._target(at + 1)
        end, target = inline or self._reference(first, at) or (0, "")
        if not end:
            return at + 1
        self._link(opened, end, first, at, target, image=image, elsewhere=inline is None)
        self._blanks += [(opened, first, " "), (at, end, " ")]
        if not image:
            # A link holds no other link: the brackets opened outside this one are text now.
            self._dead = len(self._openers)
        return end

    def _target(self, at: int) -> tuple[int, str] | None:
        """Read `(target "title")` and return its end and its target."""
        if not self.text.startswith("(", at):
            return None
        at = self._skip(at + 1)
        if match := _ANGLED.match(self.text, at):
            at, target = match.end(), match[1]
        else:
            end = self._bare(at)
            if end is None:
                return None
            at, target = end, self.text[at:end]
        after = self._skip(at)
        if after > at and (title := _TITLE.match(self.text, after)):
            after = self._skip(title.end())
        if not self.text.startswith(")", after):
            return None
        return after + 1, _ESCAPED.sub(r"\1", target)

    def _bare(self, at: int) -> int | None:
        depth, last = 0, min(len(self.text), at + _LONGEST_TARGET)
        while at < last:
            character = self.text[at]
            if character.isspace() or character == "<":
                break
            if character == "\\":
                at += 1
            elif character == "(":
                depth += 1
                if depth > _DEEPEST:
                    return None
            elif character == ")":
                if depth == 0:
                    break
                depth -= 1
            at += 1
        return at if depth == 0 else None

    def _reference(self, first: int, at: int) -> tuple[int, str] | None:
        """Read `[label]`, `[]` or nothing, and return the end of the link and its target."""
        if self.text.startswith("[", at + 1):
            closing = self.text.find("]", at + 2, at + 2 + _LONGEST_LABEL)
            label = self.text[at + 2 : closing] if closing > 0 else ""
            if label.strip() and label_key(label) in self.definitions:
                return closing + 1, self.definitions[label_key(label)]
            end = closing + 1 if closing == at + 2 else at + 1
        else:
            end = at + 1
        if at - first > _LONGEST_LABEL:
            return None
        target = self.definitions.get(label_key(self.text[first:at]))
        return None if target is None else (end, target)

    def _skip(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def _plain(self) -> str:
        if not self._blanks:
            return self.text
        plain = list(self.text)
        for start, end, filler in self._blanks:
            for at in range(start, end):
                if plain[at] != "\n":
                    plain[at] = filler
        return "".join(plain)
