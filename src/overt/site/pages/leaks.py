"""Leaks: what each check measured, as a curve, and what it leaves behind with every iteration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import chain
from types import MappingProxyType
from typing import get_args

from overt.evidence.leaks import LeakCheck, leak_checks
from overt.evidence.records import Series
from overt.model import State
from overt.site.inputs import SiteInputs
from overt.site.marks import state_mark
from overt.site.markup import Markup, code, fill, join, link, paragraphs, table
from overt.site.pages.common import details, front, lead, measured_on
from overt.site.pages.curves import Line, curves
from overt.site.paths import LEAKS, evidence_page, relative, slug
from overt.system.units import bytes_text, count
from overt.testing.growth import COUNTED, FEWEST, Curve, Sort, Verdict, settled
from overt.testing.slope import Slope

STATES = MappingProxyType(
    {
        "flat": State.PROVED,
        "leaks": State.REFUTED,
        "inconclusive": State.INCONCLUSIVE,
        "not measured": State.UNCHECKED,
    }
)
"""How a verdict of a check is marked."""

_URGENT: tuple[Verdict, ...] = ("leaks", "not measured", "inconclusive", "flat")
_DRAWN: tuple[Sort, ...] = ("resident", "native")
_SORTS: tuple[Sort, ...] = get_args(Sort)
_SHOWN = 24
"""Points of a curve that a table shows; the evidence has all of them."""

_BELOW = Markup(
    "Python's own allocators do not explain it: it was allocated below Python. Where memray is installed, it tells "
    "where."
)

_METHOD = Markup(
    "Each check does one thing again and again. After a warm-up it reads, at every point and after a garbage "
    "collection, how many blocks Python's allocators have given out, how many bytes the C library has given out, and "
    "the resident memory page by page. A slope is the median of the slopes between all pairs of points (Theil and "
    "Sen), with its 99 % interval. An interval that reaches above the tolerance calls for a round of double length, "
    "whose last half decides: a cache that has filled is flat by then, a leak keeps its slope. The shaded wedge is "
    "what the tolerance allows. A cache that is not full within these rounds looks like a leak, and memory that was "
    "never written to is not resident. Threads, descriptors and children are counted before and after."
)


def found(inputs: SiteInputs) -> list[LeakCheck]:
    """Return every check of the latest runs, the most urgent first."""
    checks = [one for view in inputs.suites for one in leak_checks(view.of(Series))]
    return sorted(checks, key=lambda one: _URGENT.index(one.growth.verdict))


def headline(checks: list[LeakCheck]) -> tuple[State, str]:
    """Return the worst state of the checks, and how many came to what."""
    counted = Counter(one.growth.verdict for one in checks)
    worst = next(verdict for verdict in _URGENT if counted[verdict])
    said = ", ".join(f"{counted[verdict]} {verdict}" for verdict in _URGENT if counted[verdict])
    return STATES[worst], f"{count(len(checks), 'check')}: {said}"


def interval(slope: Slope | None) -> Markup:
    """Return a slope with its interval in figures; a dash when there is none."""
    if slope is None:
        return Markup("–")
    return fill("**{}**<br><small>{} to {}</small>", *map(_figure, (slope.value, slope.low, slope.high)))


def _figure(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 100 else f"{round(number, 2) + 0:g}"


def _row(one: LeakCheck) -> tuple[object, ...]:
    growth = one.growth
    rounds = max((curve.round for curve in one.curves), default=0)
    return (
        state_mark(STATES[growth.verdict], word=growth.verdict),
        fill(
            "{}<br><small>{}, {}</small>",
            Markup(f"[{code(one.name)}](#{_anchor(one)})"),
            count(growth.iterations, "iteration"),
            count(rounds, "round"),
        ),
        interval(growth.held),
        interval(growth.blocks),
        f"{one.tolerance} B",
    )


def _anchor(one: LeakCheck) -> str:
    return slug(f"{one.suite}-{one.name}")


def _check(one: LeakCheck) -> Markup:
    growth = one.growth
    reason = f": {growth.reason}." if growth.reason else "."
    where = [fill("- {}", code(place)) for place in one.suspects]
    return paragraphs(
        fill('<a id="{}"></a>', _anchor(one)),
        fill("### {}", one.name),
        fill("{}{}", state_mark(STATES[growth.verdict], word=growth.verdict), reason),
        _chart(one),
        table(
            ("Curve", "Points", "First", "Last", "An iteration"),
            [_curve_row(sort, list(group)) for sort, group in _by_sort(one.curves)],
            align="lrrrr",
        ),
        paragraphs(Markup("What stays behind was allocated at:"), join(where, "\n")) if where else Markup(""),
        _BELOW if growth.verdict == "leaks" and growth.held and not where else Markup(""),
        _points(one),
    )


def _by_sort(curves_of: Iterable[Curve]) -> list[tuple[Sort, list[Curve]]]:
    grouped: dict[Sort, list[Curve]] = {}
    for curve in sorted(curves_of, key=lambda curve: (_SORTS.index(curve.sort), curve.round)):
        grouped.setdefault(curve.sort, []).append(curve)
    return list(grouped.items())


def _curve_row(sort: Sort, group: list[Curve]) -> tuple[object, ...]:
    first, last = group[0].y[0], group[-1].y[-1]
    in_bytes = sort not in {"blocks", *COUNTED}
    shown = [bytes_text(max(0, number)) if in_bytes else f"{number:,}" for number in (first, last)]
    sloped = sort not in COUNTED and len(group[-1].x) >= FEWEST
    return sort, sum(len(curve.x) for curve in group), *shown, interval(settled(group[-1]) if sloped else None)


def _points_of(one: LeakCheck, sort: Sort) -> list[tuple[int, int]]:
    """Return the points of all rounds, one after the other."""
    found = [curve for curve in one.curves if curve.sort == sort]
    ordered = sorted(found, key=lambda curve: curve.round)
    return list(chain.from_iterable(zip(curve.x, curve.y, strict=True) for curve in ordered))


def _chart(one: LeakCheck) -> Markup:
    lines = [
        Line(sort, [(x, y - points[0][1]) for x, y in points]) for sort in _DRAWN if (points := _points_of(one, sort))
    ]
    if not lines:
        return Markup("")
    ends = sorted({curve.x[-1] for curve in one.curves if curve.sort == lines[0].name})
    grown = ", ".join(f"{line.name} {line.points[-1][1]:+,} bytes" for line in lines)
    label = (
        f"Memory over {one.growth.iterations:,} iterations of {one.name}: {grown}. The tables below have the figures."
    )
    state = STATES[one.growth.verdict].value
    return curves(lines, tone=state, allowed=one.tolerance, rounds=ends[:-1], label=label)


def _points(one: LeakCheck) -> Markup:
    """Return points of the curves as a table that folds away."""
    sorts = [sort for sort in ("blocks", *_DRAWN) if _points_of(one, sort)]
    columns = {sort: dict(_points_of(one, sort)) for sort in sorts}
    places = sorted({x for column in columns.values() for x in column})
    chosen = places[:: -(-len(places) // _SHOWN)] if places else []
    if not chosen:
        return Markup("")
    head = join([fill("<th>{}</th>", word) for word in ("iterations", *sorts)])
    rows = [
        fill(
            "<tr>{}</tr>", join([fill("<td>{}</td>", f"{cell:,}" if cell is not None else "–") for cell in (x, *cells)])
        )
        for x in chosen
        for cells in [[columns[sort].get(x) for sort in sorts]]
    ]
    body = fill("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", head, join(rows))
    return details(f"{len(chosen)} of {count(len(places), 'point')}", body)


def leaks(inputs: SiteInputs) -> Markup:
    """Return the page of leaks."""
    checks = found(inputs)
    state, text = headline(checks)
    evidence = join(
        [link(name, relative(LEAKS, evidence_page(name))) for name in dict.fromkeys(one.suite for one in checks)], ", "
    )
    heads = ("Verdict", "Check", "Bytes an iteration", "Blocks an iteration", "Tolerance")
    return paragraphs(
        front("Leaks", f"What stays behind when {inputs.project} does its work again and again."),
        Markup("# Leaks"),
        lead(
            state,
            f"{text}.",
            "A leak is told in bytes an iteration, with its 99 % interval.",
            measured_on(LEAKS, (view for view in inputs.suites if view.of(Series))),
        ),
        table(heads, [_row(one) for one in checks], align="llrrr"),
        Markup("## Curves"),
        *map(_check, checks),
        Markup("## Method and limits"),
        _METHOD,
        fill("Every point is in the evidence: {}.", evidence),
    )
