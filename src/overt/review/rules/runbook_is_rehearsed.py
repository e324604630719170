"""A runbook changed, so it was carried out and taken back."""

from __future__ import annotations

from overt.evidence.judging import rehearsal_state
from overt.evidence.records import Rehearsal, Step
from overt.model import Location, State
from overt.review.context import Context
from overt.review.records import Example, Outcome, ReviewRule
from overt.review.said import counted
from overt.system.files import select


def prove(context: Context) -> Outcome:
    """Look for what the ledger holds of the changed runbooks on this commit."""
    present = [file.path for file in context.changes.files if file.exists]
    touched = select(present, context.campaign.runbooks.paths)
    if not touched:
        return Outcome(None, "no runbook is there that changed")
    done: dict[str, Rehearsal] = {}
    for run in context.runs:
        for record in () if run.damage else run.of(Rehearsal):
            done.setdefault(record.path, record)
    places = tuple(Location(path) for path in touched[:5])
    wrong = [path for path in touched if path in done and rehearsal_state(done[path]) is State.REFUTED]
    if wrong:
        told = "; ".join(f"{done[path].runbook}: {done[path].reason or 'a step did not hold'}" for path in wrong[:5])
        return Outcome(State.REFUTED, told, places)
    absent = [path for path in touched if path not in done or rehearsal_state(done[path]) is not State.PROVED]
    if absent:
        told = f"not rehearsed on this commit: {', '.join(absent[:5])}; run: overt rehearse"
        return Outcome(State.UNCHECKED, told, places)
    return Outcome(
        State.PROVED, f"{counted(len(touched), 'runbook')} rehearsed on this commit", command="overt rehearse"
    )


def _rehearsed(*, restored: bool) -> tuple[Rehearsal, ...]:
    return (
        Rehearsal(
            id="rehearsal:rehearsal:restore",
            suite="rehearsal",
            runbook="restore",
            path="runbooks/restore.md",
            text_sha256="0" * 64,
            steps=(Step(id="1", role="step", ok=True),),
            changed=True,
            restored=restored,
        ),
    )


_BASE = {"runbooks/restore.md": "# Restore\n"}
_HEAD = {"runbooks/restore.md": "# Restore it\n"}

RULE = ReviewRule(
    id="runbook-is-rehearsed",
    title="A changed runbook was rehearsed",
    why="A runbook is read when there is no time to find out that a step is wrong.",
    prove=prove,
    remedy="run `overt rehearse`, and mend the step that does not hold",
    see="docs/explanation/guidelines.md#trust-evidence-of-this-commit-only",
    examples=(
        Example("every step held", _HEAD, State.PROVED, _BASE, {"rehearsal": _rehearsed(restored=True)}),
        Example("it did not lead back", _HEAD, State.REFUTED, _BASE, {"rehearsal": _rehearsed(restored=False)}),
        Example("nobody rehearsed it", _HEAD, State.UNCHECKED, _BASE),
        Example("it goes", {}, None, _BASE),
    ),
)
