"""The page by flag state: what holds in which state, what was asked, and what was not run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from overt.campaign.records import FlagTable
from overt.evidence.history import Entry
from overt.model import State, Verdict
from overt.site.inputs import Rooms, SiteInputs
from overt.site.pages.trends import carried
from overt.site.render import render

Make = Callable[..., Any]
FLAG = FlagTable(owner="shop", purpose="it", created="2026-01-01", until="2027-01-01")


def pages(view: Make, case: Make, **more: Any) -> dict[str, str]:
    """Return the pages of a project whose suite was run with flags on and off, and never mixed."""
    on = view(
        case("a.py::test_a", flags=("new-cart",)),
        case("a.py::test_b", "skipped", flags=("new-cart",), message="not here"),
        name="unit@on",
        title="Tests, flags on",
    )
    off = view(
        case("a.py::test_a", "failed", flags=("new-cart",), detail="assert <3"),
        name="unit@off",
        title="Tests, flags off",
        verdict=Verdict(State.REFUTED, "1 failed of 1 test"),
    )
    never = view(name="unit@mixed", title="Tests, flags mixed", run="", verdict=Verdict(State.UNCHECKED, "never run"))
    rooms = Rooms(flags={"new-cart": FLAG, "new-search": FLAG})
    told = {"flag_states": (on, off, never), "suites": (view(case("a.py::test_a")),), "rooms": rooms, **more}
    return {path: text.decode() for path, text in render(SiteInputs(project="shop", **told)).items() if ".md" in path}


def test_each_state_is_told_with_its_verdict_and_its_evidence(view: Make, case: Make) -> None:
    """The worst one leads; a state that was never run says so; counts link to the records."""
    text = pages(view, case)["validation/flag-states.md"]
    assert '<div class="ov-lead ov-refuted">' in text
    assert "1 of 3 runs of 1 suite in a state of the flags hold." in text
    row = next(line for line in text.splitlines() if line.startswith("| [Unit]"))
    assert "(evidence/flags/unit-on.md)" in row
    assert "(evidence/flags/unit-off.md)" in row
    assert "never ran" in row
    assert "assert &#60;3" in text
    assert "| unit | on | 1 | not here |" in text


def test_the_flags_that_tests_asked_are_counted(view: Make, case: Make) -> None:
    """A skipped test asked nothing, and a declared flag that none asked is named."""
    lines = pages(view, case)["validation/flag-states.md"].splitlines()
    assert next(line for line in lines if "new-cart" in line).split("|")[2:4] == [" 1 ", " 1 "]
    assert next(line for line in lines if "new-search" in line).split("|")[2:4] == [" none ", " none "]


def test_the_report_leads_there_and_does_not_hide_what_speaks_against_it(view: Make, case: Make) -> None:
    """Totals stay those of the suites; a refuted state is a refuted project, one that never ran is not."""
    found = pages(view, case)
    report = found["validation/index.md"]
    assert "## By flag state" in report
    assert "(flag-states.md)" in report
    assert '<div class="ov-lead ov-refuted">' in report
    assert "validation/evidence/flags/unit-off.md" in found
    assert "validation/evidence/flags/unit-mixed.md" not in found
    assert "all are in the ledger" in found["validation/evidence/flags/unit-off.md"]


def test_without_such_evidence_there_is_no_page(view: Make, case: Make) -> None:
    """Also when states are declared and none was ever run."""
    never = view(name="unit@on", run="", verdict=Verdict(State.UNCHECKED, "never run"))
    found = pages(view, case, flag_states=(never,))
    assert "validation/flag-states.md" not in found
    assert "By flag state" not in found["validation/index.md"]
    assert '<div class="ov-lead ov-proved">' in found["validation/index.md"]


def test_foreign_text_is_shown_as_text(view: Make, case: Make, hostile: tuple[str, ...]) -> None:
    """Names, reasons, messages and flags come from elsewhere."""
    records = [case(text, "failed", message=text, detail=text, flags=(text,)) for text in hostile]
    records += [case(f"skipped {text}", "skipped", message=text) for text in hostile]
    told = view(*records, name="unit@on", title=hostile[0], verdict=Verdict(State.REFUTED, hostile[3]))
    text = pages(view, case, flag_states=(told,))["validation/flag-states.md"]
    for forbidden in ("<script", "<img", "](javascript", "{{ 7", "\x1b"):
        assert forbidden not in text


def test_curves_over_all_suites_count_each_test_once() -> None:
    """The suite itself, and not once more for each state."""
    entries = [
        Entry(version=1, run="r", seal="s", suite=suite, suite_kind="pytest", created_ns=1, counts={"total": 4})
        for suite in ("unit", "unit@on", "unit@off")
    ]
    assert carried(entries, lambda one: one.count("total")) == [4]
