"""Whether many texts hold a secret: one look at all of them, which nearly always says that none does."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable

from overt.system.secret_shapes import FAMILIES, Family

_DIGITS = string.digits.encode()
_JOINED = string.ascii_letters.encode() + b"_-"
_TO_WORDS = bytes(code if code in _JOINED or code > 0x7F else 0x20 for code in range(256))
_TO_LETTERS = bytes(0x20 if code in b"_-" else code for code in range(256))


def _fragment(literal: str) -> bytes:
    """Return the longest run of letters in a literal, with a space where something else stands beside it."""
    letters = re.sub(r"[^a-z]", " ", re.sub(r"[0-9]", "", literal))
    runs: list[str] = re.findall(r" ?[a-z]+ ?", letters)
    return max(runs, key=lambda run: len(run.strip()), default="").encode()


_FRAGMENTS = {literal: _fragment(literal) for family in FAMILIES for literal in family.literals}


def holds_secret(text: str) -> bool:
    """Tell whether `masked` would change a text of many lines; far cheaper than to mask it.

    Literals are looked for when their letters are a word of the text, or the end or beginning of one; only the lines
    that hold a literal are given to its pattern: few of very many, where most are names.

    Args:
        text: The text.

    Example:
        >>> holds_secret("tests/test_token.py\\ntests/test_key.py"), holds_secret("a\\ntoken=8bd1f5ac\\nb")
        (False, True)
    """
    lowered = text.lower()
    words, assigns = _vocabulary(lowered), _assigns(text)
    for family in FAMILIES:
        if not any(sign in text for sign in family.signs) or not (assigns or family.signs != ":="):
            continue
        for literal in family.literals:
            if _FRAGMENTS[literal] in words and literal in lowered and _holds(family, literal, text, lowered):
                return True
    return False


def _vocabulary(lowered: str) -> bytes:
    """Return the words of a text, each once and without its digits, between spaces: of many names there are few."""
    data = lowered.encode("utf-8", "surrogatepass").translate(_TO_WORDS, _DIGITS)
    words = b" ".join(set(data.split())).translate(_TO_LETTERS)
    return b" %b " % b" ".join(set(words.split()))


def _assigns(text: str) -> bool:
    """Tell whether a text has a sign of assignment; `::` and `==`, which tests are full of, are none."""
    # Runs of an even length are made of these alone, and no secret stands behind one.
    return any(text.count(sign) != 2 * text.count(sign * 2) for sign in ":=")


def _holds(family: Family, literal: str, text: str, lowered: str) -> bool:
    # Where a letter has no lower case of one character, places in the two texts differ.
    narrow = family.lines and len(lowered) == len(text)
    suspects = "\n".join(_lines_with(family, literal, text, lowered)) if narrow else text
    return family.mask(suspects) != suspects


def _lines_with(family: Family, literal: str, text: str, lowered: str) -> Iterable[str]:
    """Yield the lines of a text whose lower-case form holds a literal with what must follow it."""
    follows, at = family.follows, lowered.find(literal)
    while at >= 0:
        end = at + 1
        if follows is None or follows.match(text, at):
            begin, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
            end = len(text) if end < 0 else end
            yield text[begin:end]
        at = lowered.find(literal, end)
