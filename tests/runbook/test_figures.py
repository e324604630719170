"""Numbers that blocks tell."""

from __future__ import annotations

from collections.abc import Callable

from overt.evidence.records import Figure, Rehearsal
from overt.runbook.figures import read_figures


def test_only_lines_that_are_figures_count() -> None:
    """The last one of a name; other text, signs, fractions and unknown units are none."""
    output = "figure: a 1\nx figure: b 2\nfigure: c -3\nfigure: d 1.5\nfigure: e 2 kg\nfigure: a 7 ns\nfigure: F 1\n"
    assert read_figures(output) == (Figure(name="a", value=7, unit="ns"),)
    assert len(read_figures("".join(f"figure: n{number} 1\n" for number in range(99)))) == 50


def test_they_stand_in_the_record_of_the_step_that_told_them(rehearsed: Callable[..., Rehearsal], good: str) -> None:
    """Not of a check that was tried before its step."""
    text = good.replace("grep -q on lamp\n", "echo 'figure: lamps 1'; grep -q on lamp\n")
    found = {(step.role, step.id): step.figures for step in rehearsed(text).steps}
    assert found["check", "check-on"] == (Figure(name="lamps", value=1),)
    assert found["before", "check-on"] == ()
