"""The questions of whoever must answer for a project, each answered in one line with its state and a link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from overt.evidence.history import Entry
from overt.model import State, worst
from overt.site.changes import compare
from overt.site.inputs import SiteInputs
from overt.site.marks import state_mark
from overt.site.markup import Markup, link, paragraphs, safe, table
from overt.site.pages import controls, flag_states, leaks, not_checked, speed
from overt.site.pages.common import short
from overt.site.pages.gaps import Gap
from overt.site.pages.status import headline
from overt.site.paths import (
    CLAIMS,
    CONTROLS,
    FLAG_STATES,
    LEAKS,
    MIGRATION,
    NOT_CHECKED,
    REPORT,
    RUNBOOKS,
    SPEED,
    TRENDS,
    relative,
)
from overt.system.units import count, moment

_WEEK_NS = 7 * 24 * 3600 * 1_000_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """One question, answered.

    Args:
        question: As it is asked.
        state: State of the answer; `unchecked` when nothing was measured.
        text: The answer, in one line without its period.
        page: Path of the page with the rest; empty when there is none.
    """

    question: str
    state: State
    text: str
    page: str = ""


def answers(inputs: SiteInputs, found: list[Gap]) -> list[Answer]:
    """Return the answers, in the order in which the questions are asked.

    Args:
        inputs: What the site is made from.
        found: What was not checked.
    """
    asked: tuple[Callable[[SiteInputs], Answer], ...] = (_done, _safe, _slower, _leaking, _changed, _alarming)
    missing = Answer("What was not checked?", *not_checked.headline(inputs, found), NOT_CHECKED)
    return [*(answer(inputs) for answer in asked), missing]


def _done(inputs: SiteInputs) -> Answer:
    state, text = headline(inputs)
    view = inputs.rooms.migration
    if view is not None and inputs.rooms.stages:
        text = f"{text}; {count(len(inputs.rooms.stages), 'stage')} of a migration"
    return Answer("Is it done?", state, text, CLAIMS if inputs.claims else MIGRATION)


def _safe(inputs: SiteInputs) -> Answer:
    """It is safe when the required tests pass in every state, and the way back was rehearsed."""
    question = "Is it safe?"
    required = [view.summary for view in inputs.suites if view.summary.required and view.summary.counts.total]
    states = [summary.verdict.state for summary in required]
    failed = sum(summary.counts.failed + summary.counts.errors for summary in required)
    total = sum(summary.counts.total for summary in required)
    if not required:
        return Answer(question, State.UNCHECKED, "No required suite has run a test", NOT_CHECKED)
    said = [
        f"{count(failed, 'test')} of {total:,} failed" if failed else f"None of {count(total, 'required test')} failed"
    ]
    page = REPORT
    if flag_states.ran(inputs):
        state, text = flag_states.overall(inputs)
        states.append(state)
        said.append(text)
        page = FLAG_STATES
    if inputs.rooms.runbooks:
        held = [view.verdict.state for view in inputs.rooms.runbooks]
        states += held
        good = sum(state is State.PROVED for state in held)
        said.append(f"{good} of {count(len(held), 'runbook')} rehearsed and taken back")
        page = page if page == FLAG_STATES else RUNBOOKS
    return Answer(question, worst(states), "; ".join(said), page)


def _slower(inputs: SiteInputs) -> Answer:
    measured = speed.found(inputs)
    if not measured:
        return Answer("Did it get slower?", State.UNCHECKED, "No benchmark compares before and after")
    state, text = speed.headline(measured)
    return Answer("Did it get slower?", state, text, SPEED)


def _leaking(inputs: SiteInputs) -> Answer:
    checks = leaks.found(inputs)
    if not checks:
        return Answer("Does it leak?", State.UNCHECKED, "Nothing was checked for leaks")
    state, text = leaks.headline(checks)
    return Answer("Does it leak?", state, text, LEAKS)


def _changed(inputs: SiteInputs) -> Answer:
    """What is new against the newest run of each suite that is a week old; against the one before where none is."""
    question, newest = (
        "What changed since last week?",
        max((view.summary.start_ns for view in inputs.suites), default=0),
    )
    old = [entry for entry in inputs.history.entries if newest - entry.created_ns >= _WEEK_NS]
    if old:
        return _against(question, inputs, {entry.suite: entry for entry in old})
    broken = mended = found = cleared = compared = 0
    for view in inputs.suites:
        if view.before is not None:
            changes = compare(view.before, view.records)
            compared += 1
            broken, mended = broken + len(changes.broken), mended + len(changes.mended)
            found, cleared = found + len(changes.found), cleared + len(changes.cleared)
    if not compared:
        return Answer(question, State.UNCHECKED, "There is no earlier run to compare with")
    text = _said(broken, mended, found, cleared)
    since = "no run is a week old; against the run before"
    return Answer(question, State.REFUTED if broken or found else State.PROVED, f"{text} ({since})", TRENDS)


def _said(broken: int, mended: int, found: int, cleared: int) -> str:
    parts = (
        (broken, f"{count(broken, 'test')} newly failing"),
        (found, count(found, "new finding")),
        (mended, f"{count(mended, 'test')} mended"),
        (cleared, f"{count(cleared, 'finding')} gone"),
    )
    return ", ".join(text for number, text in parts if number) or "No test newly fails, and no finding is new"


def _against(question: str, inputs: SiteInputs, before: dict[str, Entry]) -> Answer:
    worse, better, added = 0, 0, 0
    for view in inputs.suites:
        entry, counts = before.get(view.name), view.summary.counts
        if entry is None or not view.summary.run:
            continue
        bad = counts.failed + counts.errors + counts.new_findings
        was = entry.count("failed") + entry.count("errors") + entry.count("new_findings")
        worse, better = worse + max(0, bad - was), better + max(0, was - bad)
        added += counts.total - entry.count("total")
    since = moment(max(entry.created_ns for entry in before.values()))[:10]
    said = [f"{worse:,} more failures and findings"] if worse else []
    said += [f"{better:,} fewer failures and findings"] if better else []
    said += [f"{abs(added):,} {'more' if added > 0 else 'fewer'} tests"] if added else []
    text = f"{', '.join(said) or 'Nothing'}, against {since}"
    return Answer(question, State.REFUTED if worse else State.PROVED, text, TRENDS)


def _alarming(inputs: SiteInputs) -> Answer:
    question = "Would these checks notice?"
    if not inputs.rooms.gates:
        return Answer(question, State.UNCHECKED, "No gate was tried with a planted defect")
    state, text = controls.headline(inputs)
    return Answer(question, state, text[:1].upper() + text[1:], CONTROLS)


def section(inputs: SiteInputs, pages: frozenset[str], found: list[Gap]) -> Markup:
    """Return the questions with their answers as a table.

    Args:
        inputs: What the site is made from.
        pages: Paths of the pages that were rendered; only these are linked.
        found: What was not checked.
    """
    rows = [
        (
            state_mark(one.state),
            link(one.question, relative(REPORT, one.page)) if one.page in pages else safe(one.question),
            safe(short(one.text)),
        )
        for one in answers(inputs, found)
    ]
    return paragraphs(Markup("## At a glance"), table(("State", "Question", "Answer"), rows))
