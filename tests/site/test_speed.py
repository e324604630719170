"""The page of before and after, from hand-made samples."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any

import pytest

from overt.evidence.records import Sample, Timing
from overt.site.inputs import SiteInputs
from overt.site.pages.whiskers import Whisker, whiskers
from overt.site.render import render

Make = Callable[..., Any]


def samples(name: str, new: int, *, rounds: int = 10, again: int = 1000, side: str = "new") -> list[Sample]:
    """Return what a benchmark left."""
    return [
        Sample(
            id=f"{name}{pair}{role}",
            suite="unit",
            benchmark=name,
            side=side if role == "candidate" else "old",
            role=role,  # type: ignore[arg-type]
            pair=pair,
            order=1,
            wall_ns=spent + pair,
            cpu_ns=spent + pair,
        )
        for pair in range(rounds)
        for role, spent in (("baseline", 1000), ("candidate", new), ("control", again))
    ]


def speed_page(view: Make, *found: Sample) -> str:
    """Return the page."""
    return render(SiteInputs(project="shop", suites=(view(*found),)))["validation/speed.md"].decode()


def test_each_benchmark_is_told_with_its_interval_and_control(view: Make) -> None:
    """The worst one leads; what decides nothing says why."""
    text = speed_page(view, *samples("quick", 500), *samples("slow", 2000), *samples("few", 1000, rounds=3))
    assert "3 benchmarks&#58; 1 slower, 1 not measured, 1 faster." in text
    assert '<div class="ov-lead ov-refuted">' in text
    row = next(line for line in text.splitlines() if "<code>quick</code>" in line and line.startswith("|"))
    assert "faster" in row
    assert "1.000 to 1.000" in row
    assert "- <code>few</code>: 3 pairs are fewer than 6" in text
    assert "the band is 2 &#37;, and times are processor time" in text
    assert "(evidence/unit.md)" in text


def test_a_control_that_alarms_is_not_shown_as_faster(view: Make) -> None:
    """However large the difference is."""
    text = speed_page(view, *samples("quick", 500, again=1200))
    assert "1 benchmark&#58; 1 not comparable." in text
    assert "the baseline differed from itself" in text


def test_without_benchmarks_there_is_no_page(view: Make) -> None:
    """And so no entry that leads to it."""
    assert "validation/speed.md" not in render(SiteInputs(project="shop", suites=(view(),)))


def test_names_from_samples_are_escaped(view: Make) -> None:
    """They come from test code."""
    text = speed_page(view, *samples("<script>alert(1)</script>", 500, side="[x](javascript:y)"))
    assert "<script>" not in text
    assert "](javascript" not in text


@pytest.mark.parametrize("spread", [(0.99, 1.01), (0.001, 3.0), (0.5, 900.0)])
def test_the_chart_keeps_everything_inside(spread: tuple[float, float]) -> None:
    """Every mark lies within the picture, figures of the scale do not touch, and 1 is among them."""
    chart = whiskers([Whisker("a", spread[0], 1.0, spread[1], "proved")], band=0.02)
    places = [float(x) for x in re.findall(r'cx="([\d.-]+)"|(?<=M)([\d.-]+)(?= )', chart) for x in x if x]
    assert all(160 <= x <= 600 for x in places)
    figures = [float(x) for x in re.findall(r'<text x="([\d.]+)" y="14"', chart)]
    assert all(later - earlier > 34 for earlier, later in itertools.pairwise(figures))
    assert ">1×<" in chart


def timing(time: int, name: str = "sort") -> Timing:
    """Return what another tool has measured."""
    return Timing(id=name, suite="unit", benchmark=name, tool="pyperf", times_ns=(time,) * 5, runs=5)


def test_times_of_other_tools_are_shown_as_unpaired(view: Make) -> None:
    """However large the change is, nothing is called slower or faster."""
    inputs = SiteInputs(project="shop", suites=(view(timing(9000), timing(70, "sum"), before=(timing(1000),)),))
    text = render(inputs)["validation/speed.md"].decode()
    assert "2 benchmarks, unpaired&#58; numbers, and no comparison." in text
    assert '<div class="ov-lead ov-inconclusive">' in text
    sort, total = (line for line in text.splitlines() if line.startswith("|") and "<code>" in line)
    assert "unpaired" in sort
    assert "9.00×<br><small>unpaired</small>" in sort
    assert "1 µs" in sort
    assert "**9 µs**" in sort
    assert total.rstrip().endswith("| – |")
    assert "**70 ns**" in total
    table = text.partition("| Grade")[2]
    assert "slower" not in table
    assert "faster" not in table
    assert "(evidence/unit.md)" in text


def test_times_of_other_tools_do_not_hide_what_was_measured_in_turns(view: Make) -> None:
    """The verdict of the page is that of the pairs."""
    text = speed_page(view, *samples("slow", 2000), timing(9000))
    assert "1 benchmark&#58; 1 slower." in text
    assert "## Measured by other tools, unpaired" in text
    assert "the band is 2 &#37;" in text
