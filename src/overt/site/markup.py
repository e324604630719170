"""Text that goes into pages: what is not known to be safe is escaped, by construction."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Sequence

from overt.system.text import plain_text

# As numbered references these characters mean nothing to Markdown, to its extensions, to template engines or to
# HTML, in running text as well as in attributes; `- . , / ( )` stay, so that paths remain readable in the source.
_HARMLESS = frozenset("-.,/")
_REFERENCES = {ord(char): f"&#{ord(char)};" for char in string.punctuation if char not in _HARMLESS}
_INLINE = _REFERENCES | {ord("\n"): " ", ord("\t"): " "}
_BLOCK = _REFERENCES | {ord("\n"): "&#10;", ord("\t"): "&#9;"}


class Markup(str):
    """Text that is already Markdown or HTML: written by us, or escaped."""

    __slots__ = ()


def _no_autolink(text: str) -> str:
    return text.replace("www.", "www&#46;").replace("WWW.", "WWW&#46;")


def safe(value: object) -> Markup:
    r"""Return a value as text for Markdown and for HTML inside it, on one line; markup passes as it is.

    Example:
        >>> safe("<b>|x")
        '&#60;b&#62;&#124;x'
        >>> safe(Markup("*x*"))
        '*x*'
    """
    if isinstance(value, Markup):
        return value
    return Markup(_no_autolink(plain_text(str(value)).translate(_INLINE)))


def fill(template: str, *values: object) -> Markup:
    """Return a template with its `{}` filled in; every value is escaped unless it is markup.

    Example:
        >>> fill("**{}** of {}", 3, "a*b")
        '**3** of a&#42;b'
    """
    return Markup(template.format(*map(safe, values)))


def join(parts: Iterable[object], between: str = "") -> Markup:
    """Return parts one after the other, each escaped unless it is markup."""
    return Markup(between.join(map(safe, parts)))


def code(value: object) -> Markup:
    """Return a short piece of code, shown as it is."""
    return fill("<code>{}</code>", value)


def block(text: str, *, label: str = "Output") -> Markup:
    """Return many lines of foreign text as a preformatted block that can be scrolled with the keyboard.

    Args:
        text: Anything at all.
        label: What it is, for those who cannot see it.
    """
    shown = _no_autolink(plain_text(text).translate(_BLOCK))
    return Markup(f'<pre class="ov-output" tabindex="0" aria-label="{safe(label)}">{shown}</pre>')


def link(text: object, target: str) -> Markup:
    """Return a Markdown link.

    Args:
        text: What is shown.
        target: Path of a page relative to this one, made by us: never foreign text.
    """
    return fill("[{}]({})", text, Markup(target))


def table(heads: Sequence[object], rows: Iterable[Sequence[object]], *, align: str = "") -> Markup:
    """Return a Markdown table.

    Args:
        heads: Column names.
        rows: Cells; what is not markup is escaped.
        align: One letter a column: `l`, `r` or `c`; all left when empty.
    """
    # Left is where cells begin anyway: saying so would be an attribute of each of them.
    marks = {"l": "---", "r": "--:", "c": ":-:"}
    rule = " | ".join(marks[letter] for letter in (align or "l" * len(heads)))
    lines = [f"| {join(heads, ' | ')} |", f"| {rule} |"]
    lines += [f"| {' | '.join(safe(cell).strip() or ' ' for cell in row)} |" for row in rows]
    return Markup("\n".join(lines) + "\n")


def facts(rows: Iterable[tuple[object, object]]) -> Markup:
    """Return names and values as a table without a head: an empty head is what the style knows it by."""
    return table(("", ""), ((fill("**{}**", name), value) for name, value in rows), align="ll")


_TICKED = re.compile(r"`([^`]+)`")


def prose(text: str) -> Markup:
    """Return a sentence of ours or of a linter in which backticks mean code; all else is escaped.

    Example:
        >>> prose("use `x` <b>")
        'use <code>x</code> &#60;b&#62;'
    """
    pieces = _TICKED.split(text)
    return join(code(piece) if number % 2 else safe(piece) for number, piece in enumerate(pieces))


def paragraphs(*parts: object) -> Markup:
    """Return blocks with an empty line between them; empty ones are left out."""
    return Markup("\n\n".join(shown for part in parts if (shown := safe(part).strip("\n"))) + "\n")
