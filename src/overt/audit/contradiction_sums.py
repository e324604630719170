"""Numbers that their own parts contradict: totals of tables and of tests, shares beside their counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Literal

from overt.markdown import Document, Prose
from overt.model import Location

_N = r"(?<![\w.,/:-])(\d{1,3}(?:,\d{3})+|\d{1,9})"
_PERCENT = (
    r"(?P<between>[^().!?;|%\d]{0,40})\(?\s*(?P<about>about |~ ?|≈ ?|around |over |nearly |almost )?"
    r"(?P<share>\d{1,3}(?:\.(?P<decimals>\d{1,4}))?) ?%"
)
_SHARE = re.compile(
    rf"{_N}(?:/| of | out of | \w+ of | \w+ out of )(?:the |all )?(\d{{1,3}}(?:,\d{{3}})+|\d{{1,9}}){_PERCENT}",
    re.IGNORECASE,
)
_OF = re.compile(rf"\bof (?:the |all )?{_N} \w+,? (\d{{1,3}}(?:,\d{{3}})+|\d{{1,9}}){_PERCENT}", re.IGNORECASE)
_TESTS = re.compile(rf"{_N} tests\b[^.!?|]*", re.IGNORECASE)
_PARTS = {
    name: re.compile(rf"(\d{{1,3}}(?:,\d{{3}})+|\d{{1,9}}) (?:tests? )?{name}\b", re.IGNORECASE)
    for name in ("passed", "failed", "skipped", "excluded", "errors?", "pending", "xfailed")
}
_RATE = re.compile(r"[^.!?|\d%]{0,30}(?P<share>\d{1,3}(?:\.(?P<decimals>\d{1,4}))?) ?%")
_PART_HEAD = re.compile(r"(?:passed|failed|skipped|excluded|errors?|pending|xfailed|failures)", re.IGNORECASE)
_WHOLE_HEAD = re.compile(r"(?:total|tests|all|total tests|tests total|count)", re.IGNORECASE)
_TOTAL = re.compile(r"\W*(?:grand |overall )?(?:total|sum|totals|altogether|all)\W*", re.IGNORECASE)
_NOT_ADDED = re.compile(
    r"%|rate|average|mean|median|p\d\d|ratio|version|line|id|#|no\.?|max|min|coverage|score|speed|year|date|port|percent|unique|"
    r"distinct|time|latency|duration|ms\b|seconds",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"[*_`]*(\d{1,3}(?:,\d{3})+|\d{1,9})[*_`]*")
_MOST_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class Wrong:
    """A number that does not follow from the numbers beside it."""

    text: str
    location: Location
    against: Literal["sum", "share"]
    reason: str


def wrong_shares(document: Document, path: str) -> Iterator[Wrong]:
    """Yield percentages that are not those of the counts beside them, and sums of tests that do not add up.

    Args:
        document: A scanned document.
        path: Its file, relative to the root, POSIX.
    """
    for prose in document.prose:
        for match in _SHARE.finditer(prose.text):
            yield from _share(document, prose, match, path, _number(match[1]), _number(match[2]))
        for match in _OF.finditer(prose.text):
            yield from _share(document, prose, match, path, _number(match[2]), _number(match[1]))
        for match in _TESTS.finditer(prose.text):
            yield from _tests(document, prose, match, path)


def _share(document: Document, prose: Prose, match: re.Match[str], path: str, part: int, whole: int) -> Iterator[Wrong]:
    if (
        not whole
        or part > whole
        or match["about"]
        or re.search(r"[\n]\s*\n|\b(?:or|vs|faster|more)\b", match["between"])
    ):
        return
    exact, decimals = Fraction(part * 100, whole), len(match["decimals"] or "")
    # Rounded or cut off, both are customary.
    if abs(exact - Fraction(match["share"])) < Fraction(1, 10**decimals):
        return
    told = f"{part:,} of {whole:,} is {float(exact):.1f} %"
    # A share of the rest is no mistake.
    if abs(100 - exact - Fraction(match["share"])) < Fraction(1, 10**decimals):
        return
    yield Wrong(" ".join(match[0].split()), _place(document, prose, match.start("share"), path), "share", told)


def _tests(document: Document, prose: Prose, match: re.Match[str], path: str) -> Iterator[Wrong]:
    parts = {name: [_number(each) for each in pattern.findall(match[0])] for name, pattern in _PARTS.items()}
    if any(len(found) > 1 for found in parts.values()) or not (parts["passed"] and parts["failed"]):
        return
    whole, total = _number(match[1]), sum(found[0] for found in parts.values() if found)
    yield from _rate(document, prose, match, path, parts["passed"][0], whole)
    if total != whole:
        text = " ".join(match[0].split())[:100]
        yield Wrong(
            text, _place(document, prose, match.start(), path), "sum", f"its parts add up to {total:,}, not {whole:,}"
        )


def _rate(
    document: Document, prose: Prose, match: re.Match[str], path: str, passed: int, whole: int
) -> Iterator[Wrong]:
    """Yield the percentage behind the parts when it is that of none of them."""
    last = max(part.end() for pattern in _PARTS.values() for part in pattern.finditer(match[0]))
    rate = _RATE.match(prose.text, match.start() + last)
    if rate is None or not 0 < whole >= passed:
        return
    exact, told = Fraction(passed * 100, whole), Fraction(rate["share"])
    unit = Fraction(1, 10 ** len(rate["decimals"] or ""))
    if abs(exact - told) >= unit and abs(100 - exact - told) >= unit:
        text = " ".join(prose.text[match.start() : rate.end()].split())[:100]
        reason = f"{passed:,} of {whole:,} is {float(exact):.1f} %"
        yield Wrong(text, _place(document, prose, rate.start("share"), path), "share", reason)


def _wrong_rows(lines: list[list[Prose]], document: Document, path: str) -> Iterator[Wrong]:
    """Yield the totals of rows that are not the sum of what passed, failed and the like beside them."""
    head, *rows = lines
    parts = [place for place, cell in enumerate(head) if _PART_HEAD.fullmatch(cell.text.strip())]
    wholes = [place for place, cell in enumerate(head) if _WHOLE_HEAD.fullmatch(cell.text.strip())]
    if len(parts) < 2 or len(wholes) != 1:
        return
    for row in rows:
        values = [_WHOLE.fullmatch(row[place].text.strip()) for place in (*parts, *wholes) if place < len(row)]
        whole = [_number(value[1]) for value in values if value is not None]
        if len(whole) == len(parts) + 1 and sum(whole[:-1]) != whole[-1]:
            cell, reason = row[wholes[0]], f"its parts add up to {sum(whole[:-1]):,}, not {whole[-1]:,}"
            yield Wrong(cell.text.strip(), _place(document, cell, 0, path), "sum", reason)


def wrong_totals(document: Document, path: str) -> Iterator[Wrong]:
    """Yield the totals of tables that are not the sum of their rows, or of the parts beside them.

    Args:
        document: A scanned document.
        path: Its file, relative to the root, POSIX.
    """
    for table in _tables(document):
        lines = [list(cells) for _, cells in groupby(table, key=lambda cell: cell.line)]
        if 1 < len(lines) <= _MOST_ROWS:
            yield from _wrong_rows(lines, document, path)
        if len(lines) < 4 or len(lines) > _MOST_ROWS:
            continue
        head, *rows, last = lines
        if not _TOTAL.fullmatch(last[0].text.strip()) or any(_TOTAL.fullmatch(row[0].text.strip()) for row in rows):
            continue
        for column in range(1, min(len(head), *(len(row) for row in (*rows, last)))):
            values = [_WHOLE.fullmatch(row[column].text.strip()) for row in (*rows, last)]
            whole = [_number(value[1]) for value in values if value is not None]
            if len(whole) < len(values) or _NOT_ADDED.search(head[column].text):
                continue
            total = sum(whole[:-1])
            if total != whole[-1]:
                cell = last[column]
                reason = f"the rows of the column {head[column].text.strip()!r} add up to {total:,}"
                yield Wrong(cell.text.strip(), _place(document, cell, 0, path), "sum", reason)


def _tables(document: Document) -> Iterator[list[Prose]]:
    found: list[Prose] = []
    for prose in document.prose:
        if prose.kind == "cell":
            # A head follows the line of a table before it by more than one line.
            if found and prose.line > found[-1].line + 2:
                yield found
                found = []
            found.append(prose)
        elif found:
            yield found
            found = []
    if found:
        yield found


def _place(document: Document, prose: Prose, offset: int, path: str) -> Location:
    line, column = document.place(prose.start + offset)
    return Location(path, line, column)


def _number(written: str) -> int:
    return int(written.replace(",", ""))
