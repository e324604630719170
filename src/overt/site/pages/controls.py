"""Has this gate ever failed? What was planted, whether the gate alarmed, and whether it stays silent without."""

from __future__ import annotations

from collections import Counter

from overt.evidence.control_history import GateHistory
from overt.evidence.record_controls import Control, Warned
from overt.evidence.records import TestCase
from overt.model import State
from overt.site.inputs import SiteInputs, SuiteView
from overt.site.marks import state_mark
from overt.site.markup import Markup, code, fill, join, link, paragraphs, table
from overt.site.pages.common import commit_text, front, lead, measured_on
from overt.site.paths import CONTROLS, evidence_page, relative, slug
from overt.system.units import count, duration, moment

_SHOWN = 50
"""Tests that assert nothing that are named, of each suite."""

_METHOD = Markup(
    "A gate that has never failed may be unable to. So each suite is given a defect that it must find: a copy of the "
    "project is made, the defect is planted in it, and the suite runs there as it always does, with its own command, "
    "arguments and settings, and is judged by what judges it always. Of suites of tests only the planted tests run. "
    "Then the same is done without the defect, and the gate has to stay silent. The work tree is not touched. A "
    "planted defect shows that the gate can fail; it does not show that it finds every defect."
)


def gate_state(gate: GateHistory, inputs: SiteInputs) -> tuple[State, str]:
    """Return whether a gate is known to alarm when it must, and only then.

    Args:
        gate: The gate.
        inputs: What the site is made from.
    """
    if not gate.trials:
        return State.UNCHECKED, gate.without or "it was never tried"
    newest = gate.trials[0].gate
    fact = inputs.facts.get(f"controls.{gate.name}.proved") if inputs.facts else None
    if fact is not None and fact.state is State.STALE and newest.state in {State.PROVED, State.REFUTED}:
        return State.STALE, fact.reason
    return newest.state, newest.reason


def headline(inputs: SiteInputs) -> tuple[State, str]:
    """Return the state of the gates that have a control, and how many there are of which sort."""
    judged = [(gate, gate_state(gate, inputs)[0]) for gate in inputs.rooms.gates]
    tried = [state for gate, state in judged if gate.trials]
    if not tried:
        return State.UNCHECKED, "no gate was tried"
    proved = sum(state is State.PROVED for state in tried)
    without = sum(bool(gate.without) for gate, _ in judged if not gate.trials)
    untried = len(judged) - len(tried) - without
    worst = next(state for state in State if state in tried)
    text = f"{proved} of {count(len(tried), 'gate')} alarmed at a planted defect and stayed silent without"
    rest = [f"{without} without a control"] * bool(without) + [f"{untried} not tried"] * bool(untried)
    return worst, "; ".join([text, *rest])


def _half(record: Control | None) -> Markup:
    """What a gate said, with the defect or without."""
    if record is None or record.unable:
        return state_mark(State.UNCHECKED, word="not tried")
    right = State.PROVED if record.alarmed == record.must_alarm else State.REFUTED
    return state_mark(right, word="alarmed" if record.alarmed else "silent")


def _when(gate: GateHistory) -> Markup:
    newest, held = gate.trials[0], f"held {gate.held} of {count(len(gate.trials), 'time')}"
    where = commit_text(newest.commit, dirty=newest.dirty)
    return fill("Last tried {} on {}; {}.", moment(newest.created_ns), where, held)


def _row(gate: GateHistory, inputs: SiteInputs) -> tuple[object, ...]:
    state, _ = gate_state(gate, inputs)
    if not gate.trials:
        return state_mark(state, word="no control" if gate.without else "not tried"), code(gate.name), "–", "–", "–"
    newest = gate.trials[0].gate
    planted = newest.seeded.planted if newest.seeded else ""
    return (
        state_mark(state),
        fill("{}<br><small>{}</small>", link(code(gate.name), f"#gate-{slug(gate.name)}"), planted),
        _half(newest.seeded),
        _half(newest.twin),
        f"{gate.held} of {len(gate.trials)}",
    )


def _said(record: Control | None, what: str) -> Markup:
    if record is None:
        return Markup("")
    # The ratio of a benchmark stands in its note.
    size = f" Measured: {record.value:,} bytes a cycle ({record.low:,} to {record.high:,})."
    figures = size if record.unit == "bytes" else ""
    said = record.unable or record.note or "nothing"
    return fill("- {} ({}): {}.{}", what, duration(record.duration_ns), said.rstrip("."), figures)


def _gate(gate: GateHistory, inputs: SiteInputs) -> Markup:
    if not gate.trials:
        return Markup("")
    newest = gate.trials[0].gate
    _, reason = gate_state(gate, inputs)
    suite = next((view for view in inputs.suites if view.name == gate.suite), None)
    title = link(suite.summary.title, relative(CONTROLS, evidence_page(gate.suite))) if suite else code(gate.suite)
    return paragraphs(
        fill('<a id="gate-{}"></a>', slug(gate.name)),
        fill("### {}", code(gate.name)),
        fill("Kind {}, suite {}.{}", gate.sort, title, f" {reason}." if reason else ""),
        _when(gate),
        join([_said(newest.seeded, "With the defect"), _said(newest.twin, "Without it")], "\n"),
    )


def _without(inputs: SiteInputs) -> Markup:
    lines = [
        fill("- {}: {}", code(gate.name), gate.without or "it was never tried; run overt validate --controls")
        for gate in inputs.rooms.gates
        if not gate.trials
    ]
    return paragraphs(Markup("## Gates without a control, or not tried"), join(lines, "\n")) if lines else Markup("")


def _unasserted(view: SuiteView) -> Markup:
    warned = view.of(Warned)
    if not warned:
        return Markup("")
    tests = Counter(test.name.partition("[")[0] for test in view.of(TestCase))
    number = sum(tests[one.name] for one in warned)
    lines = [fill("- {}, line {}: {}", code(one.path), one.line, one.message) for one in warned[:_SHOWN]]
    if len(warned) > _SHOWN:
        lines.append(fill("- and {} more", len(warned) - _SHOWN))
    return paragraphs(
        fill("### {}", view.summary.title),
        fill("{} of {} without an assertion that can be seen in the code.", number, count(tests.total(), "test")),
        join(lines, "\n"),
    )


def _warnings(inputs: SiteInputs) -> Markup:
    found = list(filter(None, map(_unasserted, inputs.suites)))
    if not found:
        return Markup("")
    text = Markup(
        "A test without an assertion can still fail, when what it calls raises; it just does not look at what came of "
        "it. These were found by reading the tests, not by running them. Helpers are followed as far as they stand "
        "among the tests; a test may be named here whose helper stands elsewhere and asserts."
    )
    return paragraphs(Markup("## Tests that assert nothing"), text, *found)


def controls(inputs: SiteInputs) -> Markup:
    """Return the page of controls."""
    state, text = headline(inputs)
    heads = ("State", "Gate and what was planted", "With it", "Without it", "Held")
    return paragraphs(
        front("Controls", f"Whether the checks of {inputs.project} can fail: defects planted on purpose."),
        Markup("# Controls: has this gate ever failed?"),
        lead(
            state,
            f"{text}.",
            "A gate that never failed may be one that cannot.",
            measured_on(CONTROLS, (view for view in inputs.suites if view.of(Control))),
        ),
        table(heads, [_row(gate, inputs) for gate in inputs.rooms.gates], align="llllr"),
        _without(inputs),
        Markup("## What each gate said"),
        *(_gate(gate, inputs) for gate in inputs.rooms.gates),
        _warnings(inputs),
        Markup("## Method and limits"),
        _METHOD,
    )
