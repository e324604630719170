"""Tables of Markdown, cut into their cells."""

from __future__ import annotations

import re
from itertools import pairwise

_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")

_DIVIDER = re.compile(r"\\.|(?P<ticks>`+)(?!`)[^`]*(?<!`)(?P=ticks)(?!`)|`+|(?P<bar>\|)")


def is_rule(line: str) -> bool:
    """Tell whether a line is the one between the head of a table and its rows.

    Example:
        >>> is_rule("| --- | :-: |"), is_rule("---"), is_rule("a | b")
        (True, False, False)
    """
    return "|" in line and len(line) < 2_000 and bool(_RULE.fullmatch(line))


def cells(line: str) -> list[tuple[int, int]]:
    r"""Return the offsets of each cell of a row; an escaped bar, or one inside code, does not divide.

    An empty cell has no length.

    Example:
        >>> row = r"| a | b \| c |"
        >>> [row[start:end] for start, end in cells(row)]
        ['a', 'b \\| c']
    """
    bars = [match.start() for match in _DIVIDER.finditer(line) if match["bar"]]
    pieces = list(pairwise([-1, *bars, len(line)]))
    if bars and not line[: bars[0]].strip():
        del pieces[0]
    if bars and not line[bars[-1] + 1 :].strip() and pieces:
        del pieces[-1]
    return [_stripped(line, left + 1, right) for left, right in pieces]


def _stripped(line: str, start: int, end: int) -> tuple[int, int]:
    piece = line[start:end]
    first = start + len(piece) - len(piece.lstrip())
    return first, max(first, start + len(piece.rstrip()))
