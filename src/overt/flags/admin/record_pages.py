"""The pages that look back, and the one that says how everything is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from starlette.responses import Response

from overt.flags.admin.reading import number_of
from overt.flags.admin.stage_pages import next_stage
from overt.flags.admin.visit import Visit
from overt.flags.migration import MigrationControl
from overt.flags.records import StoreError
from overt.flags.stages import Check, Status

Item = TypeVar("Item")


class Part(NamedTuple):
    """A page of a long list, the newest first.

    Args:
        number: Which page, from 1.
        last: How many there are.
        total: How many items there are on all of them.
    """

    number: int
    last: int
    total: int


def part_of(total: int, number: int, size: int) -> Part:
    """Return a page that there is.

    Args:
        total: How many items there are.
        number: Which page is wanted, from 1.
        size: How many items a page has.

    Example:
        >>> part_of(3, 9, 2)
        Part(number=2, last=2, total=3)
    """
    last = max(1, -(-total // size))
    return Part(min(max(1, number), last), last, total)


def cut(items: Sequence[Item], number: int, size: int) -> tuple[Sequence[Item], Part]:
    """Return a page of a list whose oldest item comes first.

    Example:
        >>> cut(["a", "b", "c"], 1, 2)
        (['c', 'b'], Part(number=1, last=2, total=3))
    """
    part = part_of(len(items), number, size)
    end = part.total - (part.number - 1) * size
    return items[max(0, end - size) : end][::-1], part


def history(visit: Visit) -> Response:
    """Show who changed which flag, when and why."""
    flag = visit.query.get("flag", "") or None
    flags, size = visit.desk.flags, visit.desk.settings.page_size
    part = part_of(flags.count(flag), _number(visit), size)
    changes = flags.history(flag, limit=size, before=part.total - (part.number - 1) * size)[::-1]
    names = [declared.name for declared in visit.desk.flags.declared]
    return visit.page("history", changes=changes, part=part, flag=flag or "", names=names)


def moves(visit: Visit) -> Response:
    """Show who moved the migration, when and why."""
    control = visit.desk.control
    made, part = cut(control.history() if control is not None else [], _number(visit), visit.desk.settings.page_size)
    return visit.page("moves", moves=made, part=part)


def status(visit: Visit) -> Response:
    """Show how the store, the migration, its health and this page are; what cannot be looked at is said."""
    desk = visit.desk
    control = desk.control if desk.control is not None and desk.control.stages else None
    lost, changes, migration, health = "", 0, None, None
    try:
        changes = desk.flags.count()
        if control is not None:
            migration = control.status()
            health = _health_check(control, migration)
    except StoreError as error:
        lost = str(error)
    return visit.page(
        "status",
        status=503 if lost else 200,
        settings=desk.settings,
        lost=lost,
        changes=changes,
        values=list(desk.flags.all().values()),
        migration=migration,
        health=health,
        stages=control.stages if control is not None else (),
        monitored=control is not None and control.monitored,
        sessions=len(desk.sessions),
        trail=desk.trail,
        address=visit.address,
    )


def _health_check(control: MigrationControl, migration: Status) -> Check | None:
    """Return what the next stage asks of the health, or the last one asked."""
    asked = next_stage(control, migration) or control.stages[-1]
    return next((check for check in control.readiness(asked.number).checks if check.name == "health"), None)


def _number(visit: Visit) -> int:
    return number_of(visit.query.get("page", ""), default=1)
