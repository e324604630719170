"""Counts of things in running text, told apart by the words that say of what."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from overt.markdown import Document, Prose
from overt.model import Location

_NUMERALS = {
    word: number
    for number, word in enumerate(
        ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), start=2
    )
}
_COUNT = re.compile(
    r"(?P<before>(?:\b(?:all|a total of|in total,?|total(?:ly|ling)?|altogether,?|overall,?|the|exactly|our|has|have|"
    r"there are|contains?|comprises?|consists? of|ships? with|includes?) ){0,3})"
    rf"(?<![\w.,/:%$#+~≈<>=≥≤v-])(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d{{1,7}}|{'|'.join(_NUMERALS)})"
    r" (?P<words>(?:[A-Za-z][\w'-]*[ ]){0,3}?(?P<noun>[A-Za-z][\w-]*s))\b(?P<after>[^.!?;:|]{0,40})",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^\W*(?:(?:total|overall)(?: number of)? (?P<noun>[a-z][\w -]*s)|(?P<other>[a-z][\w -]*s) \(total\))\W*[:=]\s*"
    r"(?P<number>\d{1,3}(?:,\d{3})+|\d{1,7})\W*$",
    re.IGNORECASE,
)
_AROUND = 400
"""How many characters in front of a number are looked at, and how long a label may be."""

_TOTAL = re.compile(r"\b(?:all|total\w*|altogether|overall|entire|in total)\b", re.IGNORECASE)
_UNSURE = re.compile(
    r"\b(?:about|around|roughly|some|nearly|almost|approx\w*|up to|at least|at most|more than|less than|fewer than|"
    r"over|under|between|from|to|of|out of|per|each|every|another|other|additional|extra|new|more|only|first|last|next|"
    r"remaining|rest|before|after|previous\w*|was|were|had|used to|old|added|adds?|removed?|reduced|increased|grew|"
    r"down|instead|if|when|should|would|could|can|may|might|must|will|example|e\.g|suppose|these|those|with|within|than|or|"
    r"and|plus|minus|phase|stage|step|week|day|version|chapter|part|top|one|both|default|limit|max\w*|min\w*|target|"
    r"goal|plan\w*)\s*\W*$",
    re.IGNORECASE,
)
"""What stands right in front of a number that is no count of a whole."""

_PARTIAL = re.compile(r"\s*(?:of|from|per|each|more|less|fewer|ago|later|added|removed|remain\w*|left|old|long|or)\b")
_NEAR = re.compile(
    r"\b(?:if|example|e\.g\.|suppose|imagine|say|per|before|after|was|each|compared|versus|vs)\b", re.IGNORECASE
)
_OUTCOME = re.compile(r"\b(?:(?P<passed>pass(?:es|ed|ing)?|green)|fail(?:s|ed|ing|ures)?)\b", re.IGNORECASE)
_STOP = re.compile(
    r"a|an|the|of|in|on|at|to|for|by|is|are|and|or|with|that|which|it|this|as|from|per|more|less|most|least|other|new|"
    r"old|different|separate|additional|remaining|skipped|possible|such|out|than|about",
    re.IGNORECASE,
)
_EVERYWHERE = frozenset(
    """
    arguments as bits bytes cases cells characters clients columns commits connections copies cores days digits elements
    entities entries events examples fields gigabytes has hours instances is items iterations its jobs kilobytes less
    levels lines megabytes messages microseconds milliseconds minutes months ms nanoseconds nodes operations options
    pages parameters parts people percent phases pixels places points ports processes reasons records requests retries
    rounds rows runs seconds spaces stages stars steps tasks things this threads times us users values versions was
    ways weeks words workers years attempts keys others does
    """.split()  # noqa: SIM905
)
"""Nouns of which any document speaks in many numbers; those that are meant as a total are compared all the same."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A count in a document.

    Args:
        subject: What is counted, in its plainest form.
        value: How many.
        total: Whether the words say that these are all.
        outcome: Whether those that passed, those that failed, or all are counted.
        text: The number with its words.
        location: Where it stands.
    """

    subject: str
    value: int
    total: bool
    outcome: Literal["passed", "failed", "total"]
    text: str
    location: Location


def counted(document: Document, path: str) -> Iterator[Counted]:
    """Yield the counts that a document states of a whole.

    Args:
        document: A scanned document.
        path: Its file, relative to the root, POSIX.
    """
    linked = sorted((link.start, link.end) for link in document.links)
    for prose in document.prose:
        label = _LABEL.search(prose.text) if len(prose.text) < _AROUND and prose.kind in {"item", "paragraph"} else None
        if label is not None:
            place = _place(document, prose, label, path)
            subject, text = _plain(label["noun"] or label["other"]), _plain(label[0])
            yield Counted(subject, _value(label["number"]), total=True, outcome="total", text=text, location=place)
        for match in _COUNT.finditer(prose.text):
            at = prose.start + match.start("number")
            link = bisect_right(linked, (at, at)) - 1
            if (link < 0 or at >= linked[link][1]) and _is_whole(prose.text, match):
                yield _of(match, _place(document, prose, match, path))


def _is_whole(text: str, match: re.Match[str]) -> bool:
    """Tell whether the words around a count leave no doubt that it is one, and of a whole."""
    start, words = match.start("number"), match["words"].split()
    first = max(0, start - _AROUND)
    begin = max(first, *(text.rfind(sign, first, start) + 1 for sign in ".!?;:\n"))
    before, total = text[begin:start], bool(_TOTAL.search(match["before"]))
    specific = len(words) > 1 or bool(re.search(r"[a-z][A-Z]", match["noun"]))
    if "\ufffc" in match[0] or not (total or (specific and words[-1].lower() not in _EVERYWHERE)):
        return False
    if _UNSURE.search(before.removesuffix(match["before"]) if total else before) or _PARTIAL.match(match["after"]):
        return False
    return not (_NEAR.search(before) or any(_STOP.fullmatch(word) for word in words))


def _of(match: re.Match[str], place: Location) -> Counted:
    words, total = match["words"].split(), bool(_TOTAL.search(match["before"]))
    said = _OUTCOME.search(" ".join([*words[:-1], match["after"]]))
    outcome: Literal["passed", "failed", "total"] = "total"
    if said is not None and not (said["passed"] and total):  # where all of them passed, there are as many
        outcome = "passed" if said["passed"] else "failed"
    subject = _plain(" ".join(word for word in words if not _OUTCOME.fullmatch(word)))
    text = f"{match['number']} {match['words']}"
    return Counted(subject, _value(match["number"]), total=total, outcome=outcome, text=text, location=place)


def _place(document: Document, prose: Prose, match: re.Match[str], path: str) -> Location:
    line, column = document.place(prose.start + match.start("number"))
    return Location(path, line, column)


def _value(written: str) -> int:
    return _NUMERALS[written.lower()] if written.lower() in _NUMERALS else int(written.replace(",", ""))


def _plain(words: str) -> str:
    return " ".join(words.lower().split())
