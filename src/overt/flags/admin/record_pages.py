"""The pages that look back, and the one that says how everything is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from starlette.responses import Response

from overt.flags.admin.reading import number_of
from overt.flags.admin.visit import Visit
from overt.flags.health import Health
from overt.flags.records import StoreError
from overt.flags.stages import Status

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


def cut(items: Sequence[Item], number: int, size: int) -> tuple[Sequence[Item], Part]:
    """Return a page of a list whose oldest item comes first.

    Example:
        >>> cut(["a", "b", "c"], 1, 2)
        (['c', 'b'], Part(number=1, last=2, total=3))
    """
    last = max(1, -(-len(items) // size))
    number = min(max(1, number), last)
    end = len(items) - (number - 1) * size
    return items[max(0, end - size) : end][::-1], Part(number, last, len(items))


def history(visit: Visit) -> Response:
    """Show who changed which flag, when and why."""
    flag = visit.query.get("flag", "") or None
    changes, part = cut(visit.desk.flags.history(flag), _number(visit), visit.desk.settings.page_size)
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
    store_problem, changes, migration = "", 0, None
    try:
        changes = len(desk.flags.history())
        migration = desk.control.status() if desk.control is not None and desk.control.stages else None
    except StoreError as error:
        store_problem = str(error)
    return visit.page(
        "status",
        status=503 if store_problem else 200,
        settings=desk.settings,
        store_problem=store_problem or str(desk.flags.problem or ""),
        changes=changes,
        values=list(desk.flags.all().values()),
        migration=migration,
        health=_health(visit, migration),
        stages=desk.control.stages if desk.control is not None else (),
        monitored=desk.control is not None and desk.control.monitored,
        sessions=len(desk.sessions),
        trail=desk.trail,
        address=visit.address,
    )


def _health(visit: Visit, migration: Status | None) -> Health | None:
    if migration is not None:
        return migration.health
    return visit.desk.control.health() if visit.desk.control is not None else None


def _number(visit: Visit) -> int:
    return number_of(visit.query.get("page", ""), default=1)
