"""The page of controls, from hand-made records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from overt.evidence.control_history import GateHistory, Trial
from overt.evidence.controls import GateSeen
from overt.evidence.records import Control, Warned
from overt.site.inputs import Rooms, SiteInputs
from overt.site.render import render

from .conftest import HOSTILE, START_NS, make_case

Make = Callable[..., Any]


def gate(name: str = "unit", *, alarmed: bool = True, nervous: bool = False, **more: Any) -> GateSeen:
    """Return a gate as its control saw it."""
    given = {"suite": "controls", "gate": name, "sort": "pytest", "planted": "a test that fails", **more}
    return GateSeen(
        name,
        "pytest",
        Control(id="a", must_alarm=True, alarmed=alarmed, **given),
        Control(id="b", must_alarm=False, alarmed=nervous, **given),
    )


def history(*gates: GateSeen, name: str = "unit", **more: Any) -> GateHistory:
    """Return a gate with its trials, the newest first."""
    return GateHistory(
        name,
        "unit",
        "pytest",
        tuple(Trial("run", START_NS, "c0ffee" * 6, dirty=False, gate=one) for one in gates),
        **more,
    )


def pages(view: Make, *gates: GateHistory, records: tuple[Any, ...] = ()) -> dict[str, str]:
    """Return the pages of a project with gates."""
    made = render(SiteInputs(project="shop", suites=(view(*records),), rooms=Rooms(gates=gates)))
    return {path: content.decode() for path, content in made.items() if path.endswith(".md")}


def test_each_gate_tells_what_was_planted_and_what_it_did(view: Make) -> None:
    """State, defect, both halves, when, at what commit, and how often in history."""
    text = pages(view, history(gate(), gate(alarmed=False)))["validation/controls.md"]
    row = next(line for line in text.splitlines() if line.startswith("|") and "gate-unit" in line)
    assert "a test that fails" in row
    assert "alarmed" in row
    assert "silent" in row
    assert "| 1 of 2 |" in row
    assert "on commit <code>c0ffeec0ffee</code>; held 1 of 2 times." in text
    assert "1 of 1 gate alarmed at a planted defect and stayed silent without" in text


def test_a_blind_gate_leads_the_page_and_the_report(view: Make) -> None:
    """The worst gate decides, and the report asks the question."""
    made = pages(view, history(gate()), history(gate("lint", alarmed=False), name="lint"))
    assert '<div class="ov-lead ov-refuted">' in made["validation/controls.md"]
    assert "[Has each of these gates ever failed&#63;](controls.md)" in made["validation/index.md"]
    assert "1 of 2 gates alarmed at a planted defect" in made["validation/index.md"]


def test_a_gate_without_a_control_says_so(view: Make) -> None:
    """Never tried, and nothing to plant, are two things."""
    text = pages(view, history(), history(name="types", without="no defect is declared"))["validation/controls.md"]
    assert (text.count("no control</span>"), text.count("not tried</span>")) == (1, 1)
    assert "it was never tried" in text
    assert "no defect is declared" in text
    assert "no gate was tried." in text


def test_figures_are_told_with_their_interval(view: Make) -> None:
    """What was measured of a planted leak or slowdown stands beside it."""
    leak = gate("unit", value=1031, low=1028, high=1040, unit="bytes")
    assert (
        "Measured&#58; 1,031 bytes a cycle &#40;1,028 to 1,040&#41;"
        in pages(view, history(leak))["validation/controls.md"]
    )


def test_tests_without_an_assertion_are_listed(view: Make) -> None:
    """With how many tests share the code, out of all."""
    one = Warned(
        id="w", suite="unit", about="no-assertion", name="a.py::test_x", path="a.py", line=3, message="test_x is blind"
    )
    cases = [make_case("a.py::test_x[1]"), make_case("a.py::test_x[2]"), make_case("a.py::test_y")]
    text = pages(view, history(gate()), records=(one, *cases))["validation/controls.md"]
    assert "2 of 3 tests without an assertion" in text
    assert "<code>a.py</code>, line 3: test&#95;x is blind" in text
    assert "Tests that assert nothing" not in pages(view, history(gate()))["validation/controls.md"]


def test_foreign_text_stays_text(view: Make) -> None:
    """What a program said, and how a gate is named, cannot become markup."""
    for text in HOSTILE:
        shown = pages(view, history(gate(text, note=text, planted=text), name=text))["validation/controls.md"]
        assert "<script" not in shown
        assert "<img" not in shown
        assert "javascript:" not in shown
