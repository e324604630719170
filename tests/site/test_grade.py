"""How far evidence rests on more than its writer's word, as its page says it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from overt.evidence.records import Rerun
from overt.site.inputs import SiteInputs
from overt.site.paths import evidence_page
from overt.site.render import render

Make = Callable[..., Any]


def page(view: Any) -> str:
    return render(SiteInputs(project="shop", suites=(view,)))[evidence_page(view.name)].decode()


def test_the_page_says_the_grade_and_what_a_second_run_came_to(view: Make) -> None:
    """Self-reported without one; with one that agrees, re-run; one that differs is told and gives no grade."""
    agreed = Rerun(id="rerun:unit", suite="unit", of="run-1", seal="0", compared=7, agrees=True)
    differed = Rerun(
        id="rerun:unit", suite="unit", of="run-1", seal="0", compared=7, agrees=False, differences=("a: <b>",)
    )
    assert "self-reported&#58; written by whoever ran it" in page(view())
    text = page(view(agreed))
    assert "re-run&#58; a second run came to the same cases and outcomes" in text
    assert "the same, of 7 compared" in text
    text = page(view(differed))
    assert "self-reported" in text
    assert "a&#58; &#60;b&#62;, of 7 compared" in text
