"""A chart of ratios with their intervals, on a scale of logarithms, as a picture that needs no script."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from overt.site.markup import Markup, fill, join

_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 5, 10, 20, 50, 100)
_WIDTH, _LEFT, _RIGHT, _ROW, _TOP = 600, 170, 24, 28, 30


class Whisker(NamedTuple):
    """One row: its name, the interval with its centre, and the tone of its mark."""

    name: str
    low: float
    value: float
    high: float
    tone: str


def whiskers(rows: Sequence[Whisker], *, band: float) -> Markup:
    """Return the chart.

    Args:
        rows: From top to bottom; every number is finite and above zero.
        band: Share around 1 that counts as no difference; shaded.
    """
    least = min(0.9, 1 / (1 + band), *(row.low for row in rows)) / 1.05
    most = max(1.1, 1 + band, *(row.high for row in rows)) * 1.05
    spread = (_WIDTH - _LEFT - _RIGHT) / math.log(most / least)

    def x(ratio: float) -> float:
        return _LEFT + spread * math.log(ratio / least)

    height = _TOP + _ROW * len(rows) + 8
    shade = fill(
        '<rect class="ov-band" x="{}" y="{}" width="{}" height="{}"/>',
        f"{x(1 / (1 + band)):.1f}",
        _TOP - 6,
        f"{x(1 + band) - x(1 / (1 + band)):.1f}",
        height - _TOP,
    )
    return fill(
        '<figure class="ov-chart" tabindex="0">'
        '<svg viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">'
        "{}{}{}</svg></figure>",
        _WIDTH,
        height,
        _WIDTH,
        height,
        f"Ratios after by before with their intervals; the table below has the figures of all {len(rows)}.",
        shade,
        join([_tick(ratio, x(ratio), height) for ratio in _ticks(least, most, spread)]),
        join([_row(row, index, x(row.low), x(row.value), x(row.high)) for index, row in enumerate(rows)]),
    )


def _ticks(least: float, most: float, spread: float) -> list[float]:
    """Return marks of the scale that have room for their figures; 1 always has one."""
    chosen = [1.0]
    for tick in sorted(_TICKS, key=lambda tick: abs(math.log(tick))):
        room = all(abs(math.log(tick / other)) * spread > 34 for other in chosen)
        chosen += [float(tick)] if least <= tick <= most and room else []
    return sorted(chosen)


def _tick(ratio: float, x: float, height: int) -> Markup:
    kind = Markup(' class="ov-one"') if ratio == 1 else Markup("")
    return fill(
        '<path{} d="M{} {}V{}"/><text x="{}" y="14" text-anchor="middle">{}</text>',
        kind,
        f"{x:.1f}",
        _TOP - 8,
        height - 4,
        f"{x:.1f}",
        f"{ratio:g}×",
    )


def _row(row: Whisker, index: int, low: float, middle: float, high: float) -> Markup:
    y = _TOP + _ROW * index + _ROW / 2
    name = row.name if len(row.name) <= 22 else row.name[:21] + "…"
    return fill(
        '<g class="ov-{}"><text x="{}" y="{}" text-anchor="end">{}</text><path d="M{} {}H{}M{} {}v8M{} {}v8"/>'
        '<circle cx="{}" cy="{}" r="4.5"/></g>',
        row.tone,
        _LEFT - 12,
        f"{y + 4:g}",
        name,
        f"{low:.1f}",
        f"{y:g}",
        f"{high:.1f}",
        f"{low:.1f}",
        f"{y - 4:g}",
        f"{high:.1f}",
        f"{y - 4:g}",
        f"{middle:.1f}",
        f"{y:g}",
    )
