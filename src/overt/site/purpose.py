"""What a module is for, in one line of its own words."""

from __future__ import annotations

import re

_RULE = re.compile(r"([=~\-*#^\"'+.`_:])\1{2,}")
"""A line that only underlines or overlines a heading."""

_NO_PROSE = (":", "..", ">>>", "- ", "* ", "```", "|")
_ROLE = re.compile(r":[\w:+.-]+:`([^`]*)`")
_TITLED = re.compile(r"(.+?)\s*<[^>]*>")
_SENTENCE = re.compile(r".+?(?<!e\.g)(?<!i\.e)(?<!vs)(?<!cf)[.!?](?=\s+[A-Z`\"'(])")
_LIMIT = 240


def _role(found: re.Match[str]) -> str:
    target = found[1].strip()
    if titled := _TITLED.fullmatch(target):
        return titled[1]
    return f"`{target.rpartition('.')[2] if target.startswith('~') else target.lstrip('!')}`"


def summary_of(docstring: str) -> str:
    r"""Return the first sentence of a docstring on one line; its heading, where there is nothing else.

    Args:
        docstring: The docstring, its indentation taken away.

    Example:
        >>> summary_of("shop.cart\n~~~~~~~~~\n\nHolds what is bought,\nuntil it is paid. Not for orders.")
        'Holds what is bought, until it is paid.'
        >>> summary_of("Uses :class:`~shop.Cart`\n\nMore.")
        'Uses `Cart`'
    """
    heading = ""
    for paragraph in re.split(r"\n\s*\n", docstring.strip()):
        lines = [line.strip() for line in paragraph.splitlines()]
        words = " ".join(line for line in lines if not _RULE.fullmatch(line))
        if not words or words.startswith(_NO_PROSE):
            continue
        if any(map(_RULE.fullmatch, lines)):
            heading = heading or words
            continue
        return _first_sentence(_ROLE.sub(_role, words).replace("``", "`"))
    return heading


def _first_sentence(text: str) -> str:
    found = _SENTENCE.match(text)
    sentence = found[0] if found else text
    return sentence if len(sentence) <= _LIMIT else f"{sentence[:_LIMIT].rsplit(' ', 1)[0]} …"
