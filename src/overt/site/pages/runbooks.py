"""The page of runbooks: whether each holds, by its newest rehearsal."""

from __future__ import annotations

from overt.model import State, worst
from overt.site.inputs import RunbookView, SiteInputs
from overt.site.marks import state_mark
from overt.site.markup import Markup, code, facts, fill, link, paragraphs, prose, table
from overt.site.pages.common import front, lead, tally
from overt.site.paths import RUNBOOKS, relative, slug
from overt.system.units import count, duration, moment


def _title(view: RunbookView) -> Markup:
    title = view.runbook.title or view.runbook.id
    return link(title, relative(RUNBOOKS, view.page)) if view.page else code(view.runbook.path)


def _steps(view: RunbookView) -> Markup:
    rehearsal = view.rehearsal
    if rehearsal is None:
        return Markup("")
    rows = [
        (
            state_mark(State.PROVED if step.ok else State.REFUTED, word="ok" if step.ok else "failed"),
            step.role,
            code(step.id),
            duration(step.duration_ns),
            step.message,
        )
        for step in rehearsal.steps
    ]
    return table(("Outcome", "Part", "Name", "Time", "What was seen"), rows, align="lllrl") if rows else Markup("")


def _runbook(view: RunbookView) -> Markup:
    book, rehearsal = view.runbook, view.rehearsal
    rows: list[tuple[object, object]] = [
        ("State", fill("{} {}", state_mark(view.verdict.state), view.verdict.reason)),
        ("Runbook", _title(view)),
        ("Owner", book.owner or "nobody"),
        ("Risk", book.risk),
        ("Parts", count(len(book.blocks), "block") + f", {len(book.of('step'))} of them steps"),
    ]
    if rehearsal:
        rows += [
            ("Rehearsed", moment(rehearsal.start_ns)),
            ("Took", duration(rehearsal.duration_ns)),
            ("The steps", "changed the state" if rehearsal.changed else "changed nothing"),
            ("The way back", "restored the state" if rehearsal.restored else "did not restore the state"),
        ]
        if rehearsal.reason:
            rows.append(("Reason", rehearsal.reason))
    command = code(f"overt rehearse {book.id}")
    return paragraphs(
        fill('<a id="{}"></a>', Markup(slug(book.id))),
        fill("## {}", book.title or book.id),
        facts(rows),
        _steps(view),
        fill("Rehearse it: {}.", command),
    )


def runbooks(inputs: SiteInputs) -> Markup:
    """Return the page of runbooks."""
    views = inputs.rooms.runbooks
    states = [view.verdict.state for view in views]
    held = sum(state is State.PROVED for state in states)
    text = prose(
        "A rehearsal carries a runbook out in a scratch copy and takes it back. It holds when every part did what it "
        "says, the state changed, and the way back restored it."
    )
    return paragraphs(
        front("Runbooks", f"Whether the runbooks of {inputs.project} hold, by their newest rehearsals."),
        Markup("# Runbooks"),
        lead(worst(states), f"{held} of {len(views)} runbooks hold.", text),
        tally(states),
        *map(_runbook, views),
    )
