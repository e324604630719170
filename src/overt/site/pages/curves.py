"""A chart of curves over iterations, with the rise that is allowed shaded, as a picture that needs no script."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from overt.site.markup import Markup, fill, join
from overt.system.units import bytes_text

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 600, 190, 76, 12, 26, 26
_DASHES = ("", "7 4", "2 3")
"""One pattern for each curve, so that they are told apart without colour."""

_LEAST = 65_536
"""Bytes that the scale shows at least: a page or two must not look like a mountain."""

_SHORTEST = 34
"""Length of the sample of a line that stands beside its name."""


class Line(NamedTuple):
    """One curve: what it shows, and its points as iterations and bytes more than at the first one."""

    name: str
    points: Sequence[tuple[int, int]]


def curves(lines: Sequence[Line], *, tone: str, allowed: int, rounds: Sequence[int], label: str) -> Markup:
    """Return the chart.

    Args:
        lines: At most three, with at least two points each.
        tone: State that gives the lines their colour.
        allowed: Bytes an iteration that count as none; the wedge below is shaded.
        rounds: Iterations after which another round began.
        label: What the chart shows, for those who do not see it.
    """
    last = max(x for line in lines for x, _ in line.points)
    heights = [y for line in lines for _, y in line.points]
    top, bottom = max(_LEAST, *heights), min(0, *heights)
    across, up = (_WIDTH - _LEFT - _RIGHT) / last, (_HEIGHT - _TOP - _BOTTOM) / (top - bottom)

    def place(x: float, y: float) -> str:
        return f"{_LEFT + across * x:.1f} {_TOP + up * (top - y):.1f}"

    wedge = f"M{place(0, 0)}L{place(min(last, top / allowed), min(top, allowed * last))}"
    wedge += f"L{place(last, min(top, allowed * last))}L{place(last, 0)}Z"
    return fill(
        '<figure class="ov-chart" tabindex="0">'
        '<svg viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">'
        '<path class="ov-band" d="{}"/>{}{}{}{}</svg></figure>',
        _WIDTH,
        _HEIGHT,
        _WIDTH,
        _HEIGHT,
        label,
        wedge,
        join([_across(place(0, y), place(last, y), y) for y in dict.fromkeys((top, 0, bottom))]),
        join(
            [
                fill('<path class="ov-one" stroke-dasharray="1 4" d="M{}V{}"/>', place(x, top), _HEIGHT - _BOTTOM)
                for x in rounds
            ]
        ),
        _iterations(last),
        join([_curve(line, index, tone, place) for index, line in enumerate(lines)]),
    )


def _across(begin: str, end: str, amount: int) -> Markup:
    y = float(begin.split()[1])
    text = ("−" if amount < 0 else "+" if amount else "") + bytes_text(abs(amount))
    return fill(
        '<path d="M{}L{}"/><text x="{}" y="{}" text-anchor="end">{}</text>', begin, end, _LEFT - 8, f"{y + 4:.1f}", text
    )


def _iterations(last: int) -> Markup:
    """Return the scale below: from none to all."""
    return fill(
        '<text x="{}" y="{}">0</text><text x="{}" y="{}" text-anchor="end">{}</text>',
        _LEFT,
        _HEIGHT - 6,
        _WIDTH - _RIGHT,
        _HEIGHT - 6,
        f"{last:,} iterations",
    )


def _curve(line: Line, index: int, tone: str, place: Callable[[float, float], str]) -> Markup:
    """Return one curve, and its name beside a piece of it."""
    x = _LEFT + index * (_WIDTH - _LEFT - _RIGHT) // len(_DASHES)
    dash = fill(' stroke-dasharray="{}"', _DASHES[index]) if _DASHES[index] else Markup("")
    return fill(
        '<g class="ov-{}"><path{} stroke-linejoin="round" d="M{}"/><path{} d="M{} 10H{}"/>'
        '<text x="{}" y="14">{}</text></g>',
        tone,
        dash,
        Markup("L".join(place(*point) for point in line.points)),
        dash,
        x,
        x + _SHORTEST,
        x + _SHORTEST + 8,
        line.name,
    )
