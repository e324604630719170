"""Coming in and going out."""

from __future__ import annotations

import hmac
import math
import secrets
from hashlib import blake2b

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from overt.flags.admin.doors import cookie_name, from_where, is_secure, refuse_foreign, session_of
from overt.flags.admin.reading import name_of, read_form
from overt.flags.admin.visit import Desk, Refused, Visit
from overt.flags.records import StoreError
from overt.system.units import count

PAGES = ("/", "/flag", "/stages", "/moves", "/history", "/status", "/rollback", "/emergency")
"""Where a login may lead to."""

_RESERVED = "overt"
_SHORTEST_NONCE, _LONGEST_NONCE = 40, 64


class Login:
    """The page on which a token is given.

    Args:
        desk: What all requests share.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk, self._key = desk, secrets.token_bytes(32)

    async def show(self, request: Request) -> Response:
        """Answer GET."""
        _, session = session_of(self._desk, request)
        if session is not None:
            return RedirectResponse(request.scope.get("root_path", "") + "/", 303)
        return self._page(request)

    async def try_(self, request: Request) -> Response:
        """Answer POST: the one place where somebody comes in."""
        try:
            refuse_foreign(self._desk, request)
            form = await read_form(request, self._desk.settings)
            nonce = request.cookies.get(self._cookie(request), "")
            if not nonce or not hmac.compare_digest(form.get("csrf", "").encode(), self._csrf(nonce).encode()):
                return self._page(request, 403, problem="The page was too old. Try again; cookies are needed.")
            return await run_in_threadpool(self._decide, request, form)
        except Refused as refused:
            root = request.scope.get("root_path", "")
            return self._desk.pages.told(refused.status, refused.head, refused.why, root=root)
        except StoreError as error:
            return self._page(request, 503, problem=f"Nobody can come in: {error}.")

    def _decide(self, request: Request, form: dict[str, str]) -> Response:
        desk, address = self._desk, from_where(request)
        wait = desk.limits.take(address)
        if wait:
            return self._too_many(request, wait)
        bound = desk.tokens.find(form.get("token", ""))
        name = bound or self._name(form.get("name", ""))
        if bound is not None:
            desk.limits.succeeded(address)
        why = self._why_not(bound, name)
        if why:
            desk.trail.write("login failed", by=name, address=address, why=why)
            return self._page(request, 401 if bound is None else 400, problem=f"{why}.", name=name)
        desk.trail.write("login", by=name, proved=bool(bound), address=address)
        return self._welcome(request, name, proved=bool(bound), address=address)

    def _why_not(self, bound: str | None, name: str) -> str:
        """Return why somebody may not come in; empty when they may."""
        if bound is None:
            return "The token is wrong"
        if not name:
            return "Say who you are, in at most 64 characters"
        if not bound and (self._desk.tokens.is_bound(name) or name.casefold().split()[0] == _RESERVED):
            return f"The name {name} needs a token of its own"
        return ""

    def _name(self, given: str) -> str:
        """Return the name that was given; a token that was typed into the wrong field is shown nowhere."""
        return "" if self._desk.tokens.find(given.strip()) is not None else name_of(given)

    def _welcome(self, request: Request, name: str, *, proved: bool, address: str) -> Response:
        desk, wanted = self._desk, request.query_params.get("next", "")
        old, _ = session_of(desk, request)
        desk.sessions.end(old)
        secret, _ = desk.sessions.begin(name, proved=proved, address=address)
        path = wanted if wanted.partition("?")[0] in PAGES else "/"
        answer = RedirectResponse(request.scope.get("root_path", "") + path, 303)
        secure = is_secure(desk, request)
        answer.set_cookie(cookie_name(desk, request), secret, path="/", secure=secure, httponly=True, samesite="strict")
        answer.delete_cookie(self._cookie(request), path="/", secure=secure, httponly=True, samesite="strict")
        return answer

    def _too_many(self, request: Request, wait: float) -> Response:
        seconds = math.ceil(wait)
        answer = self._page(request, 429, problem=f"Too many tries. Try again in {count(seconds, 'second')}.")
        answer.headers["retry-after"] = str(seconds)
        return answer

    def _page(self, request: Request, status: int = 200, *, problem: str = "", name: str = "") -> HTMLResponse:
        """Return the login, with a form that only this browser can send."""
        # One for all tabs of a browser, so that a second login page does not spoil the first.
        nonce = request.cookies.get(self._cookie(request), "")
        if not _SHORTEST_NONCE <= len(nonce) <= _LONGEST_NONCE:
            nonce = secrets.token_urlsafe(32)
        text = self._desk.pages.text(
            "login",
            root=request.scope.get("root_path", ""),
            csrf=self._csrf(nonce),
            next=request.query_params.get("next", ""),
            problem=problem,
            name=name,
            shared=self._desk.tokens.shared,
        )
        answer = HTMLResponse(text, status)
        answer.set_cookie(
            self._cookie(request),
            nonce,
            path="/",
            secure=is_secure(self._desk, request),
            httponly=True,
            samesite="strict",
        )
        return answer

    def _cookie(self, request: Request) -> str:
        return cookie_name(self._desk, request) + "-login"

    def _csrf(self, nonce: str) -> str:
        """Return what the form must hold beside the cookie; nothing is kept for who is not logged in."""
        return blake2b(nonce.encode("utf-8", "replace"), key=self._key).hexdigest()


def log_out(visit: Visit) -> Response:
    """End the session; what its cookie holds is worth nothing from here on."""
    visit.desk.sessions.end(visit.secret)
    visit.desk.trail.write("logout", by=visit.session.name, address=visit.address, session=visit.session.mark)
    return RedirectResponse(f"{visit.root}/login", 303)
