"""The case explorer: every test with its outcome; failures stand in the page itself, the rest is loaded on demand."""

from __future__ import annotations

from collections import Counter
from operator import itemgetter
from types import MappingProxyType

import msgspec

from overt.evidence.records import TestCase
from overt.site.inputs import SiteInputs
from overt.site.marks import outcome_mark
from overt.site.markup import Markup, block, code, fill, join, paragraphs, safe
from overt.site.pages.common import details, front
from overt.site.paths import DATA
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


def last_attempts(inputs: SiteInputs) -> list[tuple[str, TestCase]]:
    """Return every test's last attempt with the title of its suite, the bad ones first."""
    found: list[tuple[int, str, str, TestCase]] = []
    for view in inputs.suites:
        last: dict[str, TestCase] = {}
        for test in view.of(TestCase):
            known = last.get(test.name)
            if known is None or known.attempt <= test.attempt:
                last[test.name] = test
        title = view.summary.title
        found += [(_RANK[test.outcome], title, name, test) for name, test in last.items()]
    found.sort(key=itemgetter(0, 1, 2))
    return [(title, test) for _, title, _, test in found]


def _script(function: str, *values: object) -> bytes:
    """Data as a script: the only form that a page opened from disk may load. `</` and line separators are escaped."""
    encoded = b",".join(msgspec.json.encode(value) for value in values)
    for raw, written in ((b"<", b"\\u003c"), ("\u2028".encode(), b"\\u2028"), ("\u2029".encode(), b"\\u2029")):
        encoded = encoded.replace(raw, written)
    return f"window.{function}(".encode() + encoded + b");\n"


def data(inputs: SiteInputs) -> dict[str, bytes]:
    """Return the files with all cases, column by column, and the failure texts in chunks.

    Columns: `suites` and `files` are tables of names; for each test `s` and `f` are indices into them, `n` is the
    name after the file, `o` the outcome's number, `d` its microseconds, `m` its message, `x` the place of its
    text (-1 for none).
    """
    tests = last_attempts(inputs)
    suites = sorted({suite for suite, _ in tests})
    split = [test.name.partition("::") for _, test in tests]
    files = sorted({head for head, mark, _ in split if mark})
    suite_at, file_at = {name: at for at, name in enumerate(suites)}, {name: at for at, name in enumerate(files)}
    texts: list[str] = []
    places: list[int] = []
    for _, test in tests:
        text = _cut(test.detail, _TEXT) if test.detail else ""
        places.append(len(texts) if text else -1)
        texts += [text] if text else []
    columns = {
        "s": [suite_at[suite] for suite, _ in tests],
        "f": [file_at[head] if mark else -1 for head, mark, _ in split],
        "n": [plain_text(tail if mark else head) for head, mark, tail in split],
        "o": [_RANK[test.outcome] for _, test in tests],
        "d": [test.duration_ns // 1_000 for _, test in tests],
        "m": [plain_text(test.message) for _, test in tests],
        "x": places,
    }
    whole = {
        "outcomes": OUTCOMES,
        "suites": [plain_text(name) for name in suites],
        "files": [plain_text(name) for name in files],
        "chunk": _CHUNK,
        **columns,
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


def _failures(tests: list[tuple[str, TestCase]]) -> Markup:
    failed = [(suite, test) for suite, test in tests if test.outcome in {"failed", "error"}]
    if not failed:
        return Markup("No test failed.") if tests else Markup("")
    named = [
        fill("<li>{} {} <small>{}</small></li>", outcome_mark(test.outcome), code(test.name), suite)
        for suite, test in failed[_WITH_TEXT : _WITH_TEXT + _NAMED]
    ]
    rest = len(failed) - _WITH_TEXT - _NAMED
    return paragraphs(
        *[_failure(suite, test) for suite, test in failed[:_WITH_TEXT]],
        fill("<ul>{}</ul>", join(named)) if named else Markup(""),
        fill("And {} more, listed above when scripts are allowed.", rest) if rest > 0 else Markup(""),
    )


def cases(inputs: SiteInputs) -> Markup:
    """Return the page of the explorer."""
    tests = last_attempts(inputs)
    counted = Counter(str(test.outcome) for _, test in tests)
    marks = join(
        fill("<span>{} {}</span>", outcome_mark(outcome), f"{counted[outcome]:,}")
        for outcome in OUTCOMES
        if counted[outcome]
    )
    return paragraphs(
        front("Cases", f"Every test of {inputs.project} with its outcome, duration and failure text.", search=False),
        Markup("# Cases"),
        fill('<p class="ov-tally">{}</p>', marks) if tests else safe("No test has been recorded yet."),
        fill('<div id="ov-cases" data-count="{}"></div>', len(tests)) if tests else Markup(""),
        fill("## Failures"),
        _failures(tests) if tests else safe("There is nothing to fail."),
        fill("{}, counted by their last attempt.", count(len(tests), "test")) if tests else Markup(""),
    )
