"""Carry a runbook out in a scratch copy, take it back, and see whether both did what they say."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext

from overt.evidence.judging import rehearsal_state
from overt.evidence.records import Rehearsal, Step
from overt.model import State, Verdict
from overt.runbook.execute import missing_environment
from overt.runbook.expect import cannot_fail
from overt.runbook.place import Place
from overt.runbook.records import Block, Runbook
from overt.runbook.scratch import scratch_copy
from overt.runbook.services import running
from overt.runbook.session import Session, Surroundings
from overt.runbook.state import Snapshot, difference
from overt.system.units import count

SUITE = "rehearsal"
"""Name of the suite that rehearsals are recorded under."""

_REASON_LIMIT = 2000


def _begin(session: Session) -> Snapshot | None:
    """Run the prechecks and measure the state twice: one that moves by itself cannot be compared."""
    if not session.all_ok(session.runbook.of("precheck")):
        return None
    first = session.state()
    moved = difference(first, session.state())
    if moved:
        told = f"{session.runbook.path}: the state changes with nothing done: {moved}"
        session.faults.append(session.around.redact(told))
    return None if session.faults else first


def _carry_out(session: Session, step: Block, before: Snapshot) -> tuple[bool, Snapshot]:
    """Try the checks of a step before it, do it, try them again; True when all went well."""
    checks = session.runbook.belonging("check", step.id)
    for check in checks:
        session.run(check, role="before", must_fail=True)
    if checks and (moved := difference(before, untouched := session.state())):
        session.fault(step, f"has a check that changes the state: {moved}")
        before = untouched
    if not session.all_ok([step]):
        return False, session.state()
    checked = session.all_ok(checks)
    after = session.state()
    if not difference(before, after):
        session.fault(step, "changes nothing")
    return checked, after


def _take_back(session: Session, done: Sequence[Block], now: Snapshot) -> Snapshot:
    """Run the undos of what was done, the last first."""
    for step in reversed(done):
        for undo in session.runbook.belonging("undo", step.id):
            session.all_ok([undo])
            after = session.state()
            if not difference(now, after):
                session.fault(undo, "restores nothing: the state is the same before and after it")
            now = after
    return now


def _with_services(session: Session) -> None:
    """The whole rehearsal, with what has to run in the background of it."""
    with running(session.runbook.of("service"), session.place, session.environment) as services:
        for service in services:
            session.served(service.block, service.await_ready())
        if not session.faults:
            _story(session)
            for service in reversed(services):  # a later one may need those before it
                if ended := service.end():
                    session.fault(service.block, f"did not live to the end of the rehearsal: {ended}")


def _story(session: Session) -> None:
    """The whole rehearsal, from the first precheck to the state that must be the first one again."""
    start = _begin(session)
    if start is None:
        return
    now, done = start, []
    for step in session.runbook.actions:
        if step.role == "manual":
            session.by_hand(step, "not rehearsed")
            continue
        well, now = _carry_out(session, step, now)
        done.append(step)
        if not well:
            break
    session.changed = bool(difference(start, now))
    now = _take_back(session, done, now)
    session.all_ok(session.runbook.of("precheck"))
    remains = difference(start, now)
    session.restored = not remains
    if remains:
        session.faults.append(session.around.redact(f"{session.runbook.path}: not restored: {remains}"))
    if not session.changed:
        session.faults.append(f"{session.runbook.path}: the steps together change nothing")


def rehearse(runbook: Runbook, around: Surroundings, *, place: Place | None = None, environment: str = "") -> Rehearsal:
    """Rehearse a runbook in a scratch copy of the project, or in a declared environment.

    Args:
        runbook: What to rehearse.
        around: Where, with what, and who watches.
        place: Where blocks run; a scratch copy when None.
        environment: Name of that place.

    Returns:
        What was observed; `rehearsal_verdict` says what it amounts to.
    """
    start_ns, began = around.clock.now_ns(), around.clock.monotonic_ns()
    steps: list[Step] = []
    changed = restored = False
    faults = [
        f"{block.location}: the expectation for {block.target!r} matches anything"
        for block in runbook.of("expect")
        if cannot_fail(block)
    ]
    missing = missing_environment(runbook.env, around.environment) if place is None else []
    if missing:
        faults.append(f"{runbook.path}: not set in this environment: {', '.join(missing)}")
    else:
        scratch_or_place = (
            scratch_copy(
                around.root, around.files, runbook=runbook.id, temp=around.temp, start_ns=start_ns, keep=around.keep
            )
            if place is None
            else nullcontext(place)
        )
        with scratch_or_place as where:
            session = Session(runbook, where, around)
            _with_services(session)
            steps, changed, restored = session.steps, session.changed, session.restored
            faults += session.faults
            if around.keep:
                around.progress.kept(where.project)
    return Rehearsal(
        id=f"rehearsal:{SUITE}:{runbook.id}",
        suite=SUITE,
        runbook=runbook.id,
        path=runbook.path,
        text_sha256=runbook.text_sha256,
        steps=tuple(steps),
        changed=changed,
        restored=restored,
        environment=environment,
        reason="; ".join(faults)[:_REASON_LIMIT],
        start_ns=start_ns,
        duration_ns=around.clock.monotonic_ns() - began,
    )


def rehearsal_verdict(record: Rehearsal) -> Verdict:
    """Return what a rehearsal amounts to, computed from what was observed.

    Args:
        record: The rehearsal.
    """
    state = rehearsal_state(record)
    steps = sum(step.role == "step" for step in record.steps)
    if state is State.PROVED:
        by_hand = sum(step.role == "manual" for step in record.steps)
        rest = f"; {count(by_hand, 'step')} by hand, not rehearsed" if by_hand else ""
        text = f"{count(steps, 'step')} carried out and checked, the state changed and was restored{rest}"
        return Verdict(state, text)
    if not steps:
        return Verdict(state, record.reason or "no step was carried out")
    failed = [step.id for step in record.steps if not step.ok]
    return Verdict(state, record.reason or f"not as it should be: {', '.join(failed) or 'the state'}")
