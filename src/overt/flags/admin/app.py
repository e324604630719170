"""The admin: what is served where."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from threading import Lock

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from overt.flags.admin import flag_pages, record_pages, stage_pages
from overt.flags.admin.crossing import Hosts
from overt.flags.admin.doors import Door, changed, shown
from overt.flags.admin.guard import Guard
from overt.flags.admin.limits import LoginLimits
from overt.flags.admin.login import Login, log_out
from overt.flags.admin.pages import Pages
from overt.flags.admin.sessions import Sessions
from overt.flags.admin.settings import AdminSettings
from overt.flags.admin.tokens import Tokens
from overt.flags.admin.trail import Trail
from overt.flags.admin.visit import Desk
from overt.flags.feature_flags import FeatureFlags
from overt.flags.migration import MigrationControl

_SAID = {
    404: ("There is no such page", "It may have moved; begin at the list."),
    405: ("That cannot be done", "This page is not for that."),
    500: ("Something went wrong here", "Whether it was done stands in the history. The server's log has more."),
}
_KINDS = {"style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}


def admin_app(
    flags: FeatureFlags,
    control: MigrationControl | None = None,
    *,
    tokens: Tokens,
    trail: Path,
    settings: AdminSettings | None = None,
    clock: Callable[[], float] = time.time,
) -> ASGIApp:
    """Return the admin as an ASGI application; it closes nothing.

    Args:
        flags: The flags that it shows and changes.
        control: The migration; None when there is none.
        tokens: Who may come in.
        trail: File that every change and every try to come in is recorded in.
        settings: What can be chosen.
        clock: Returns seconds since 1970 UTC.

    Example:
        >>> import tempfile
        >>> from overt.flags import FeatureFlags, Flag, MemoryStore
        >>> flag = Flag("new-cart", owner="shop", purpose="the new cart", created="2026-11-22", until="2027-06-30")
        >>> app = admin_app(
        ...     FeatureFlags(MemoryStore(), [flag]),
        ...     tokens=Tokens([("ann", "a-token-of-her-own")]),
        ...     trail=Path(tempfile.mkdtemp()) / "audit.jsonl",
        ... )
    """
    chosen = settings or AdminSettings()
    desk = Desk(
        flags=flags,
        control=control,
        tokens=tokens,
        sessions=Sessions(clock, idle=chosen.idle, longest=chosen.longest),
        limits=LoginLimits(time.monotonic),
        trail=Trail(trail, clock=clock),
        pages=Pages(chosen.title),
        settings=chosen,
        clock=clock,
        turn=Lock(),
    )
    hosts = Hosts(chosen.hosts, any_address=chosen.any_address) if chosen.hosts else None
    told = _told(desk)
    app = Starlette(routes=_routes(desk), exception_handlers={HTTPException: told, Exception: told})
    return Guard(app, hosts, desk.pages)


def _routes(desk: Desk) -> list[Route]:
    login = Login(desk)
    read: dict[str, Door] = {
        "/": shown(desk, flag_pages.flag_list),
        "/flag": shown(desk, flag_pages.one_flag),
        "/stages": shown(desk, stage_pages.stage_list),
        "/rollback": shown(desk, stage_pages.ask_rollback),
        "/emergency": shown(desk, stage_pages.ask_emergency),
        "/history": shown(desk, record_pages.history),
        "/moves": shown(desk, record_pages.moves),
        "/status": shown(desk, record_pages.status),
        "/login": login.show,
        **{f"/{name}": _file(name, kind) for name, kind in _KINDS.items()},
    }
    written: dict[str, Door] = {
        "/flag": changed(desk, flag_pages.change_flag),
        "/advance": changed(desk, stage_pages.advance),
        "/rollback": changed(desk, stage_pages.rollback),
        "/emergency": changed(desk, stage_pages.emergency),
        "/login": login.try_,
        "/logout": changed(desk, log_out),
    }
    return [_route(path, read.get(path), written.get(path)) for path in {**read, **written}]


def _route(path: str, get: Door | None, post: Door | None) -> Route:
    async def answer(request: Request) -> Response:
        door = post if request.method == "POST" else get
        if door is None:  # the methods of the route leave no other
            raise HTTPException(405)
        return await door(request)

    methods = [*(["GET"] if get else []), *(["POST"] if post else [])]
    return Route(path, answer, methods=methods)


def _file(name: str, kind: str) -> Door:
    content = files("overt.flags.admin").joinpath("static", name).read_bytes()

    async def answer(_request: Request) -> Response:
        return Response(content, media_type=kind)

    return answer


def _told(desk: Desk) -> Callable[[Request, Exception], Response]:
    def answer(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        head, why = _SAID.get(status, _SAID[500])
        page = desk.pages.told(status, head, why, root=request.scope.get("root_path", ""))
        page.headers.update(getattr(error, "headers", None) or {})
        return page

    return answer
