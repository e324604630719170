"""The slowest tests and suites."""

from __future__ import annotations

from collections import Counter
from heapq import nlargest

from overt.evidence.records import TestCase
from overt.site.inputs import SiteInputs, SuiteView
from overt.site.marks import outcome_mark, state_mark
from overt.site.markup import Markup, code, fill, link, paragraphs, table
from overt.site.pages.cases import Listed, address
from overt.site.pages.common import front
from overt.site.paths import CASES, SLOWEST, evidence_page, relative
from overt.system.units import count, duration

_TESTS = 50
_FILES = 20


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "–"


def _suite_row(view: SuiteView) -> tuple[object, ...]:
    summary = view.summary
    tests = [test.duration_ns for test in view.of(TestCase)]
    return (
        state_mark(summary.verdict.state),
        link(summary.title, relative(SLOWEST, evidence_page(view.name))),
        duration(summary.duration_ns),
        f"{len(tests):,}" if tests else "–",
        duration(sum(tests)) if tests else "–",
        duration(max(tests)) if tests else "–",
    )


def _suites(inputs: SiteInputs) -> Markup:
    ran = sorted((view for view in inputs.suites if view.summary.run), key=lambda view: -view.summary.duration_ns)
    heads = ("State", "Suite", "Took", "Tests", "Time in tests", "Longest test")
    return paragraphs(Markup("## Suites"), table(heads, map(_suite_row, ran), align="llrrrr"))


def _tests(told: Listed) -> Markup:
    times = [test.duration_ns for test in told.tests]
    least, whole = nlargest(_TESTS, times)[-1], sum(times)
    slow_enough = [place for place, time in enumerate(times) if time >= least]
    places = sorted(slow_enough, key=lambda place: (-times[place], place))[:_TESTS]
    slow = sum(times[place] for place in places)
    rows = [
        (
            duration(told.tests[place].duration_ns),
            link(code(told.tests[place].name), relative(SLOWEST, CASES) + address(told, place)),
            told.titles[told.suites[place]],
            outcome_mark(told.tests[place].outcome),
        )
        for place in places
    ]
    return paragraphs(
        Markup("## Tests"),
        fill(
            "The slowest {} of {} take {} of the time that all of them take, {}.",
            f"{len(places):,}",
            count(len(told.tests), "test"),
            _share(slow, whole),
            duration(whole),
        ),
        table(("Time", "Test", "Suite", "Outcome"), rows, align="rlll"),
    )


def _files(told: Listed) -> Markup:
    if len(told.files) < 2:
        return Markup("")
    spent = [0] * len(told.files)
    for place, test in zip(told.places, told.tests, strict=True):
        if place >= 0:
            spent[place] += test.duration_ns
    number = Counter(told.places)
    slowest = nlargest(_FILES, range(len(spent)), key=lambda place: (spent[place], told.files[place]))
    rows = [(duration(spent[place]), code(told.files[place]), f"{number[place]:,}") for place in slowest]
    return paragraphs(Markup("## Files"), table(("Time", "File or class", "Tests"), rows, align="rlr"))


def slowest(inputs: SiteInputs, told: Listed) -> Markup:
    """Return the page.

    Args:
        inputs: What the site is made from.
        told: Every test.
    """
    return paragraphs(
        front("Slowest", f"Which suites, files and tests of {inputs.project} take the most time.", search=False),
        Markup("# Slowest"),
        _suites(inputs),
        _tests(told),
        _files(told),
        Markup("## Method and limits"),
        Markup(
            "Times are those of the latest run of each suite, as its runner measured them, with set-up and tear-down "
            "where it counts them, on whatever machine that was. They are single measurements: they say where time "
            "goes, not whether something got slower. Tests that run beside one another take more time together than "
            "their suite."
        ),
    )
