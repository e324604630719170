"""The page of leaks, from hand-made curves."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from overt.evidence.records import Series
from overt.site.inputs import SiteInputs
from overt.site.pages.curves import Line, curves
from overt.site.render import render

Make = Callable[..., Any]


def series(name: str, *, step: int = 0, number: int = 1, tail: tuple[str, ...] = ()) -> list[Series]:
    """Return what a check left in one round."""
    points = 24 * number
    x = tuple(range(2400 * (number - 1) + 100, 2400 * (number - 1) + 100 * points + 1, 100))
    return [
        Series(
            id=f"{name}{curve}{number}",
            suite="unit",
            name=name,
            curve=curve,
            round=number,
            unit="count" if curve == "blocks" else "bytes",
            x=x,
            y=tuple(40_000_000 + step * at for at in x),
            suspects=tail,
        )
        for curve in ("blocks", "resident")
    ]


def leaks_page(view: Make, *found: Series) -> str:
    """Return the page."""
    return render(SiteInputs(project="shop", suites=(view(*found),)))["validation/leaks.md"].decode()


def test_each_check_is_told_with_its_size_and_its_curve(view: Make) -> None:
    """The worst one leads; every curve stands in a table beside the picture."""
    leaking = [*series("cart.add", step=1000, tail=("cart.py:3",)), *series("cart.add", step=1000, number=2)]
    text = leaks_page(view, *series("cart.read"), *leaking)
    assert "2 checks&#58; 1 leaks, 1 flat." in text
    assert '<div class="ov-lead ov-refuted">' in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert "leaks" in rows[2]
    assert "cart.add" in rows[2]
    assert "**1,000**<br><small>1,000 to 1,000</small>" in rows[2]
    assert "7,200 iterations, 2 rounds" in rows[2]
    assert "cart.read" in rows[3]
    assert "1,000 bytes stay behind after each iteration." in text
    assert "- <code>cart.py&#58;3</code>" in text
    assert text.count('<figure class="ov-chart" tabindex="0">') == 2
    assert 'aria-label="Memory over 7,200 iterations of cart.add&#58; resident &#43;7,100,000 bytes.' in text
    assert "| resident | 72 | 40.1 MB | 47.2 MB | **1,000**" in text
    assert "<th>iterations</th><th>blocks</th><th>resident</th>" in text
    assert "(evidence/unit.md)" in text


def test_what_was_not_measured_is_not_shown_as_flat(view: Make) -> None:
    """A check that lost a curve."""
    text = leaks_page(view, *series("cart.read")[:1])
    assert "1 check&#58; 1 not measured." in text
    assert "the resident memory was not measured." in text
    assert "<figure" not in text


def test_without_a_check_there_is_no_page(view: Make) -> None:
    """And so no entry that leads to it."""
    assert "validation/leaks.md" not in render(SiteInputs(project="shop", suites=(view(),)))


def test_names_and_places_are_escaped(view: Make) -> None:
    """They come from test code."""
    text = leaks_page(view, *series("<script>alert(1)</script>", tail=("[x](javascript:y)",)))
    assert "<script>" not in text
    assert "](javascript" not in text


@pytest.mark.parametrize("heights", [(0, 0, 0), (0, 5_000_000, 9_000_000), (0, -700_000, -100), (0, 10, -10)])
def test_the_chart_keeps_everything_inside(heights: tuple[int, ...]) -> None:
    """Every point of curve, scale and wedge lies within the picture, whichever way the curve goes."""
    line = Line("resident", [(100 * (at + 1), y) for at, y in enumerate(heights)])
    chart = curves([line], tone="proved", allowed=16, rounds=[200], label="Memory")
    places = [(float(x), float(y)) for x, y in re.findall(r"(?<=[ML])([\d.-]+) ([\d.-]+)", chart)]
    assert len(places) > 8
    assert all(0 <= x <= 600 and 0 <= y <= 190 for x, y in places)
    assert "300 iterations" in chart


def test_curves_are_told_apart_without_colour() -> None:
    """By the pattern of their lines, which stands beside their names."""
    points = [(1, 0), (2, 1)]
    chart = curves([Line("resident", points), Line("native", points)], tone="proved", allowed=16, rounds=[], label="")
    assert chart.count('stroke-dasharray="7 4"') == 2
    assert re.search(r'stroke-dasharray="7 4" d="M\d+ 10H\d+"/><text [^>]*>native', chart)
