"""The pages of a migration: where it stands, going on, going back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from starlette.responses import Response

from overt.flags.admin.reading import number_of, percentage_of, reason_of
from overt.flags.admin.visit import Refused, Visit
from overt.flags.migration import MigrationControl
from overt.flags.records import Value
from overt.flags.stages import Move, Readiness, Stage, Status

_SHOWN = 10
_ALL_OFF = "The flags of all stages are off."


class Step(NamedTuple):
    """A stage as the page shows it.

    Args:
        stage: The stage.
        standing: `done`, `now` or `ahead`.
        values: Value of each of its flags.
    """

    stage: Stage
    standing: str
    values: dict[str, Value]


def stage_list(visit: Visit) -> Response:
    """Show where the migration stands, and what the next stage waits for."""
    if visit.desk.control is None or not visit.desk.control.stages:
        return visit.page("no_stages")
    return _stages(visit, _control(visit))


def advance(visit: Visit) -> Response:
    """Enter a stage, or raise its percentage; one that is not ready only when that is wanted all the same."""
    control, form = _control(visit), visit.form
    n = number_of(form.get("stage", ""))
    try:
        reason, percentage = reason_of(form), percentage_of(form, least=0.001)
    except ValueError as error:
        return _stages(visit, control, status=400, problem=str(error))
    status = control.status()
    if form.get("seen") != _seen(status):
        problem = "The migration has moved since you looked. Look again, then send it again."
        return _stages(visit, control, status=409, problem=problem)
    readiness = control.readiness(n)
    if not readiness and form.get("anyway") != "yes":
        stage = control.stages[n - 1]
        return visit.page(
            "not_ready",
            status=409,
            stage=stage,
            readiness=readiness,
            percentage=percentage,
            reason=reason,
            seen=_seen(status),
        )
    said = f"stage {status.stage} -> stage {n} at {percentage:g} %" + ("" if readiness else ", not ready")

    def move() -> Move:
        return control.advance_to(n, percentage, by=visit.session.name, reason=reason)

    visit.recorded(said, reason, move)
    return visit.go("/stages", f"Stage {n} is entered at {percentage:g} %.")


def ask_rollback(visit: Visit) -> Response:
    """Show what going back to a stage would do, and ask for the reason."""
    return _ask(visit, number_of(visit.query.get("to", "")), emergency=False)


def ask_emergency(visit: Visit) -> Response:
    """Show what turning everything off would do, and ask for the reason."""
    return _ask(visit, 0, emergency=True)


def rollback(visit: Visit) -> Response:
    """Go back to a stage; what the page showed may be old, for taking back must not wait."""
    control, n = _control(visit), number_of(visit.form.get("to", ""))
    try:
        reason = reason_of(visit.form)
    except ValueError as error:
        return _ask(visit, n, emergency=False, status=400, problem=str(error))
    move = visit.recorded(
        f"back to stage {n}", reason, lambda: control.rollback_to(n, by=visit.session.name, reason=reason)
    )
    return visit.go("/stages", (f"Went back to stage {n}." if n else _ALL_OFF) + _not_read(move))


def emergency(visit: Visit) -> Response:
    """Turn everything off."""
    control = _control(visit)
    try:
        reason = reason_of(visit.form)
    except ValueError as error:
        return _ask(visit, 0, emergency=True, status=400, problem=str(error))
    move = visit.recorded("all stages off", reason, lambda: control.emergency_rollback(reason, by=visit.session.name))
    return visit.go("/stages", _ALL_OFF + _not_read(move))


def _not_read(move: Move) -> str:
    return f" What stood in the store before could not be read: {move.problem}." if move.problem else ""


def _control(visit: Visit) -> MigrationControl:
    if visit.desk.control is None:
        raise Refused(404, "There is no migration", "No stage is declared.")
    return visit.desk.control


def _stages(visit: Visit, control: MigrationControl, *, status: int = 200, problem: str = "") -> Response:
    now = control.status()
    following = next_stage(control, now)
    readiness: Readiness | None = control.readiness(following.number) if following else None
    return visit.page(
        "stages",
        status=status,
        now_at=now,
        steps=[_step(stage, now) for stage in control.stages],
        following=following,
        readiness=readiness,
        seen=_seen(now),
        moves=now.history[: -_SHOWN - 1 : -1],
        more=len(now.history) - _SHOWN,
        problem=problem,
        sent=visit.form,
    )


def next_stage(control: MigrationControl, status: Status) -> Stage | None:
    """Return the stage to go on with: the one that is entered in part, else the one after it."""
    ahead: Sequence[Stage] = [stage for stage in control.stages if stage.number > status.stage]
    if 0 < status.percentage < 100:
        return control.stages[status.stage - 1]
    return ahead[0] if ahead else None


def _step(stage: Stage, status: Status) -> Step:
    standing = "done" if stage.number < status.stage else "now" if stage.number == status.stage else "ahead"
    return Step(stage, standing, {name: status.flags[name] for name in stage.flags})


def _seen(status: Status) -> str:
    return f"{status.stage} {status.percentage:g} {len(status.history)}"


def _ask(visit: Visit, n: int, *, emergency: bool, status: int = 200, problem: str = "") -> Response:
    control = _control(visit)
    now = control.status()
    if n > now.stage:
        raise Refused(409, f"Stage {n} is not reached", f"The migration is at stage {now.stage}. Nothing was changed.")
    kept = {name for stage in control.stages if stage.number <= n for name in stage.flags}
    off = [name for name, value in now.flags.items() if name not in kept and value]
    return visit.page(
        "back",
        status=status,
        now_at=now,
        to=n,
        stage=control.stages[n - 1] if n else None,
        emergency=emergency,
        off=off,
        drift=[name for name in now.drift if name in kept],
        problem=problem,
        sent=visit.form,
    )
