"""Curves over time, as pictures that need no script: small ones for tables, large ones with a scale."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from math import isfinite
from typing import NamedTuple

from overt.site.markup import Markup, fill, join

_SMALL = 24
"""Points of a small curve; of more, each point stands for several."""

_LARGE = 120
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _FOOT, _ROW = 640, 190, 62, 128, 12, 26, 15.0

Value = float | None
Pick = Callable[[Sequence[float]], float]


class Curve(NamedTuple):
    """One line: its name, the tone of its stroke, a value for each run (None where there is none), dashed or not."""

    name: str
    tone: str
    values: Sequence[Value]
    dashed: bool = False


def latest(values: Sequence[float]) -> float:
    """Return the last of some values."""
    return values[-1]


def thin(values: Sequence[Value], most: int, pick: Pick = latest) -> list[Value]:
    """Return at most so many values, each picked from those that it stands for.

    Args:
        values: Values in order.
        most: How many may remain.
        pick: Chooses from the values of one place; by default the last.

    Example:
        >>> thin([1, 5, 2, None], 2, max)
        [5, 2]
    """
    if len(values) <= most:
        return list(values)
    bounds = [place * len(values) // most for place in range(most + 1)]
    groups = ([one for one in values[start:end] if one is not None] for start, end in pairwise(bounds))
    return [pick(group) if group else None for group in groups]


def small(
    values: Sequence[Value], *, label: str, low: Sequence[Value] = (), high: Sequence[Value] = (), pick: Pick = latest
) -> Markup:
    """Return a small curve; empty when there are not two values.

    Args:
        values: One for each run, the oldest first.
        label: What it shows with its figures, for those who cannot see it.
        low: Lower ends of their intervals, shaded; none when empty.
        high: Upper ends.
        pick: Chooses among the values that one point stands for.
    """
    shown = thin(values, _SMALL, pick)
    known = [one for one in shown if one is not None]
    if len(known) < 2:
        return Markup("")
    lows, highs = thin(low, _SMALL), thin(high, _SMALL)
    every = [one for one in (*known, *lows, *highs) if one is not None and isfinite(one)]
    least, most = min(every), max(every)
    step = 116 / (len(shown) - 1)

    def place(index: int, value: float) -> str:
        y = 14 if most == least else 25 - 22 * (value - least) / (most - least)
        return f"{4 + index * step:.0f},{y:.0f}"

    points = [place(index, value) for index, value in enumerate(shown) if value is not None]
    band = _band(lows, highs, place)
    return fill(
        '<svg class="ov-curve" viewBox="0 0 124 28" width="124" height="28" role="img" aria-label="{}">'
        '{}<polyline points="{}"/><circle cx="{}" cy="{}" r="2.5"/></svg>',
        label,
        band,
        Markup(" ".join(points)),
        *map(Markup, points[-1].split(",")),
    )


def _band(lows: Sequence[Value], highs: Sequence[Value], place: Callable[[int, float], str]) -> Markup:
    ends = [
        (index, low, high)
        for index, (low, high) in enumerate(zip(lows, highs, strict=False))
        if low is not None and high is not None
    ]
    if len(ends) < 2:
        return Markup("")
    around = [place(index, high) for index, _, high in ends] + [place(index, low) for index, low, _ in reversed(ends)]
    return fill('<path class="ov-band" d="M{}Z"/>', Markup("L".join(around)))


def strip(outcomes: str, *, label: str) -> Markup:
    """Return a row of outcomes: a low stroke for a pass, a high one for a failure, one with a gap for both.

    Args:
        outcomes: One letter a run, the oldest first: `p`, `f`, `e` or `r`.
        label: What it shows, for those who cannot see it.
    """
    bad = {"f": "v22", "e": "v22", "r": "v9m0 4v9"}
    strokes = "".join(f"M{2 * n + 3} 3{bad[one]}" for n, one in enumerate(outcomes) if one in bad)
    good = "".join(f"M{2 * n + 3} 21v4" for n, one in enumerate(outcomes) if one not in bad)
    return fill(
        '<svg class="ov-curve" viewBox="0 0 124 28" width="124" height="28" role="img" aria-label="{}">'
        '<path d="{}"/><path class="ov-bad" d="{}"/></svg>',
        label,
        Markup(good),
        Markup(strokes),
    )


def large(curves: Sequence[Curve], *, first: str, last: str, label: str) -> Markup:
    """Return curves on one scale that begins at zero; empty when there are not two values.

    Args:
        curves: The lines; all have as many values.
        first: What stands below the left end.
        last: What stands below the right end.
        label: What it shows, for those who cannot see it; the figures stand in a table beside it.
    """
    drawn = [curve._replace(values=thin(curve.values, _LARGE)) for curve in curves if any(_known(curve.values))]
    known = [one for curve in drawn for one in curve.values if one is not None]
    if not drawn or len(drawn[0].values) < 2 or not known:
        return Markup("")
    top = _nice(max(known))
    step = (_WIDTH - _LEFT - _RIGHT) / (len(drawn[0].values) - 1)

    def y(value: float) -> float:
        return _HEIGHT - _FOOT - (_HEIGHT - _TOP - _FOOT) * value / top

    ends = _apart([y(next(one for one in reversed(curve.values) if one is not None)) for curve in drawn])
    return fill(
        '<figure class="ov-chart" tabindex="0"><svg viewBox="0 0 {} {}" width="{}" height="{}" role="img" '
        'aria-label="{}">{}<text x="{}" y="{}">{}</text><text x="{}" y="{}" text-anchor="end">{}</text>{}'
        "</svg></figure>",
        *(_WIDTH, _HEIGHT, _WIDTH, _HEIGHT, label),
        join(_tick(value, y(value)) for value in (0, top / 2, top)),
        *(_LEFT, _HEIGHT - 6, first, _WIDTH - _RIGHT, _HEIGHT - 6, last),
        join(_line(curve, step, y, end) for curve, end in zip(drawn, ends, strict=True)),
    )


def _known(values: Sequence[Value]) -> Iterator[bool]:
    return (one is not None for one in values)


def _nice(most: float) -> float:
    """Return a round number at or above a value, whose half is whole."""
    scale = 1
    while True:
        for factor in (2, 4, 10):
            if factor * scale >= most:
                return float(factor * scale)
        scale *= 10


def _apart(ends: Sequence[float]) -> list[float]:
    """Return heights of texts, moved so that none lies on another."""
    placed = dict[int, float]()
    below = -_ROW
    for index in sorted(range(len(ends)), key=lambda index: ends[index]):
        placed[index] = below = max(below + _ROW, ends[index])
    over = max(0.0, below - (_HEIGHT - _FOOT))
    return [placed[index] - over for index in range(len(ends))]


def _tick(value: float, y: float) -> Markup:
    return fill(
        '<path d="M{} {}H{}"/><text x="{}" y="{}" text-anchor="end">{}</text>',
        *(_LEFT, f"{y:.0f}", _WIDTH - _RIGHT, _LEFT - 8, f"{y + 4:.0f}", f"{value:,.0f}"),
    )


def _line(curve: Curve, step: float, y: Callable[[float], float], end: float) -> Markup:
    points = [f"{_LEFT + n * step:.0f} {y(one):.0f}" for n, one in enumerate(curve.values) if one is not None]
    last = next(one for one in reversed(curve.values) if one is not None)
    return fill(
        '<g class="ov-{}"><path{} d="M{}"/><text x="{}" y="{}">{}</text></g>',
        curve.tone,
        Markup(' stroke-dasharray="6 4"') if curve.dashed else Markup(""),
        Markup("L".join(points)),
        _WIDTH - _RIGHT + 8,
        f"{end + 4:.0f}",
        f"{last:,.0f} {curve.name}",
    )
