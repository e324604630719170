"""Carry a runbook out for real, or take back what was done, and note each step before and after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec

from overt.evidence.judging import performed_state
from overt.evidence.records import Performed
from overt.model import State, Verdict
from overt.runbook.journal import Entry, Journal, remove_journal, write_journal
from overt.runbook.lint import is_destructive
from overt.runbook.place import Place
from overt.runbook.records import Block, Runbook
from overt.runbook.session import Session, Surroundings
from overt.system.units import count

SUITE = "runbooks"
"""Name of the suite that runbooks carried out for real are recorded under."""


class Person(Protocol):
    """Who carries a runbook out."""

    name: str

    def agrees(self, block: Block, question: str) -> bool:
        """Tell whether a block that takes something away may run."""

    def has_done(self, task: Block) -> str | None:
        """Return what the person notes about a task that was done; None when it was not."""


@dataclass(frozen=True, slots=True)
class Errand:
    """What is to be carried out, where, and by whom.

    Args:
        runbook: The runbook.
        environment: Name of the environment.
        place: Where its blocks run.
        around: What it takes from outside.
        person: Who is asked.
        path: File of the journal.
    """

    runbook: Runbook
    environment: str
    place: Place
    around: Surroundings
    person: Person
    path: Path


class _Journey:
    """The journal as it grows, on disk after every change."""

    def __init__(self, errand: Errand, journal: Journal) -> None:
        self._errand, self.journal = errand, journal

    def note(self, block: Block, state: str, text: str = "") -> None:
        entry = Entry(
            id=block.id,
            state=state,  # type: ignore[arg-type]  # one of three words, all of them in this file
            by=self._errand.person.name,
            at_ns=self._errand.around.clock.now_ns(),
            note=self._errand.around.redact(text),
        )
        self._write(self.journal.with_entry(entry))

    def finish(self) -> None:
        self._write(msgspec.structs.replace(self.journal, finished=True))

    def forget(self, action: str) -> None:
        self._write(self.journal.without(action))

    def _write(self, journal: Journal) -> None:
        self.journal = journal
        write_journal(self._errand.path, journal)


def begin(errand: Errand) -> Journal:
    """Return the journal of a runbook of which nothing is done yet."""
    return Journal(
        runbook=errand.runbook.id,
        environment=errand.environment,
        text_sha256=errand.runbook.text_sha256,
        start_ns=errand.around.clock.now_ns(),
    )


def perform(errand: Errand, journal: Journal) -> Performed:
    """Do what is not done yet: prechecks when nothing is, then each step with its checks, each task of a person.

    Args:
        errand: What, where, by whom.
        journal: How far it has come.

    Returns:
        What was observed. It ends at the first thing that does not go well, and what was done stays.
    """
    session, journey = Session(errand.runbook, errand.place, errand.around), _Journey(errand, journal)
    start_ns, began = errand.around.clock.now_ns(), errand.around.clock.monotonic_ns()
    finished = False
    if journal.entries or session.all_ok(errand.runbook.of("precheck")):
        rest = [action for action in errand.runbook.actions if action.id not in journal.done]
        finished = all(_act(errand, session, journey, action) for action in rest)
    if finished:
        journey.finish()
    return _record(errand, session, start_ns, began, finished=finished)


def _act(errand: Errand, session: Session, journey: _Journey, action: Block) -> bool:
    if action.role == "manual":
        return _by_hand(errand, session, journey, action)
    twice = "it was begun before, and nothing is known of its end" if action.id in journey.journal.unknown else ""
    if not _agreed(errand, session, action, twice):
        return False
    journey.note(action, "begun")
    well = session.all_ok([action]) and session.all_ok(errand.runbook.belonging("check", action.id))
    journey.note(action, "done" if well else "failed")
    return well


def _by_hand(errand: Errand, session: Session, journey: _Journey, task: Block) -> bool:
    note = errand.person.has_done(task)
    if note is None:
        session.fault(task, "was not done")
        return False
    journey.note(task, "done", note)
    session.by_hand(task, f"by {errand.person.name}{f': {note}' if note else ''}")
    return True


def _agreed(errand: Errand, session: Session, block: Block, why: str = "") -> bool:
    """Ask before a block that takes something away, or that there is another reason to ask about."""
    questions = (why, block.confirm or ("this takes something away" if is_destructive(block) else ""))
    question = "; ".join(filter(None, questions))
    if not question or errand.person.agrees(block, question):
        return True
    session.fault(block, "was not agreed to")
    return False


def take_back(errand: Errand, journal: Journal) -> Performed:
    """Run the undos of what was begun, the last first; what a person did by hand is told to be taken back by hand.

    Args:
        errand: What, where, by whom.
        journal: How far it had come.
    """
    session, journey = Session(errand.runbook, errand.place, errand.around), _Journey(errand, journal)
    start_ns, began = errand.around.clock.now_ns(), errand.around.clock.monotonic_ns()
    known = {block.id: block for block in errand.runbook.actions}
    begun = [known[entry.id] for entry in reversed(journal.entries) if entry.id in known]
    back = all(_undo(errand, session, journey, action) for action in begun)
    if back:
        remove_journal(errand.path)
    return _record(errand, session, start_ns, began, taken_back=back)


def _undo(errand: Errand, session: Session, journey: _Journey, action: Block) -> bool:
    undos = errand.runbook.belonging("undo", action.id)
    if action.role == "manual":
        note = errand.person.has_done(action)
        if note is None:
            session.fault(action, "was not taken back by hand")
            return False
        session.by_hand(action, f"taken back by {errand.person.name}{f': {note}' if note else ''}")
    elif not undos:
        session.fault(action, "has no undo: take it back by hand, then remove it from the journal")
        return False
    if not all(_agreed(errand, session, undo) for undo in undos) or not session.all_ok(undos):
        return False
    journey.forget(action.id)
    return True


def _record(
    errand: Errand, session: Session, start_ns: int, began: int, *, finished: bool = False, taken_back: bool = False
) -> Performed:
    return Performed(
        id=f"performed:{SUITE}:{errand.runbook.id}@{errand.environment}",
        suite=SUITE,
        runbook=errand.runbook.id,
        path=errand.runbook.path,
        text_sha256=errand.runbook.text_sha256,
        environment=errand.environment,
        by=errand.around.redact(errand.person.name),
        steps=tuple(session.steps),
        finished=finished,
        taken_back=taken_back,
        reason="; ".join(session.faults)[:2000] if session.faults else _stopped(session, finished or taken_back),
        start_ns=start_ns,
        duration_ns=errand.around.clock.monotonic_ns() - began,
    )


def _stopped(session: Session, through: bool) -> str:
    failed = [step.id for step in session.steps if not step.ok]
    return "" if through else f"ended at {failed[0]}" if failed else "ended before it was through"


def performed_verdict(record: Performed) -> Verdict:
    """Return what carrying a runbook out amounts to.

    Args:
        record: What was observed.
    """
    state = performed_state(record)
    if state is not State.PROVED:
        return Verdict(state, record.reason)
    if not record.finished:
        return Verdict(state, f"taken back in {record.environment}")
    steps = count(sum(step.role == "step" for step in record.steps), "step")
    return Verdict(state, f"{steps} carried out in {record.environment}")


def unknown_entries(runbook: Runbook, journal: Journal) -> Sequence[str]:
    """Return ids of a journal that the runbook does not have any more."""
    known = {block.id for block in runbook.actions}
    return [entry.id for entry in journal.entries if entry.id not in known]
