"""The pages of flags: all of them, one of them, and how one is changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from starlette.responses import Response

from overt.flags.admin.reading import percentage_of, reason_of
from overt.flags.admin.visit import Visit
from overt.flags.records import Change, FlagState, StoreError, Value
from overt.flags.words import say_value

_SHOWN = 20
ACTIONS: Mapping[str, str] = {"on": "On", "off": "Off", "percentage": "On for a percentage", "reset": "Default"}


class Row(NamedTuple):
    """A flag as pages show it.

    Args:
        state: What there is to know about it.
        expired: Whether the date by which it is to be gone is past.
        seen: What a form holds, so that a change by somebody else in the meantime is noticed.
        stages: Numbers of the stages that turn it on.
    """

    state: FlagState
    expired: bool
    seen: str
    stages: tuple[int, ...]


def flag_list(visit: Visit) -> Response:
    """Show every flag, also while the store cannot be read: then with the last known values."""
    flags = visit.desk.flags
    rows = [_row(visit, flags.describe(flag.name)) for flag in flags.declared]
    percentages = [row.state.percentage for row in rows]
    expired = sum(row.expired for row in rows)
    counts = {
        "on": percentages.count(100),
        "partly on": sum(0 < percentage < 100 for percentage in percentages),
        "off": percentages.count(0),
        "past its date" if expired == 1 else "past their date": expired,
    }
    counted = any(row.state.uses for row in rows)
    return visit.page("flags", rows=rows, counts=counts, counted=counted, actions=ACTIONS)


def one_flag(visit: Visit) -> Response:
    """Show everything about one flag."""
    return _one(visit, visit.query.get("name", ""))


def change_flag(visit: Visit) -> Response:
    """Turn a flag on or off, or on for a percentage, or give it its default again."""
    name = visit.query.get("name", "")
    visit.desk.flags.describe(name)  # an unknown one is told before a mistake in the form
    try:
        reason, wanted = reason_of(visit.form), _wanted(visit.form)
    except ValueError as error:
        return _one(visit, name, status=400, problem=str(error))
    with visit.desk.turn:
        return _change(visit, name, wanted, reason)


def _change(visit: Visit, name: str, wanted: Value | None, reason: str) -> Response:
    flags = visit.desk.flags
    state = flags.describe(name)
    if _same(state.stored, wanted):
        return visit.go("/flag", f"{name} was {say_value(wanted)} already; nothing was changed.", name=name)
    if visit.form.get("seen") != seen(state.stored):
        who = f" {state.changed.by or 'Somebody'} has set it" if state.changed else ""
        problem = f"It has changed since you looked:{who} to {say_value(state.stored)}. Look again, then send it again."
        return _one(visit, name, status=409, problem=problem)

    def apply() -> Change:
        return flags.apply({name: wanted}, by=visit.session.name, reason=reason)[0]

    lost = flags.problem
    change = visit.recorded(f"flag {name}: {say_value(state.stored)} -> {say_value(wanted)}", reason, apply)
    if lost is not None:
        visit.session.notice(f"Before it, {lost}. The last known values were entered again.")
    return visit.go("/flag", f"{name}: {say_value(change.old)} → {say_value(change.new)}.", name=name)


def seen(stored: Value | None) -> str:
    """Return what a form says about the value that its page showed."""
    return json.dumps(stored)


def _one(visit: Visit, name: str, *, status: int = 200, problem: str = "") -> Response:
    state = visit.desk.flags.describe(name)
    try:
        history, total = visit.desk.flags.history(name, limit=_SHOWN), visit.desk.flags.count(name)
    except StoreError:
        history, total = (), 0
    return visit.page(
        "flag",
        status=status,
        row=_row(visit, state),
        history=history[::-1],
        more=total - _SHOWN,
        actions=ACTIONS,
        problem=problem,
        sent=visit.form,
    )


def _row(visit: Visit, state: FlagState) -> Row:
    control = visit.desk.control
    today = datetime.fromtimestamp(visit.desk.clock(), UTC).date().isoformat()
    stages = control.stages if control is not None else ()
    numbers = tuple(stage.number for stage in stages if state.name in stage.flags)
    return Row(state, state.until < today, seen(state.stored), numbers)


def _wanted(form: Mapping[str, str]) -> Value | None:
    action = form.get("action", "")
    if action == "percentage":
        return percentage_of(form)
    if action == "reset":
        return None
    if action not in {"on", "off"}:
        raise ValueError("Choose what the flag is to be.")
    return action == "on"


def _same(one: Value | None, other: Value | None) -> bool:
    """Tell whether two values are the same; a bool and a number may be equal and yet say different things."""
    return (one, type(one)) == (other, type(other))
