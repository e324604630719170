"""Comments that keep the audit quiet about a place, with a reason and an end.

`<!-- overt: ignore until=2027-03-01 -- why -->` covers the block it stands in or, alone on its lines, the next one;
`ignore-file` covers the whole document.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from overt.audit.references.record import Mention, Ref, refuted
from overt.markdown import Comment, Document
from overt.model import Location

_COMMENT = re.compile(r"\s*overt:\s*ignore(?P<whole>-file)?\b(?P<rest>.*)", re.DOTALL)
_UNTIL = re.compile(r"\buntil=(\S+)")


@dataclass(frozen=True, slots=True)
class Ignores:
    """Where a document asks for silence.

    Args:
        lines: Ranges of lines, both ends included, each with the comment's own line.
        wrong: Comments that are not heeded, as refuted references.
    """

    lines: tuple[tuple[int, int, int], ...] = ()
    wrong: tuple[Ref, ...] = ()

    def covers(self, line: int) -> bool:
        """Tell whether a line is covered."""
        return any(first <= line <= last for first, last, _ in self.lines)

    def unused(self, lines: Sequence[int]) -> list[int]:
        """Return the lines of those comments that cover none of these lines."""
        return [at for first, last, at in self.lines if not any(first <= line <= last for line in lines)]


def read_ignores(document: Document, path: str, today: date) -> Ignores:
    """Read the comments of a document.

    Args:
        document: A scanned document.
        path: Its file, relative to the root, POSIX.
        today: A comment whose date lies before it is not heeded.
    """
    ranges, wrong = [], []
    for comment in document.comments:
        match = _COMMENT.fullmatch(comment.text)
        if match is None:
            continue
        problem = _problem(match["rest"], today)
        if problem:
            mention = Mention(" ".join(comment.text.split())[:120], Location(path, comment.line, 1), "code")
            wrong.append(refuted("ignore", mention, problem, "<!-- overt: ignore until=YYYY-MM-DD -- reason -->"))
        elif match["whole"]:
            ranges.append((1, len(document.line_starts), comment.line))
        else:
            ranges.append((*_covered(document, comment), comment.line))
    return Ignores(tuple(ranges), tuple(wrong))


def _problem(rest: str, today: date) -> str:
    settings, dashes, reason = rest.partition("--")
    until = _UNTIL.search(settings)
    if not dashes or not reason.strip():
        return "an ignore comment needs a reason"
    if until is None:
        return "an ignore comment needs an end"
    try:
        end = date.fromisoformat(until[1])
    except ValueError:
        return f"{until[1]} is not a date"
    return f"the ignore comment ended on {end}" if end < today else ""


def _covered(document: Document, comment: Comment) -> tuple[int, int]:
    last_line = document.place(comment.end)[0]
    lines = document.text.split("\n")
    before = lines[comment.line - 1][: document.place(comment.start)[1] - 1]
    after = lines[last_line - 1][document.place(comment.end)[1] - 1 :]
    if before.strip() or after.strip():
        return comment.line, last_line
    first = last_line
    while first < len(lines) and not lines[first].strip():
        first += 1
    last = first
    fence = next((fence for fence in document.fences if fence.line == first + 1), None)
    if fence is not None:
        return comment.line, document.place(fence.end)[0]
    while last < len(lines) and lines[last].strip():
        last += 1
    return comment.line, last
