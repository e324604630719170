"""The page of runbooks says what was rehearsed, on what, and what came of it for real."""

from __future__ import annotations

import re
from dataclasses import replace

import msgspec

from overt.evidence.manifest import Subject
from overt.evidence.records import Performed, Rehearsal, Step
from overt.model import State, Verdict
from overt.runbook.parse import parse_runbook
from overt.site.inputs import Rooms, RunbookView, SiteInputs
from overt.site.render import render

TEXT = "---\nid: lamp\nowner: stage\n---\n# The lamp\n```bash { .step id=on timeout=5 }\ntouch lamp\n```\n"
STEPS = (Step(id="on", role="step", ok=True), Step(id="tell", role="manual", ok=True, message="not rehearsed"))
SUBJECT = Subject(project="shop", commit="c0ffee" * 6)


def page(view: RunbookView) -> str:
    """Return the page of one runbook."""
    return render(SiteInputs(project="shop", rooms=Rooms(runbooks=(view,))))["validation/runbooks.md"].decode()


def rehearsed() -> RunbookView:
    """Return a runbook that holds."""
    record = Rehearsal(
        id="r",
        suite="rehearsal",
        runbook="lamp",
        path="lamp.md",
        text_sha256="ab",
        steps=STEPS,
        changed=True,
        restored=True,
        start_ns=1_700_000_000_000_000_000,
    )
    runbook = parse_runbook("lamp.md", TEXT)
    return RunbookView(runbook=runbook, verdict=Verdict(State.PROVED, ""), rehearsal=record, subject=SUBJECT)


def test_it_says_when_and_at_which_commit_and_that_the_way_back_was_verified() -> None:
    """What a person does by hand is shown as not rehearsed, never as ok."""
    shown = page(rehearsed())
    assert re.search(r"2023-11-14 \S+ UTC in a scratch copy at commit <code>c0ffeec0ffee</code>", shown)
    assert "it restored the state" in shown
    assert "1 step by hand" in shown
    manual = next(line for line in shown.splitlines() if "not rehearsed" in line)
    assert "by hand" in manual
    assert "unchecked" in manual


def test_what_came_of_it_for_real_stands_under_the_environment() -> None:
    """Who, when, and why it ended; hostile text does nothing."""
    made = Performed(
        id="p",
        suite="runbooks",
        runbook="lamp",
        path="lamp.md",
        text_sha256="ab",
        environment="stage",
        by="<b>ann</b>",
        steps=STEPS,
        finished=True,
        start_ns=1_700_000_000_000_000_000,
    )
    stopped = msgspec.structs.replace(made, environment="cellar", finished=False, reason="<script>x</script>")
    shown = page(replace(rehearsed(), performed=(made, stopped)))
    assert "For real in stage" in shown
    assert "<b>ann" not in shown
    assert "ann" in shown
    assert "For real in cellar" in shown
    assert "<script>x" not in shown
