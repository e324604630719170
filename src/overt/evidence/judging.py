"""The rules by which observations become a verdict: each gives its doubts, and no doubt at all is a proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from overt.evidence.controls import KIND as CONTROLS
from overt.evidence.controls import control_state, nothing_tried
from overt.evidence.quarantine import Excused, Held
from overt.evidence.records import (
    AnyRecord,
    Collected,
    CommandRun,
    ComparisonSeen,
    Control,
    ExerciseChecked,
    FindingSeen,
    Measure,
    Performed,
    Reference,
    Rehearsal,
    ReviewItem,
    Scan,
    SuiteRun,
    TestCase,
    Timing,
)
from overt.evidence.tally import TestTally
from overt.evidence.words import within
from overt.model import State
from overt.system.units import count

_SHOWN = 20
NOTHING = Excused()
"""No failure is excused."""

_STATUS = {
    "timeout": "its time limit ended it",
    "interrupted": "it was interrupted",
    "crashed": "it crashed",
    "unable": "it could not run",
    "not-run": "it did not run",
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a suite is not proved.

    Args:
        state: `refuted`, `conflict` or `unchecked`.
        reason: What was seen, with its figures.
        evidence: Ids of the records.
        breaks: Whether it is why nothing more came.
        follows: Whether it goes without saying once there is one that breaks.
    """

    state: State
    reason: str
    evidence: tuple[str, ...] = ()
    breaks: bool = False
    follows: bool = False


def judge_end(ends: Sequence[SuiteRun]) -> list[Doubt]:
    """A suite counts only when it is written that it ran to its end."""
    if not ends:
        reason = "it never came to an end: the run was killed, or is still going"
        return [Doubt(State.UNCHECKED, reason, follows=True)]
    return [
        Doubt(State.UNCHECKED, _STATUS[end.status] + (f": {end.reason}" if end.reason else ""), (end.id,), breaks=True)
        for end in ends
        if end.status != "completed"
    ]


def judge_tests(tally: TestTally, at_least: int, excused: Excused = NOTHING) -> list[Doubt]:
    """Tests prove something only when enough of them ran, none is missing and none failed.

    Args:
        tally: What the records came to.
        at_least: Fewest tests that must run; one must in any case.
        excused: Failures that count for nothing, for now; their tests count as run and not as passed.
    """
    counts, doubts = tally.counts, []
    failed, broke = counts.failed - excused.failed, counts.errors - excused.errors
    if failed or broke:
        parts = [f"{failed} failed"] if failed else []
        parts += [f"{broke} broke"] if broke else []
        beside = f", beside {len(excused.ids)} in quarantine" if excused.ids else ""
        reason = f"{' and '.join(parts)} of {_tests(counts.total)}{beside}"
        named = tuple(name for name in tally.failing if name not in excused.ids)
        doubts.append(Doubt(State.REFUTED, reason, named[:_SHOWN]))
    doubts += [Doubt(State.REFUTED, _over(one)) for one in excused.over]
    if tally.conflicts:
        names = ", ".join(tally.conflicts[:3]) + (", …" if len(tally.conflicts) > 3 else "")
        doubts.append(Doubt(State.CONFLICT, f"two records disagree about {names}"))
    if not counts.total:
        doubts.append(Doubt(State.UNCHECKED, "no test left a result", follows=True))
    elif not counts.ran:
        doubts.append(Doubt(State.UNCHECKED, f"nothing ran: {_tests(counts.skipped)} skipped, no other"))
    elif counts.ran == len(excused.ids):
        doubts.append(Doubt(State.UNCHECKED, f"nothing ran but {_tests(counts.ran)} in quarantine"))
    elif counts.ran < at_least:
        doubts.append(Doubt(State.UNCHECKED, f"{_tests(counts.ran)} ran, at least {at_least:,} must"))
    if counts.missing:
        doubts.append(Doubt(State.UNCHECKED, _missing_reason(tally)))
    return doubts


def judge_flags(cases: Sequence[TestCase], state: str) -> list[Doubt]:
    """A run in a state of flags proves something only about tests that asked a flag.

    Args:
        cases: The records of its tests.
        state: The state.
    """
    if any(case.flags and case.outcome != "skipped" for case in cases):
        return []
    reason = f"no test that ran asked a flag, so nothing is known of it with flags {state}"
    return [Doubt(State.UNCHECKED, reason, follows=True)]


def _over(one: Held) -> str:
    return f"{one.where}: the quarantine of {one.test} ended on {one.until}: {one.owner} mends it, or says until when"


def judge_limits(cases: Sequence[TestCase]) -> list[Doubt]:
    """A test that outlasts its own time limit and passes has swallowed what was to end it.

    Args:
        cases: The records of the tests.
    """
    late = [case for case in cases if case.limit_ns and case.outcome == "passed"]
    if not late:
        return []
    named = [f"{case.name} ({case.duration_ns / 1e9:.3g} s, limit {case.limit_ns / 1e9:.3g} s)" for case in late[:3]]
    more = f" and {len(late) - 3} more" if len(late) > 3 else ""
    reason = f"passed although its time limit had passed: {', '.join(named)}{more}"
    return [Doubt(State.REFUTED, reason, tuple(case.id for case in late[:_SHOWN]))]


def _missing_reason(tally: TestTally) -> str:
    counts = tally.counts
    named = f", for example {tally.missing[0]}" if tally.missing else ""
    return f"{counts.missing} of {counts.planned} planned tests left no result{named}"


def _tests(number: int) -> str:
    return f"{number:,} test" if number == 1 else f"{number:,} tests"


def judge_parts(collected: Sequence[Collected]) -> list[Doubt]:
    """The parts of a run must have been dealt out from one and the same set of tests.

    Args:
        collected: What each part says was going to run.
    """
    wholes = {record.whole_sha256: record.whole for record in collected if record.whole}
    if len(wholes) < 2:
        return []
    numbers = " and ".join(f"{number:,}" for number in sorted(wholes.values()))
    reason = f"its parts were dealt out from different sets of tests, of {numbers}"
    return [Doubt(State.CONFLICT, reason, tuple(record.id for record in collected[:_SHOWN]))]


def judge_scan(
    scans: Sequence[Scan], failing: Sequence[FindingSeen], *, told: bool, strict: bool, at_most: int = 0
) -> list[Doubt]:
    """No findings mean nothing unless something was looked at.

    Args:
        scans: What the tools say they read.
        failing: New findings of weight.
        told: Whether the tool's exit status says that it ran to its end.
        strict: Whether the tool must say how many files it read.
        at_most: Most new findings of weight that there may be.
    """
    doubts = []
    if len(failing) > at_most:
        number = len(failing)
        reason = within(number, at_most) if at_most else count(number, "new finding")
        doubts.append(Doubt(State.REFUTED, reason, tuple(record.id for record in failing[:_SHOWN])))
    if not scans:
        doubts.append(Doubt(State.UNCHECKED, "nothing says what was looked at", follows=True))
    elif not any(scan.files for scan in scans) and (strict or not (told or failing)):
        doubts.append(Doubt(State.UNCHECKED, "no file was looked at", tuple(scan.id for scan in scans)))
    unreadable = sorted({path for scan in scans for path in scan.unreadable})
    if unreadable:
        reason = f"{len(unreadable)} files could not be read, for example {unreadable[0]}"
        doubts.append(Doubt(State.UNCHECKED, reason, tuple(scan.id for scan in scans if scan.unreadable)))
    return doubts


def judge_commands(
    commands: Sequence[CommandRun], kind: str, *, failures: bool, findings: bool, finished: bool = True
) -> list[Doubt]:
    """A program's exit status must fit what it reported.

    Args:
        commands: The programs that ran.
        kind: Kind of the suite.
        failures: Whether a test that failed, or more new findings than there may be, were recorded.
        findings: Whether any finding was recorded.
        finished: Whether the suite ran to its end; the status of a program that could not measure refutes nothing.
    """
    doubts = []
    for command in commands:
        state, reason = _command_doubt(command, kind, failures=failures, findings=findings)
        broken_off = state is State.REFUTED and kind != "command" and not finished
        if reason:
            doubts.append(Doubt(State.UNCHECKED if broken_off else state, reason, (command.id,), follows=broken_off))
    return doubts


def _command_doubt(command: CommandRun, kind: str, *, failures: bool, findings: bool) -> tuple[State, str]:
    name = command.argv[0].rpartition("/")[2] if command.argv else "the program"
    if command.failure:
        return State.UNCHECKED, f"{name} could not be started: {command.failure}"
    if command.timed_out:
        return State.UNCHECKED, f"{name} was ended by its time limit"
    if command.signal is not None:
        return State.REFUTED if kind == "command" else State.UNCHECKED, f"{name} was ended by signal {command.signal}"
    if command.exit_code is None:
        return State.UNCHECKED, f"{name} did not end"
    if command.exit_code == 0:
        return State.PROVED, ""
    ended = f"{name} exited {command.exit_code}"
    if kind == "command":
        return State.REFUTED, ended
    if failures or (findings and command.exit_code == 1):
        return State.PROVED, ""
    if kind == "lint":
        return (
            State.UNCHECKED,
            f"{ended}{', which findings alone do not explain' if findings else ' without a finding'}",
        )
    if command.exit_code == 1:
        return State.REFUTED, f"{ended} although no recorded test failed"
    return State.UNCHECKED, ended


def judge_others(records: Sequence[AnyRecord], kind: str, at_least: int) -> list[Doubt]:
    """Judge rehearsals, exercises, references, review items and controls.

    Args:
        records: The records of the suite.
        kind: Its kind.
        at_least: Fewest rehearsals there must be, for a suite of rehearsals.
    """
    doubts: list[Doubt] = []
    rehearsed = sum(isinstance(record, Rehearsal) for record in records)
    if kind == "rehearsal" and rehearsed < at_least:
        doubts.append(Doubt(State.UNCHECKED, f"{rehearsed} of {at_least} runbooks were rehearsed"))
    for record in records:
        state, reason = _other(record)
        if state is not State.PROVED:
            doubts.append(Doubt(state, reason, (record.id,)))
    if kind == CONTROLS and nothing_tried(records):
        doubts.append(Doubt(State.UNCHECKED, "no gate was tried", follows=True))
    references = [record for record in records if isinstance(record, Reference)]
    if references and not any(record.state in {State.PROVED, State.REFUTED} for record in references):
        doubts.append(Doubt(State.UNCHECKED, f"none of {len(references):,} references could be decided"))
    return doubts


def _other(record: AnyRecord) -> tuple[State, str]:
    match record:
        case Rehearsal():
            return rehearsal_state(record), f"runbook {record.runbook}: {record.reason or 'a step did not hold'}"
        case Performed():
            told = f"runbook {record.runbook} in {record.environment}: {record.reason or 'ended before it was through'}"
            return performed_state(record), told
        case ExerciseChecked():
            return exercise_state(record), f"exercise {record.exercise}: {record.reason or 'its checker is wrong'}"
        case Reference():
            # What cannot be decided about a reference says nothing against the document.
            state = State.REFUTED if record.state == State.REFUTED else State.PROVED
            return state, f"{record.text}: {record.reason}"
        case ReviewItem():
            state = State(record.state) if record.state in set(State) else State.UNCHECKED
            return State.PROVED if state is State.OPEN else state, f"{record.item}: {record.reason or state.value}"
        case Control():
            state, reason = control_state(record)
            return State.PROVED if state is State.OPEN else state, reason
        case _:
            return State.PROVED, ""


def rehearsal_state(record: Rehearsal) -> State:
    """Return whether a rehearsal holds: every step, a changed state, and the way back to the old one."""
    if not any(step.role == "step" for step in record.steps):
        return State.UNCHECKED
    held = all(step.ok for step in record.steps) and record.changed and record.restored and not record.reason
    return State.PROVED if held else State.REFUTED


def performed_state(record: Performed) -> State:
    """Return whether a runbook that was carried out for real came to its end, or was wholly taken back."""
    return State.PROVED if record.finished or record.taken_back else State.REFUTED


def exercise_state(record: ExerciseChecked) -> State:
    """Return whether an exercise holds: its solution passes, its start fails, every wrong answer is rejected."""
    held = record.solution_passes and record.start_fails and record.wrong_rejected == record.wrong_total
    return State.PROVED if held and not record.reason else State.REFUTED


def tells_something(records: Sequence[AnyRecord]) -> bool:
    """Tell whether there is anything but the suite's own end among records."""
    sorts = (
        Measure,
        Scan,
        CommandRun,
        Rehearsal,
        Performed,
        ExerciseChecked,
        Reference,
        ReviewItem,
        Control,
        ComparisonSeen,
        Timing,
    )
    return any(isinstance(record, sorts) for record in records)
