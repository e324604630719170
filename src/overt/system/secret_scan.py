"""Whether many texts hold a secret: one look at all of them, which nearly always says that none does."""

from __future__ import annotations

from collections.abc import Iterable

from overt.system.secret_shapes import FAMILIES, Family


def holds_secret(text: str, pieces: str = "") -> bool:
    """Tell whether `masked` would change a text of many lines; far cheaper than to mask it.

    Only the lines that hold a literal of a family are given to its pattern: few of very many, where most are names.

    Args:
        text: The text.
        pieces: Where the literals are looked for: its lines cut at `::`, of which no literal holds more than a half, so
            that a piece which recurs needs to be there once only; the text itself when empty.

    Example:
        >>> holds_secret("tests/test_token.py\\ntests/test_key.py"), holds_secret("a\\ntoken=8bd1f5ac\\nb")
        (False, True)
    """
    pieces = (pieces or text).lower()
    lowered = ""
    for family in FAMILIES:
        if not any(sign in text for sign in family.signs):
            continue
        for literal in family.literals:
            if literal in pieces:
                lowered = lowered or text.lower()
                if _holds(family, literal, text, lowered):
                    return True
    return False


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
