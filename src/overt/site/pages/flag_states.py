"""Suites by state of the feature flags: what holds with every flag on, with every flag off, and with some of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from overt.campaign.flag_states import base_of, state_of
from overt.evidence.records import TestCase
from overt.flags.states import STATES
from overt.model import State, worst
from overt.site.inputs import SiteInputs, SuiteView
from overt.site.marks import outcome_mark, state_mark
from overt.site.markup import Markup, block, code, fill, join, link, paragraphs, table
from overt.site.pages.common import details, front, lead, measured_on, results, sentence, short
from overt.site.paths import FLAG_STATES, REPORT, evidence_page, relative, slug
from overt.system.text import plain_text
from overt.system.units import count, duration

_FAILURES = 20
"""Failures of a suite in a state that stand on the page; more are counted and left to the ledger."""

_TEXT = 8_000
"""Characters of a failure text kept for the page."""

_WORDS = {"on": "Every flag on", "off": "Every flag off", "mixed": "Mixed"}

_METHOD = Markup(
    "A suite that is declared for a state of the flags is run in it from its start: with every flag on, with every "
    "flag off, or mixed, where flags are in turn on for half of the keys, on, and off. Each state is recorded and "
    "judged as a suite of its own; the totals of the report count each test once, as the suite itself ran it. A state "
    "in which no test asked a flag is unchecked, whatever passed: nothing in it depended on the state."
)


def ran(inputs: SiteInputs) -> list[SuiteView]:
    """Return the suites in those states in which they were run."""
    return [view for view in inputs.flag_states if view.summary.run]


def overall(inputs: SiteInputs) -> tuple[State, str]:
    """Return the worst state of all suites in their states, and how many hold."""
    states = [view.summary.verdict.state for view in inputs.flag_states]
    held = sum(state is State.PROVED for state in states)
    suites = len({base_of(view.name) for view in inputs.flag_states})
    return worst(states), f"{held} of {len(states)} runs of {count(suites, 'suite')} in a state of the flags hold"


def section(inputs: SiteInputs) -> Markup:
    """Return the part of the report that tells of the states; nothing when none was run."""
    if not ran(inputs):
        return Markup("")
    state, text = overall(inputs)
    more = link("which, and what was asked", relative(REPORT, FLAG_STATES))
    return paragraphs(
        Markup("## By flag state"), _matrix(inputs, REPORT), fill("{} {}: {}.", state_mark(state), text, more)
    )


def flag_states(inputs: SiteInputs) -> Markup:
    """Return the page of the states."""
    state, text = overall(inputs)
    return paragraphs(
        front("By flag state", f"What holds in {inputs.project} with feature flags on, off and mixed."),
        Markup("# By flag state"),
        lead(state, f"{text}.", "", measured_on(FLAG_STATES, ran(inputs))),
        _matrix(inputs, FLAG_STATES),
        _doubts(inputs),
        _failures(inputs),
        _asked(inputs),
        _skips(inputs),
        Markup("## Method and limits"),
        _METHOD,
        fill("The suites as they choose by themselves are in the {}.", link("report", relative(FLAG_STATES, REPORT))),
    )


def _matrix(inputs: SiteInputs, page: str) -> Markup:
    """Return what each suite came to in each state."""
    known = {view.name: view for view in (*inputs.suites, *inputs.flag_states)}
    shown = [state for state in STATES if any(state_of(view.name) == state for view in inputs.flag_states)]
    rows = []
    for name in dict.fromkeys(base_of(view.name) for view in inputs.flag_states):
        title = known[name].summary.title if name in known else name
        cells = [_cell(known.get(f"{name}@{state}"), page) for state in shown]
        rows.append((link(title, f"{relative(page, REPORT)}#suite-{slug(name)}"), *cells))
    return table(("Suite", *(_WORDS[state] for state in shown)), rows)


def _cell(view: SuiteView | None, page: str) -> Markup:
    if view is None:
        return Markup("<small>not declared</small>")
    mark = state_mark(view.summary.verdict.state)
    if not view.summary.run:
        return fill("{}<br><small>never ran</small>", mark)
    told = fill("{}, {}", results(view.summary), duration(view.summary.duration_ns))
    return fill("{}<br><small>{}</small>", mark, link(told, relative(page, evidence_page(view.name))))


def _doubts(inputs: SiteInputs) -> Markup:
    """Say of each run that does not hold why it does not."""
    lines = [
        fill("- {} **{}**: {}", state_mark(one.verdict.state), one.title, short(sentence(one.verdict), 300))
        for one in (view.summary for view in inputs.flag_states)
        if one.verdict.state is not State.PROVED
    ]
    return paragraphs(Markup("## What does not hold"), join(lines, "\n")) if lines else Markup("")


def _cases(view: SuiteView, outcomes: Iterable[str]) -> list[TestCase]:
    last = {test.name: test for test in sorted(view.of(TestCase), key=lambda test: test.attempt)}
    wanted = frozenset(outcomes)
    return [last[name] for name in sorted(last) if last[name].outcome in wanted]


def _failures(inputs: SiteInputs) -> Markup:
    parts: list[Markup] = []
    for view in ran(inputs):
        failed = _cases(view, ("failed", "error"))
        for test in failed[:_FAILURES]:
            head = fill("{} {} <small>{}</small>", outcome_mark(test.outcome), code(test.name), view.summary.title)
            text = plain_text(test.detail or test.message or "It left no text.")
            parts.append(details(head, block(text[:_TEXT], label="Failure text")))
        if len(failed) > _FAILURES:
            parts.append(fill("{}: {} more failures.", view.summary.title, len(failed) - _FAILURES))
    return paragraphs(Markup("## Failures"), *parts) if parts else Markup("")


def _asked(inputs: SiteInputs) -> Markup:
    """Return how many tests asked each flag in each state; a declared flag that none asked is told, too."""
    counted = {state: Counter[str]() for state in STATES}
    for view in ran(inputs):
        for test in view.of(TestCase):
            if test.outcome != "skipped":
                counted[state_of(view.name)].update(test.flags)
    shown = [state for state in STATES if any(state_of(view.name) == state for view in ran(inputs))]
    names = sorted({*inputs.rooms.flags, *(name for each in counted.values() for name in each)})
    rows = [
        (code(name), *(f"{counted[state][name]:,}" if counted[state][name] else "none" for state in shown))
        for name in names
    ]
    if not rows:
        return Markup("")
    heads = ("Flag", *(_WORDS[state] for state in shown))
    return paragraphs(Markup("## Tests that asked each flag"), table(heads, rows, align="l" + "r" * len(shown)))


def _skips(inputs: SiteInputs) -> Markup:
    """Return what was skipped in a state, reason by reason."""
    reasons = Counter[tuple[str, str, str]]()
    for view in ran(inputs):
        name, state = base_of(view.name), state_of(view.name)
        reasons.update((name, state, test.message or "no reason given") for test in _cases(view, ("skipped",)))
    rows = [(name, state, f"{number:,}", reason) for (name, state, reason), number in sorted(reasons.items())]
    if not rows:
        return Markup("")
    heads = ("Suite", "Flags", "Tests", "Reason")
    return paragraphs(Markup("## What was skipped in a state, and why"), table(heads, rows, align="llrl"))
