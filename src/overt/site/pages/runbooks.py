"""The page of runbooks: whether each holds, by its newest rehearsal."""

from __future__ import annotations

from collections.abc import Sequence

from overt.evidence.records import Performed, Rehearsal, Step
from overt.model import State, worst
from overt.runbook.perform import performed_verdict
from overt.site.inputs import RunbookView, SiteInputs
from overt.site.marks import state_mark
from overt.site.markup import Markup, code, facts, fill, join, link, paragraphs, prose, table
from overt.site.pages.common import commit_text, front, lead, method, tally
from overt.site.paths import RUNBOOKS, relative, slug
from overt.system.units import count, duration, moment, value_text


def _title(view: RunbookView) -> Markup:
    title = view.runbook.title or view.runbook.id
    return link(title, relative(RUNBOOKS, view.page)) if view.page else code(view.runbook.path)


def _outcome(step: Step) -> Markup:
    if step.role == "manual":
        return state_mark(State.UNCHECKED, word="by hand")
    return state_mark(State.PROVED if step.ok else State.REFUTED, word="ok" if step.ok else "failed")


def _figures(step: Step) -> Markup:
    shown = [fill("{} {}", figure.name, value_text(figure.value, figure.unit)) for figure in step.figures]
    return join(shown, ", ")


def _steps(view: RunbookView) -> Markup:
    rehearsal = view.rehearsal
    if rehearsal is None:
        return Markup("")
    rows = [
        (
            _outcome(step),
            step.role,
            code(step.id),
            duration(step.duration_ns),
            fill("{}{}", step.message, _figures(step)),
        )
        for step in rehearsal.steps
    ]
    return table(("Outcome", "Part", "Name", "Time", "What was seen"), rows, align="lllrl") if rows else Markup("")


def _when(view: RunbookView, rehearsal: Rehearsal) -> Markup:
    where = f"in {rehearsal.environment}" if rehearsal.environment else "in a scratch copy"
    if view.subject is None:
        return fill("{} {}", moment(rehearsal.start_ns), where)
    on = commit_text(view.subject.commit, dirty=view.subject.dirty)
    return fill("{} {} at {}", moment(rehearsal.start_ns), where, on)


def _performed(record: Performed) -> Markup:
    verdict = performed_verdict(record)
    word = "through" if record.finished else "taken back" if record.taken_back else "stopped"
    text = "" if verdict.holds else f": {verdict.reason}"
    return fill("{} {} by {}{}", state_mark(verdict.state, word=word), moment(record.start_ns), record.by, text)


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
            ("Rehearsed", _when(view, rehearsal)),
            ("Took", duration(rehearsal.duration_ns)),
            ("The steps", "changed the state" if rehearsal.changed else "changed nothing"),
            ("The way back", "verified: it restored the state" if rehearsal.restored else "did not restore the state"),
        ]
        by_hand = sum(step.role == "manual" for step in rehearsal.steps)
        if by_hand:
            rows.append(("Not rehearsed", count(by_hand, "step") + " by hand"))
        if rehearsal.reason:
            rows.append(("Reason", rehearsal.reason))
    rows += [(f"For real in {one.environment}", _performed(one)) for one in view.performed]
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
        lead(worst(states), f"{held} of {len(views)} runbooks hold.", text, _newest(views)),
        tally(states),
        *map(_runbook, views),
        method(
            "A rehearsal happens in a scratch copy or in an environment made for it: it shows that the steps do what "
            "they say there. Steps by hand are told and not carried out. A runbook whose text changed since is stale."
        ),
    )


def _newest(views: Sequence[RunbookView]) -> Markup:
    rehearsed = [view for view in views if view.rehearsal]
    if not rehearsed:
        return Markup("None was ever rehearsed.")
    newest = max(rehearsed, key=lambda view: view.rehearsal.start_ns if view.rehearsal else 0)
    assert newest.rehearsal is not None
    return fill("Rehearsed {}.", _when(newest, newest.rehearsal))
