"""Evidence pages: for each suite what its latest run recorded, as it was recorded."""

from __future__ import annotations

from collections.abc import Mapping

from overt.campaign.flag_states import state_of
from overt.evidence.records import (
    AnyRecord,
    Collected,
    CommandRun,
    ComparisonSeen,
    Control,
    ExerciseChecked,
    FindingSeen,
    Measure,
    Reference,
    Rehearsal,
    Rerun,
    ReviewItem,
    Scan,
    TestCase,
)
from overt.evidence.rerun import WORDS, grade_of
from overt.model import State
from overt.site.inputs import SiteInputs, SuiteView
from overt.site.marks import outcome_mark, state_mark
from overt.site.markup import Markup, block, code, facts, fill, join, link, paragraphs, table
from overt.site.pages.common import commit_text, front, lead, measured_on, method, results, sentence
from overt.site.pages.status import headline
from overt.site.paths import CASES, EVIDENCE, HIDDEN_STATE, REPORT, evidence_page, relative
from overt.system.units import bytes_text, count, duration, moment, value_text

_ROWS = 400
"""Rows of one table on a page; more are counted and left to the ledger."""

_TESTS = 100
"""Tests that did not pass, named on the page; the explorer has all."""

_OUTPUT = 20_000
"""Characters of output shown; the ledger keeps the rest."""


def _rows(what: str, heads: tuple[str, ...], rows: list[tuple[object, ...]], *, align: str = "") -> Markup:
    if not rows:
        return Markup("")
    more = fill("{} more are in the ledger.", len(rows) - _ROWS) if len(rows) > _ROWS else Markup("")
    return paragraphs(fill("## {}", what), table(heads, rows[:_ROWS], align=align), more)


def _output(blob: bytes, size: int) -> Markup:
    text = blob.decode("utf-8", "replace")
    cut = len(text) - _OUTPUT
    half = _OUTPUT // 2
    shown = f"{text[:half]}\n[... {cut:,} characters left out on this page ...]\n{text[-half:]}" if cut > 0 else text
    return paragraphs(fill("Output, {}:", bytes_text(size)), block(shown))


def _exit_text(command: CommandRun) -> str:
    if command.failure:
        return f"could not start: {command.failure}"
    if command.timed_out:
        return "ended by its time limit"
    return f"ended by signal {command.signal}" if command.signal else f"{command.exit_code}"


def _command(command: CommandRun, blobs: Mapping[str, bytes]) -> Markup:
    rows: list[tuple[object, object]] = [
        ("Command", code(" ".join(command.argv))),
        ("Exit code", _exit_text(command)),
        ("Started", moment(command.start_ns)),
        ("Took", duration(command.duration_ns)),
    ]
    if command.cpu_ns:
        rows.append(("Processor time", duration(command.cpu_ns)))
    if command.peak_bytes:
        rows.append(("Largest memory", bytes_text(command.peak_bytes)))
    shown = blobs.get(command.output_blob)
    return paragraphs(
        facts(rows),
        _output(shown, command.output_bytes) if shown else Markup("It printed nothing that was kept."),
    )


def _tests(view: SuiteView, page: str) -> Markup:
    tests = view.of(TestCase)
    if not tests:
        return Markup("")
    other = [test for test in tests if test.outcome != "passed"]
    rows = [(outcome_mark(test.outcome), code(test.name), duration(test.duration_ns)) for test in other[:_TESTS]]
    more = f", the first {_TESTS} of them here" if len(other) > _TESTS else ""
    return paragraphs(
        Markup("## Tests"),
        fill(
            "{} recorded, {} of them not plainly passed{}; all are in the {}.",
            count(len(tests), "attempt"),
            len(other),
            more,
            "ledger" if state_of(view.name) else link("case explorer", relative(page, CASES)),
        ),
        table(("Outcome", "Test", "Time"), rows, align="llr") if rows else Markup(""),
    )


def _plain(record: AnyRecord) -> tuple[object, ...] | None:
    """One line for kinds of records that need no page of their own."""
    match record:
        case Collected():
            return ("collected", f"{count(record.count, 'test')} before the first one ran", code(record.sha256[:16]))
        case Scan():
            read = (
                f"{count(record.files, 'file')}, {count(record.lines, 'line')}" if record.files else "it does not tell"
            )
            unread = f", {count(len(record.unreadable), 'file')} unreadable" if record.unreadable else ""
            return ("scan", f"{record.tool} {record.version}".strip(), f"{read}{unread}")
        case Measure():
            return ("measure", code(record.name), value_text(record.value, record.unit))
        case ComparisonSeen():
            differed = f"{count(record.mismatches, 'mismatch', 'mismatches')}, {record.ignored:,} ignored"
            return ("comparison", code(record.name), f"{record.agreed:,} agreed, {differed}, {record.failed:,} failed")
        case Rerun():
            came = "the same" if record.agrees else "; ".join(record.differences) or "nothing to compare"
            return ("re-run", fill("compared with {}", code(record.of)), f"{came}, of {record.compared:,} compared")
        case Control():
            due = "had to alarm" if record.must_alarm else "had to stay silent"
            return ("control", code(record.gate), f"{due}, and {'alarmed' if record.alarmed else 'stayed silent'}")
        case _:
            return None


def _outcomes(view: SuiteView) -> Markup:
    """Rehearsals, exercises, review items and references: their state in one line each."""
    rehearsals: list[tuple[object, ...]] = [
        (
            state_mark(State.PROVED if not record.reason else State.REFUTED),
            record.runbook,
            record.reason or "done and taken back",
        )
        for record in view.of(Rehearsal)
    ]
    exercises: list[tuple[object, ...]] = [
        (
            state_mark(State.PROVED if not record.reason else State.REFUTED),
            record.exercise,
            record.reason
            or f"its solution passes; {record.wrong_rejected} of {record.wrong_total} wrong answers are rejected",
        )
        for record in view.of(ExerciseChecked)
    ]
    named: list[tuple[object, ...]] = [
        (_state(record.state), code(record.text), f"{record.path}:{record.line}", record.reason)
        for record in view.of(Reference)
    ]
    items: list[tuple[object, ...]] = [
        (_state(record.state), record.item, record.reason) for record in view.of(ReviewItem)
    ]
    return paragraphs(
        _rows("Runbooks", ("State", "Runbook", "What happened"), rehearsals),
        _rows("Exercises", ("State", "Exercise", "What happened"), exercises),
        _rows("References in documents", ("State", "Text", "Where", "Reason"), named),
        _rows("Review items", ("State", "Item", "Reason"), items),
    )


def _state(text: str) -> Markup:
    return state_mark(State(text) if text in frozenset(State) else State.UNCHECKED)


def _about(view: SuiteView) -> Markup:
    manifest, planned = view.manifest, view.planned
    if manifest is None:
        return Markup("")
    rows: list[tuple[object, object]] = [
        ("Run", code(manifest.run)),
        ("Began", moment(manifest.created_ns)),
        ("Measured on", commit_text(manifest.subject.commit, dirty=manifest.subject.dirty)),
        ("Grade", WORDS[grade_of(manifest, view.records)]),
        ("Plan, digest", code(manifest.plan_sha256[:16])),
    ]
    if planned:
        rows += [
            (
                "Inputs",
                fill("{} matched by {}", count(planned.inputs.files, "file"), _patterns(planned.inputs.patterns)),
            ),
            ("Inputs, digest", code(planned.inputs.sha256[:16])),
        ]
    if manifest.state != "closed":
        rows.append(("State of the run", f"{manifest.state}: it did not come to its end"))
    return facts(rows)


def _patterns(patterns: tuple[str, ...]) -> Markup:
    shown = join((code(pattern) for pattern in patterns[:6]), ", ")
    return fill("{} and {} more patterns", shown, len(patterns) - 6) if len(patterns) > 6 else shown


def evidence(view: SuiteView, inputs: SiteInputs) -> Markup:
    """Return the evidence page of a suite.

    Args:
        view: The suite.
        inputs: What the site is made from.
    """
    page, summary = evidence_page(view.name), view.summary
    commands = [_command(command, inputs.blobs) for command in view.of(CommandRun)]
    lines = [line for record in view.records if type(record) is not TestCase and (line := _plain(record))]
    findings = view.of(FindingSeen)
    return paragraphs(
        front(f"Evidence: {summary.title}", f"What the latest run of {summary.title} recorded.", search=False),
        fill("# Evidence: {}", summary.title),
        lead(
            summary.verdict.state,
            results(summary),
            sentence(summary.verdict),
            _measured(view, page),
        ),
        _about(view),
        paragraphs(Markup("## Commands"), *commands) if commands else Markup(""),
        _rows("Observations", ("Kind", "What", "Value"), lines),
        _tests(view, page),
        paragraphs(
            Markup("## Findings"),
            fill("{}, listed {}.", count(len(findings), "finding"), link("by module", relative(page, HIDDEN_STATE))),
        )
        if findings
        else Markup(""),
        _outcomes(view),
        method(
            "This is what the runner, the tool or the file of results said, as it was recorded and sealed; the verdict "
            "is counted from it when the site is built. Outputs are cut in the middle, and long tables at their end: "
            "the ledger has all of them. What looks like a secret was taken out before it was stored."
        ),
    )


def _measured(view: SuiteView, page: str) -> Markup:
    summary = view.summary
    report = link("validation report", relative(page, REPORT))
    if not summary.run:
        return fill("It has not been measured yet. Part of the {}.", report)
    on = commit_text(summary.commit, dirty=summary.dirty)
    return fill("Measured {} on {}. Part of the {}.", moment(summary.start_ns), on, report)


def index(inputs: SiteInputs) -> Markup:
    """Return the list of all evidence pages."""
    rows = [
        (
            state_mark(view.summary.verdict.state),
            link(view.summary.title, relative(EVIDENCE, evidence_page(view.name))),
            count(len(view.records), "record"),
            moment(view.summary.start_ns) if view.summary.run else "never ran",
        )
        for view in inputs.suites
    ]
    return paragraphs(
        front("Evidence", "What was recorded, suite by suite."),
        Markup("# Evidence"),
        lead(*headline(inputs), "", measured_on(EVIDENCE, inputs.suites)),
        fill("What the {} rests on.", link("validation report", relative(EVIDENCE, REPORT))),
        table(("State", "Suite", "Records", "Started"), rows) if rows else Markup("No suite is declared."),
        method("Of each suite this is the newest run; older ones are in the ledger, and in the trends as figures."),
    )
