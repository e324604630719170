"""The case explorer: every test with its outcome; failures stand in the page itself, the rest is loaded on demand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from operator import attrgetter
from types import MappingProxyType
from urllib.parse import quote

import msgspec

from overt.evidence.records import TestCase
from overt.evidence.tally import distinct
from overt.site.inputs import SiteInputs
from overt.site.marks import outcome_mark
from overt.site.markup import Markup, block, code, fill, join, paragraphs, safe
from overt.site.pages.common import details, front
from overt.site.paths import CASES, DATA
from overt.system.text import plain_text
from overt.system.units import count, duration

OUTCOMES = ("failed", "error", "xpassed", "xfailed", "skipped", "passed")
"""The order in which outcomes are shown and numbered in the data."""

_RANK = MappingProxyType({outcome: rank for rank, outcome in enumerate(OUTCOMES)})

_WITH_TEXT = 50
"""Failures whose text stands in the page; the next ones are named, and all of them are in the data."""

_NAMED = 500
_TEXT = 8_000
"""Characters of a failure text kept for the page."""

_CHUNK = 200
"""Failure texts in one data file."""


def _cut(text: str, limit: int) -> str:
    plain = plain_text(text)
    return plain if len(plain) <= limit else f"{plain[:limit]}\n[... {len(plain) - limit:,} characters left out ...]"


@dataclass(frozen=True, slots=True)
class Listed:
    """Every test of the latest runs by its last attempt, the bad ones first, then by suite and name.

    Args:
        titles: Titles of their suites.
        names: Names of these.
        tests: The tests.
        suites: For each of them the number of its suite.
        counted: How many have which outcome.
        files: What stands before the first `::` of their names, each once.
        places: For each test the number of that; -1 when there is no such sign.
        rest: For each test what stands after it.
    """

    titles: tuple[str, ...]
    names: tuple[str, ...]
    tests: tuple[TestCase, ...]
    suites: tuple[int, ...]
    counted: Mapping[str, int]
    files: tuple[str, ...]
    places: tuple[int, ...]
    rest: tuple[str, ...]


def listed(inputs: SiteInputs) -> Listed:
    """Return every test with its suite; there may be very many, so that pages share what this returns.

    Args:
        inputs: What the site is made from.
    """
    views = sorted((view for view in inputs.suites if view.of(TestCase)), key=lambda view: view.summary.title)
    tests: dict[str, list[TestCase]] = {outcome: [] for outcome in OUTCOMES}
    suites: dict[str, list[int]] = {outcome: [] for outcome in OUTCOMES}
    for number, view in enumerate(views):
        last = sorted(_last_attempts(view.of(TestCase)), key=attrgetter("name"))
        others = [test for test in last if test.outcome != "passed"]
        for outcome in OUTCOMES:
            among = last if outcome == "passed" else others
            some = [test for test in among if test.outcome == outcome]
            tests[outcome] += some
            suites[outcome] += [number] * len(some)
    titles, names = tuple(view.summary.title for view in views), tuple(view.name for view in views)
    counted = {outcome: len(some) for outcome, some in tests.items()}
    return in_columns(titles, names, [*chain(*tests.values())], [*chain(*suites.values())], counted)


def in_columns(
    titles: tuple[str, ...],
    names: tuple[str, ...],
    tests: Sequence[TestCase],
    suites: Sequence[int],
    counted: Mapping[str, int],
) -> Listed:
    """Return tests with their names taken apart; the arguments are as `Listed` has them."""
    heads = [test.name.partition("::")[0] if "::" in test.name else None for test in tests]
    rest = [test.name.partition("::")[2] if "::" in test.name else test.name for test in tests]
    files = [head for head in dict.fromkeys(heads) if head is not None]
    number: dict[str | None, int] = {head: place for place, head in enumerate(files)}
    number[None] = -1
    return Listed(
        titles,
        names,
        tuple(tests),
        tuple(suites),
        counted,
        tuple(files),
        tuple(map(number.__getitem__, heads)),
        tuple(rest),
    )


def _last_attempts(tests: list[TestCase]) -> Iterable[TestCase]:
    if distinct([test.name for test in tests]):
        return tests
    last: dict[str, TestCase] = {}
    for test in tests:
        known = last.get(test.name)
        if known is None or known.attempt <= test.attempt:
            last[test.name] = test
    return last.values()


def _plain_all(texts: list[str]) -> list[str]:
    """Return texts without what is not to be shown; of very many, nearly always all are plain already."""
    return texts if "".join(texts).isprintable() else [plain_text(text) for text in texts]


def _script(function: str, *values: object) -> bytes:
    """Data as a script: the only form that a page opened from disk may load. `</` and line separators are escaped."""
    encoded = b",".join(msgspec.json.encode(value) for value in values)
    for raw, written in ((b"<", b"\\u003c"), ("\u2028".encode(), b"\\u2028"), ("\u2029".encode(), b"\\u2029")):
        encoded = encoded.replace(raw, written)
    return f"window.{function}(".encode() + encoded + b");\n"


def data(told: Listed) -> dict[str, bytes]:
    """Return the files with all cases, column by column, and the failure texts in chunks.

    Columns: `suites`, `ids` and `files` are tables of titles, names and files; for each test `s` and `f` are places in
    them, `n` is the name after the file, `o` the outcome's number, `d` its microseconds, `m` its message, `x` the place
    of its text (-1 for none).

    Args:
        told: The tests.
    """
    texts: list[str] = []
    places = [-1] * len(told.tests)
    for number, test in enumerate(told.tests):
        if test.detail and (text := _cut(test.detail, _TEXT)):
            places[number] = len(texts)
            texts.append(text)
    whole = {
        "outcomes": OUTCOMES,
        "suites": _plain_all(list(told.titles)),
        "ids": _plain_all(list(told.names)),
        "files": _plain_all(list(told.files)),
        "chunk": _CHUNK,
        "s": told.suites,
        "f": told.places,
        "n": _plain_all(list(told.rest)),
        "o": list(chain.from_iterable([_RANK[name]] * told.counted[name] for name in OUTCOMES)),
        "d": [test.duration_ns // 1_000 for test in told.tests],
        "m": _plain_all([test.message for test in told.tests]),
        "x": places,
    }
    found = {f"{DATA}/cases.js": _script("overtCases", whole)}
    for start in range(0, len(texts), _CHUNK):
        number = start // _CHUNK
        found[f"{DATA}/cases-{number}.js"] = _script("overtTexts", number, texts[start : start + _CHUNK])
    return found


def _failure(suite: str, test: TestCase) -> Markup:
    head = fill(
        "{} {} <small>{}, {}</small>", outcome_mark(test.outcome), code(test.name), suite, duration(test.duration_ns)
    )
    text = _cut(test.detail or test.message or "It left no text.", _TEXT)
    return details(head, block(text, label="Failure text"))


def _failures(told: Listed) -> Markup:
    number = told.counted["failed"] + told.counted["error"]
    bad = [(told.titles[suite], test) for suite, test in islice(zip(told.suites, told.tests, strict=True), number)]
    if not bad:
        return Markup("No test failed.")
    named = [
        fill("<li>{} {} <small>{}</small></li>", outcome_mark(test.outcome), code(test.name), suite)
        for suite, test in bad[_WITH_TEXT : _WITH_TEXT + _NAMED]
    ]
    rest = len(bad) - _WITH_TEXT - _NAMED
    return paragraphs(
        *[_failure(suite, test) for suite, test in bad[:_WITH_TEXT]],
        fill("<ul>{}</ul>", join(named)) if named else Markup(""),
        fill("And {} more, listed above when scripts are allowed.", f"{rest:,}") if rest > 0 else Markup(""),
    )


def _explorer(told: Listed) -> Markup:
    """Return the place of the explorer; what stands in it is for readers who allow no scripts."""
    bad = told.counted["failed"] + told.counted["error"]
    others = len(told.tests) - bad
    return fill(
        '<div id="ov-cases" data-count="{}"><p>The search needs scripts, which this browser does not run. Without it, '
        "failures are listed below, and {} that did not fail {} not shown; <code>overt evidence export</code> writes "
        "them all.</p></div>",
        len(told.tests),
        count(others, "test"),
        "is" if others == 1 else "are",
    )


def address(told: Listed, place: int) -> str:
    """Return what leads from the page of the explorer to a test: `?case=SUITE/NAME`, as a part of an address.

    Args:
        told: Every test.
        place: The place of the one among them.
    """
    suite, name = told.names[told.suites[place]], plain_text(told.tests[place].name)
    written = f"?case={quote(suite, safe='')}/{quote(name, safe='/')}"
    # What looks like the name of a host would become a link of its own.
    return written.replace("www.", "www%2E").replace("WWW.", "WWW%2E")


def pages(inputs: SiteInputs, told: Listed) -> dict[str, Markup | bytes]:
    """Return the page of the explorer and its data.

    Args:
        inputs: What the site is made from.
        told: Every test.
    """
    return {CASES: _page(told, inputs), **data(told)}


def _page(told: Listed, inputs: SiteInputs) -> Markup:
    marks = join(
        fill("<span>{} {}</span>", outcome_mark(outcome), f"{told.counted[outcome]:,}")
        for outcome in OUTCOMES
        if told.counted[outcome]
    )
    some = bool(told.tests)
    return paragraphs(
        front("Cases", f"Every test of {inputs.project} with its outcome, duration and failure text.", search=False),
        Markup("# Cases"),
        fill('<p class="ov-tally">{}</p>', marks) if some else safe("No test has been recorded yet."),
        _explorer(told) if some else Markup(""),
        fill("## Failures"),
        _failures(told) if some else safe("There is nothing to fail."),
        fill("{}, counted by their last attempt.", count(len(told.tests), "test")) if some else Markup(""),
    )
