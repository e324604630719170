"""Sentences that assert what could be checked, without a link to what checks it.

Low false alarms matter more than completeness: a pattern is here because readers take it for a measurement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from overt.audit.assertion_patterns import HEDGED, PATTERNS, SAID, STANDING, Grade, Pattern
from overt.audit.assertion_reports import REPORTED
from overt.audit.links import scheme_of
from overt.audit.references.mentions import is_history
from overt.markdown import Document, Prose
from overt.model import Location


@dataclass(frozen=True, slots=True)
class Unbacked:
    """An assertion without evidence.

    Args:
        text: The words that assert.
        location: Where they stand.
        grade: `certain` when readers can only take it for a measurement, else `likely`.
        kind: What sort of thing is asserted.
        hint: What would back it.
    """

    text: str
    location: Location
    grade: Grade
    kind: str
    hint: str


_TASK = re.compile(r"\s*\[[xX]\]\s+(\S+\s+\S+\s+\S.*)", re.DOTALL)
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\[✅✔])|\n(?=\s*\n)")


def unbacked(document: Document, path: str) -> list[Unbacked]:
    """Return the assertions of a document that no link backs.

    Args:
        document: A scanned document.
        path: Its file, relative to the root, POSIX.

    Example:
        >>> from overt.markdown import scan
        >>> [one.text for one in unbacked(scan("It is 30 % faster. If all tests pass, go on."), "a.md")]
        ['30 % faster']
    """
    if is_history(path):
        return []
    backed = [(link.start, link.end) for link in document.links if scheme_of(link.target)]
    found = [one for prose in document.prose for one in _in_prose(document, prose, path, backed)]
    return sorted(found, key=lambda one: one.location)


def _in_prose(document: Document, prose: Prose, path: str, backed: list[tuple[int, int]]) -> Iterator[Unbacked]:
    task = _TASK.match(prose.text) if prose.kind == "item" else None
    if task and not _overlaps(prose.start, prose.end, backed):
        yield _made(document, prose.start, task[1].split("\n")[0].strip(), path, _TICKED)
    if prose.kind == "cell" and prose.row_head and SAID.fullmatch(prose.text) and STANDING.search(prose.column_head):
        if not _overlaps(prose.start, prose.end, backed):
            yield _made(document, prose.start, f"{prose.row_head}: {prose.text}", path, _STATED)
        return
    for first, last in _sentences(prose.text):
        sentence = prose.text[first:last]
        if _overlaps(prose.start + first, prose.start + last, backed):
            continue
        hedged = bool(HEDGED.search(sentence))
        taken: list[tuple[int, int]] = []
        for pattern in (*PATTERNS, *REPORTED):
            match = pattern.words.search(sentence)
            if match is None or (hedged and pattern.kind != "tick") or _overlaps(match.start(), match.end(), taken):
                continue
            if pattern.kind == "tick":
                taken.append((first, last))
                yield from _tick(document, prose, first + match.start(), sentence, path, pattern)
                continue
            taken.append(match.span())
            yield _made(document, prose.start + first + match.start(), match[0].strip(" .:|!"), path, pattern)


_STATED = Pattern("readiness", "likely", _TASK, "link what shows that it is so: [text](claim:NAME)")
_TICKED = Pattern("task", "likely", _TASK, "link what shows that it is done: [text](claim:NAME)")


def _tick(document: Document, prose: Prose, at: int, sentence: str, path: str, pattern: Pattern) -> Iterator[Unbacked]:
    """Yield a tick; one alone in a cell counts when its column is about how things stand, not about features."""
    text = sentence
    if prose.kind == "cell" and not re.search(r"\w{3}", sentence):
        if not STANDING.search(prose.column_head):
            return
        text = f"{prose.row_head}: {sentence}"
    yield _made(document, prose.start + at, text, path, pattern)


def _made(document: Document, offset: int, text: str, path: str, pattern: Pattern) -> Unbacked:
    line, column = document.place(offset)
    short = " ".join(re.sub("\ufffc+", "…", text).split())
    short = short if len(short) <= 100 else f"{short[:99]}…"
    return Unbacked(short, Location(path, line, column), pattern.grade, pattern.kind, pattern.hint)


def _overlaps(start: int, end: int, ranges: list[tuple[int, int]]) -> bool:
    return any(first < end and start < last for first, last in ranges)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for end in _END.finditer(text):
        yield at, end.start()
        at = end.end()
    yield at, len(text)
