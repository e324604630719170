"""The page of a migration: its stages, what the next one waits for, what was compared, and which flags are done."""

from __future__ import annotations

from overt.audit.migration import MigrationView
from overt.evidence.records import ComparisonSeen
from overt.flags.stages import Check, Stage, Status
from overt.flags.words import say_value
from overt.model import State
from overt.site.inputs import SiteInputs
from overt.site.marks import state_mark
from overt.site.markup import Markup, code, fill, join, link, paragraphs, table
from overt.site.pages.common import claim_link, evidence_links, front, lead, measured_on, method, short
from overt.site.pages.stage_bar import share_done, stage_bar
from overt.site.paths import FLAGS, MIGRATION, relative
from overt.system.units import count, moment

_SAMPLES = 10
_FIGURES = ("agreed", "mismatches", "ignored", "failed", "new_calls", "legacy_calls", "fallbacks")


def headline(view: MigrationView) -> tuple[State, str]:
    """Return the state of a migration and one sentence that says why.

    Args:
        view: Where it stands.
    """
    status = view.status
    if status is None:
        return State.UNCHECKED, "Where the migration stands is not known here"
    if not view.stages:
        return State.OPEN, "No stage is declared"
    if not view.following:
        return State.PROVED, f"All {count(len(view.stages), 'stage')} are done"
    where = f"Stage {status.stage} is at {status.percentage:g} %" if status.stage else "Nothing is turned on yet"
    if view.ready:
        return State.PROVED, f"{where}; stage {view.following} is ready"
    waits = sum(not check.ok for check in view.checks)
    return State.OPEN, f"{where}; stage {view.following} waits for {count(waits, 'check')}"


def migration(inputs: SiteInputs) -> Markup:
    """Return the page of the migration."""
    view = inputs.rooms.migration
    assert view is not None
    state, text = headline(view)
    detail = view.problem or _drift(view.status)
    return paragraphs(
        front("Migration", f"Where the migration of {inputs.project} stands, and what its next stage waits for."),
        Markup("# Migration"),
        lead(
            state,
            f"{text}.",
            f"{detail[:1].upper()}{detail[1:]}." if detail else "",
            measured_on(MIGRATION, (view for view in inputs.suites if view.of(ComparisonSeen))),
        ),
        stage_bar(view.stages, view.status) if view.stages else Markup(""),
        _stages(view, inputs),
        _checks(view, inputs),
        _health(view),
        _compared(view, inputs),
        _retired(view),
        _moves(view.status),
        fill("What each flag switches stands under {}.", link("feature flags", relative(MIGRATION, FLAGS))),
        method(
            "Stages and flags are those of the campaign; what they are set to is read from the store beside the "
            "ledger, when there is one. Another environment has a store of its own, of which this page says nothing."
        ),
    )


def _drift(status: Status | None) -> str:
    return f"set by hand, not as the stage says: {', '.join(status.drift)}" if status and status.drift else ""


def _stages(view: MigrationView, inputs: SiteInputs) -> Markup:
    if not view.stages:
        return Markup("")
    rows = [
        (_standing(stage, view), stage.number, stage.name, stage.risk, _values(stage, view), _required(stage, inputs))
        for stage in view.stages
    ]
    heads = ("Standing", "Stage", "Name", "Risk", "Flags", "Requires")
    return paragraphs(Markup("## Stages"), table(heads, rows, align="lrllll"))


def _standing(stage: Stage, view: MigrationView) -> object:
    if view.status is None:
        return "not known"
    share = share_done(stage, view.status)
    return "done" if share >= 100 else f"{share:g} %" if share else Markup("&ndash;")


def _values(stage: Stage, view: MigrationView) -> Markup:
    values = view.status.flags if view.status is not None else {}
    shown = [
        fill("{} {}", code(name), say_value(values[name])) if name in values else code(name) for name in stage.flags
    ]
    return join(shown, Markup("<br>"))


def _required(stage: Stage, inputs: SiteInputs) -> Markup:
    return join((_claim(name, inputs) for name in stage.requires), Markup("<br>")) or Markup("&ndash;")


def _claim(name: str, inputs: SiteInputs) -> Markup:
    if name not in inputs.claims:
        return code(name)
    return fill("{} {}", state_mark(inputs.claims[name][1].state), claim_link(MIGRATION, name, name))


def _checks(view: MigrationView, inputs: SiteInputs) -> Markup:
    if not view.following:
        return Markup("")
    rows = [_check(check, inputs) for check in view.checks]
    return paragraphs(
        fill("## What stage {} waits for", view.following),
        table(("State", "Check", "What was seen", "Evidence"), rows),
    )


def _check(check: Check, inputs: SiteInputs) -> tuple[object, ...]:
    claim = check.name.removeprefix("claim ")
    if claim != check.name and claim in inputs.claims:
        verdict = inputs.claims[claim][1]
        evidence = evidence_links(MIGRATION, verdict.evidence, inputs)
        return (state_mark(verdict.state), claim_link(MIGRATION, claim, check.name), short(verdict.reason), evidence)
    return (state_mark(State.PROVED if check.ok else State.OPEN), check.name, check.why, Markup("&ndash;"))


def _health(view: MigrationView) -> Markup:
    rows = [
        (
            moment(round(report.at * 1e9)),
            f"{report.health.samples:,}",
            "not measured" if report.health.error_rate is None else f"{100 * report.health.error_rate:.2f} %",
            "not compared" if report.health.latency_ratio is None else f"{report.health.latency_ratio:.2f} x legacy",
        )
        for report in view.reports
    ]
    if not rows:
        return Markup("")
    return paragraphs(
        Markup("## What running programs told"),
        Markup("Each row is the last word of one process; what is too old for a decision is not used for one."),
        table(("Told", "Calls", "Errors", "Duration"), rows, align="lrrr"),
    )


def _compared(view: MigrationView, inputs: SiteInputs) -> Markup:
    if not view.comparisons:
        return Markup("")
    rows = [
        (code(name), *(f"{found.get(figure, 0):,}" for figure in _FIGURES))
        for name, found in sorted(view.comparisons.items())
    ]
    heads = ("Flag", *(figure.replace("_", " ").capitalize() for figure in _FIGURES))
    return paragraphs(
        Markup("## New and legacy, called side by side"),
        table(heads, rows, align="l" + "r" * len(_FIGURES)),
        _samples(inputs),
    )


def _samples(inputs: SiteInputs) -> Markup:
    seen = [record for view in inputs.suites for record in view.of(ComparisonSeen)]
    rows = [
        (code(record.name), code(sample.call), sample.chosen, code(sample.new), code(sample.legacy))
        for record in seen
        for sample in record.samples
    ]
    if not rows:
        return Markup("")
    more = Markup("") if len(rows) <= _SAMPLES else fill("The first {} of {}.", _SAMPLES, len(rows))
    heads = ("Flag", "Called with", "Chosen", "New", "Legacy")
    return paragraphs(Markup("### Where they differed"), more, table(heads, rows[:_SAMPLES]))


def _retired(view: MigrationView) -> Markup:
    if not view.retired:
        return Markup("")
    rows = [(code(found.symbol), found.message, code(found.location)) for found in view.retired]
    return paragraphs(Markup("## Flags to take out"), table(("Flag", "What is to be done", "Where"), rows))


def _moves(status: Status | None) -> Markup:
    if status is None or not status.history:
        return Markup("")
    rows = [
        (
            moment(round(move.at * 1e9)),
            move.kind,
            f"{move.old} to {move.new}",
            f"{move.percentage:g} %",
            move.by or "unknown",
            move.reason,
        )
        for move in reversed(status.history)
    ]
    heads = ("When", "Kind", "Stage", "Percentage", "By", "Reason")
    return paragraphs(Markup("## Moves"), table(heads, rows, align="lllrll"))
