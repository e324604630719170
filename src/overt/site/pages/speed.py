"""Before and after: what the benchmarks decided, with the interval of each and the control beside it."""

from __future__ import annotations

from collections import Counter
from math import isfinite
from types import MappingProxyType

from overt.evidence.benchmarks import Benchmark, benchmarks
from overt.evidence.records import Sample
from overt.model import State
from overt.site.inputs import SiteInputs
from overt.site.marks import state_mark
from overt.site.markup import Markup, code, fill, join, link, paragraphs, table
from overt.site.pages.common import front, lead, measured_on
from overt.site.pages.unpaired import found_unpaired, unpaired_headline, unpaired_section
from overt.site.pages.whiskers import Whisker, whiskers
from overt.site.paths import SPEED, evidence_page, relative
from overt.system.units import count, duration
from overt.testing.ratio import Ratio, Verdict

STATES = MappingProxyType(
    {
        "faster": State.PROVED,
        "same": State.PROVED,
        "slower": State.REFUTED,
        "inconclusive": State.INCONCLUSIVE,
        "not comparable": State.CONFLICT,
        "not measured": State.UNCHECKED,
    }
)
"""How a verdict of a benchmark is marked."""

_URGENT: tuple[Verdict, ...] = ("slower", "not comparable", "not measured", "inconclusive", "same", "faster")

_METHOD = Markup(
    "The two sides are measured in turns: the baseline, the candidate, the baseline again, and the next round "
    "backwards, so that what slows the machine slows both. A ratio is the Hodges-Lehmann estimate over the rounds, "
    "its interval the exact one of Wilcoxon's signed ranks at 95 %. Only an interval that lies wholly beyond the "
    "band counts as slower or faster, only one inside it as the same. The control is the baseline against itself: "
    "where that alarms, the comparison counts for nothing. Measuring stops when the interval is narrow, not when it "
    "says something."
)


def found(inputs: SiteInputs) -> list[Benchmark]:
    """Return every benchmark of the latest runs."""
    return [one for view in inputs.suites for one in benchmarks(view.of(Sample))]


def interval(ratio: Ratio | None) -> str:
    """Return an interval in figures; a dash when there is none."""
    return f"{ratio.low:.3f} to {ratio.high:.3f}" if ratio and isfinite(ratio.high) else "–"


def headline(measured: list[Benchmark]) -> tuple[State, str]:
    """Return the worst state of the benchmarks, and how many came to what."""
    counted = Counter(one.verdict for one in measured)
    worst = next(verdict for verdict in _URGENT if counted[verdict])
    said = ", ".join(f"{counted[verdict]} {verdict}" for verdict in _URGENT if counted[verdict])
    return STATES[worst], f"{count(len(measured), 'benchmark')}: {said}"


def _row(one: Benchmark) -> tuple[object, ...]:
    ratio = one.ratio
    return (
        state_mark(STATES[one.verdict], word=one.verdict),
        fill(
            "{}<br><small>{} against {}, {}</small>",
            code(one.name),
            one.candidate,
            one.baseline,
            count(ratio.pairs if ratio else 0, "round"),
        ),
        duration(round(one.baseline_ns)) if one.baseline_ns else "–",
        duration(round(one.candidate_ns)) if one.candidate_ns else "–",
        fill("**{}**<br><small>{}</small>", f"{ratio.value:.3f}", interval(ratio)) if ratio else "–",
        fill("<small>{}</small>", interval(one.control)),
    )


def _chart(measured: list[Benchmark]) -> Markup:
    rows = [
        Whisker(one.name, one.ratio.low, one.ratio.value, one.ratio.high, STATES[one.verdict].value)
        for one in measured
        if one.ratio and isfinite(one.ratio.high)
    ]
    band = max((one.band for one in measured), default=0.0)
    return whiskers(rows, band=band) if rows else Markup("")


def any_measured(inputs: SiteInputs) -> bool:
    """Tell whether there is anything to show: benchmarks in pairs, or what other tools have measured."""
    return bool(found(inputs) or found_unpaired(inputs))


def speed(inputs: SiteInputs) -> Markup:
    """Return the page of before and after."""
    measured, others = found(inputs), found_unpaired(inputs)
    state, text = headline(measured) if measured else unpaired_headline(others)
    suites = dict.fromkeys([*(one.suite for one in measured), *(one.suite for one in others)])
    evidence = join([link(name, relative(SPEED, evidence_page(name))) for name in suites], ", ")
    return paragraphs(
        front("Before and after", f"What got slower or faster in {inputs.project}, with intervals."),
        Markup("# Before and after"),
        lead(
            state,
            f"{text}.",
            "A ratio below 1 is faster than before." if measured else "",
            measured_on(SPEED, (view for view in inputs.suites if view.name in suites)),
        ),
        _paired(measured) if measured else Markup(""),
        unpaired_section(others) if others else Markup(""),
        paragraphs(Markup("## Method and limits"), _METHOD, _limits(measured)) if measured else Markup(""),
        fill("Every measurement is in the evidence: {}.", evidence),
    )


def _paired(measured: list[Benchmark]) -> Markup:
    """Return what was measured in turns: as a chart, as a table, and why some of it decides nothing."""
    reasons = [fill("- {}: {}", code(one.name), one.reason) for one in measured if one.reason]
    heads = ("Verdict", "Benchmark", "Before", "After", "Ratio", "Control")
    return paragraphs(
        _chart(measured),
        table(heads, [_row(one) for one in measured], align="llrrrr"),
        paragraphs(Markup("## What decides nothing, and why"), join(reasons, "\n")) if reasons else Markup(""),
    )


def _limits(measured: list[Benchmark]) -> Markup:
    bands = " or ".join(f"{100 * band:g} %" for band in sorted({one.band for one in measured}))
    return fill("Here the band is {}, and times are {}.", bands, _clocks(measured))


def _clocks(measured: list[Benchmark]) -> str:
    return " or ".join(sorted({f"{one.clock} time" for one in measured}))
