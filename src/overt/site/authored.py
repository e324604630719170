"""Markdown and code that authors of a track wrote: what it means stays, what could act on the page goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from overt.site.markup import Markup, code
from overt.system.text import plain_text

_FENCE = re.compile(r"^(?P<indent> *)(?P<marks>`{3,}|~{3,})[ {.]*(?P<language>[A-Za-z0-9_+-]*)[^`]*$")
_RUN = re.compile(r"`{3,}")
_HEADING = re.compile(r"^ {0,3}#+\s*(?P<text>.*?)\s*#*\s*$")
_RULED = re.compile(r"^( {0,3})([=-])(?=\2*\s*$)")
_CODE = re.compile(r"(?<!`)(`+)(?!`)((?:(?!\n\s*\n).)+?)(?<!`)\1(?!`)", re.DOTALL)
_QUIET_CODE = re.compile(r"[^`&<>{}\n\\]+")
_LINK = re.compile(r"(?<!!)\[(?P<text>[^\[\]]+)\]\((?P<target>[^()\s]*)(?:\s+\"[^\"()]*\")?\)|\](?=\()")
_TARGET = re.compile(r"(?:https?://|mailto:)[\w./?#@&=+~%:,-]+")
_LETTERS = {ord("<"): "&lt;", ord("{"): "&#123;", ord("}"): "&#125;", ord("`"): "&#96;"}
_ACTS = (
    (re.compile(r"&(?!(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z][A-Za-z\d]{1,31});)"), "&amp;"),
    (re.compile(r"\](?=[\[:])"), "&#93;"),
    (re.compile(r"^(\s*):(?=::)", re.MULTILINE), r"\1&#58;"),
    (re.compile(r"^(\s*(?:(?:[>*+-]|\d+[.)])\s*)+)#", re.MULTILINE), r"\1&#35;"),
)
"""What is no whole reference to a letter, over which builders stumble; definitions and references of links, which
lead anywhere; blocks that are filled in; headings within lists and quotations, which have no place in the order of a
page. Pictures go with the links that are none of ours."""


def fenced(text: str, language: str = "") -> Markup:
    r"""Return code as a block that nothing inside can end.

    Args:
        text: The code.
        language: How it is highlighted.

    Example:
        >>> fenced("x = 1\n", "python")
        '```python\nx = 1\n```'
        >>> fenced("```\n</details>")
        '````\n```\n</details>\n````'
    """
    shown = plain_text(text).strip("\n")
    marks = "`" * max([3, *(len(run) + 1 for run in _RUN.findall(shown))])
    return Markup(f"{marks}{language}\n{shown}\n{marks}")


def authored(text: str, *, headings: bool = True) -> Markup:
    r"""Return what an author wrote as Markdown that is inert: no HTML, no attributes, no pictures, no scripts in links.

    Code stays as it is; of links those to other hosts stay, the text of the others.

    Args:
        text: Markdown.
        headings: Whether headings stay headings, of the second level; otherwise they become bold.

    Example:
        >>> authored("# Why\n\nThe `x` <b>is</b> [here](javascript:x).", headings=False)
        '**Why**\n\nThe `x` &lt;b>is&lt;/b> here.'
    """
    parts: list[str] = []
    prose: list[str] = []
    lines = iter(plain_text(text).strip("\n").split("\n"))
    for line in lines:
        opening = _FENCE.match(line)
        if opening is None:
            prose.append(_heading(line, headings=headings))
            continue
        parts.append(_inert("\n".join(prose)))
        prose.clear()
        parts.append(_block(opening, lines))
    parts.append(_inert("\n".join(prose)))
    return Markup("\n".join(part for part in parts if part))


def _heading(line: str, *, headings: bool) -> str:
    found = _HEADING.match(line)
    if found is None:
        # A line of `=` or `-` makes a heading of the one above it.
        return _RULED.sub(lambda ruled: f"{ruled[1]}&#{ord(ruled[2])};", line)
    if not found["text"]:
        return ""
    return f"## {found['text']}" if headings else f"**{found['text']}**"


def _block(opening: re.Match[str], lines: Iterator[str]) -> str:
    """Return the author's block as one of ours; what is never ended goes on to the end of the text."""
    indent, marks = opening["indent"], opening["marks"]
    end = re.compile(rf" *{re.escape(marks[0])}{{{len(marks)},}} *")
    inside = list(takewhile(lambda line: not end.fullmatch(line), lines))
    body = "\n".join(line.removeprefix(indent) for line in inside)
    return indent + fenced(body, opening["language"]).replace("\n", f"\n{indent}")


def _inert(text: str) -> str:
    pieces = _CODE.split(text)
    # Text, then the ticks and the inside of each piece of code in turn.
    shown = [_words(pieces[0])]
    for inside, after in zip(pieces[2::3], pieces[3::3], strict=True):
        shown += [f"`{inside}`" if _QUIET_CODE.fullmatch(inside) else code(inside.strip()), _words(after)]
    return "".join(shown)


def _words(text: str) -> str:
    shown = _LINK.sub(_link, text.translate(_LETTERS))
    for shape, instead in _ACTS:
        shown = shape.sub(instead, shown)
    return shown


def _link(found: re.Match[str]) -> str:
    if found["text"] is None:
        return "&#93;"  # what only looks like the middle of a link to us may be one to a builder
    return found[0] if _TARGET.fullmatch(found["target"]) else found["text"]
