"""Text from a repository made harmless in Markdown."""

from __future__ import annotations

import re

from overt.system.text import plain_text

_MOST = 800
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>])")


def one_line(text: str) -> str:
    r"""Return text on one line, line ends and tabs shown as `\n` and `\t`.

    Example:
        >>> print(one_line("a\nb"))
        a\nb
    """
    return plain_text(text).replace("\n", "\\n").replace("\t", "\\t")


def clipped(text: str) -> str:
    """Return text that is no longer than anybody reads; what is cut is counted.

    Example:
        >>> clipped("a" * 1_000)[-21:]
        'aaa... (200 more cut)'
    """
    return text if len(text) <= _MOST else f"{text[:_MOST]}... ({len(text) - _MOST:,} more cut)"


def words(text: str) -> str:
    """Return text that Markdown and HTML show as it is: no link, no mention, no tag, no heading.

    Example:
        >>> print(words("<b>@team</b> [x](y)"))
        &lt;b\\>&#64;team&lt;/b\\> \\[x\\]\\(y\\)
    """
    text = one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace("@", "&#64;")
    # Entities are made of `&`, letters, `#` and `;`; their `#` must not be escaped.
    return re.sub(r"&\\#64;", "&#64;", _SPECIAL.sub(r"\\\1", text))


def code(text: str) -> str:
    """Return text as a code span, whatever backticks it holds.

    Example:
        >>> print(code("a`b"))
        ``a`b``
    """
    text = one_line(text) or " "
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"
