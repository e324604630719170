"""From a request to the view that answers it: who is it, may they, what did they send."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from overt.flags.admin.crossing import why_foreign
from overt.flags.admin.pages import address
from overt.flags.admin.reading import read_form
from overt.flags.admin.sessions import Session
from overt.flags.admin.visit import Desk, Refused, Visit
from overt.flags.records import FlagsError, Overtaken, UnknownFlag

View = Callable[[Visit], Response]
Door = Callable[[Request], Awaitable[Response]]


def is_secure(desk: Desk, request: Request) -> bool:
    """Tell whether the browser reaches us through TLS."""
    return desk.settings.secure or request.url.scheme == "https"


def cookie_name(desk: Desk, request: Request) -> str:
    """Return the name of the cookie; its prefix makes browsers refuse one that somebody else has planted."""
    return ("__Host-" if is_secure(desk, request) else "") + desk.settings.cookie


def from_where(request: Request) -> str:
    """Return the address of whoever asks."""
    return request.client.host if request.client else "unknown"


def session_of(desk: Desk, request: Request) -> tuple[str, Session | None]:
    """Return what the cookie holds and whose it is."""
    secret = request.cookies.get(cookie_name(desk, request), "")
    return secret, desk.sessions.find(secret) if secret else None


def refuse_foreign(desk: Desk, request: Request) -> None:
    """Refuse what was sent by a page of another server.

    Raises:
        Refused: It was, or cannot be shown not to be.
    """
    scheme = "https" if is_secure(desk, request) else "http"
    why = why_foreign(request.headers, f"{scheme}://{request.headers.get('host', '')}")
    if why:
        raise Refused(403, "This was not sent by this page", f"Nothing was changed: {why}.")


def shown(desk: Desk, view: View) -> Door:
    """Return what answers GET: the page for who is logged in, the login for who is not."""

    async def door(request: Request) -> Response:
        secret, session = session_of(desk, request)
        root = request.scope.get("root_path", "")
        if session is None:
            path = request.url.path.removeprefix(root)
            wanted = f"{path}?{request.url.query}" if request.url.query else path
            return RedirectResponse(address(root, "/login", next=wanted if wanted != "/" else None), 303)
        return await _view(_visit(desk, request, session, secret, {}), view)

    return door


def changed(desk: Desk, view: View) -> Door:
    """Return what answers POST: only to who is logged in, with a form that this server gave to them."""

    async def door(request: Request) -> Response:
        secret, session = session_of(desk, request)
        root = request.scope.get("root_path", "")
        try:
            refuse_foreign(desk, request)
            if session is None:
                raise Refused(403, "You are not logged in any more", "Nothing was changed. Log in and try again.")
            form = await read_form(request, desk.settings)
            visit = _visit(desk, request, session, secret, form)
            if not hmac.compare_digest(form.get("csrf", "").encode(), session.csrf.encode()):
                known = {"by": session.name, "address": visit.address, "session": session.mark}
                await run_in_threadpool(desk.trail.write, "refused", **known, what=request.url.path, why="foreign form")
                raise Refused(403, "This form is not yours", "Nothing was changed. Load the page again.")
        except Refused as refused:
            return desk.pages.told(refused.status, refused.head, refused.why, root=root)
        except FlagsError as error:
            return desk.pages.told(503, "That cannot be recorded", f"{error}. Nothing was changed.", root=root)
        return await _view(visit, view)

    return door


def _visit(desk: Desk, request: Request, session: Session, secret: str, form: dict[str, str]) -> Visit:
    return Visit(
        desk=desk,
        session=session,
        secret=secret,
        query=dict(request.query_params),
        form=form,
        address=from_where(request),
        root=request.scope.get("root_path", ""),
    )


async def _view(visit: Visit, view: View) -> Response:
    """Run a view in a thread, for a store may let it wait; tell what it refuses."""
    try:
        return await run_in_threadpool(view, visit)
    except Refused as refused:
        return visit.told(refused.status, refused.head, refused.why)
    except UnknownFlag as error:
        return visit.told(404, "There is no such flag", f"{error}.")
    except Overtaken as error:
        return visit.told(409, "Somebody else was quicker", f"{error}. Nothing was changed.")
    except FlagsError as error:
        return visit.told(503, "The store cannot be used", f"{error}. Nothing was changed.")
    except ValueError as error:
        return visit.told(400, "That cannot be done", f"{error}. Nothing was changed.")
