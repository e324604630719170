"""What holds for every answer, whatever gave it: strict headers, known hosts, two methods, no crash shown."""

from __future__ import annotations

import logging
from types import MappingProxyType
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from overt.flags.admin.crossing import Hosts
from overt.flags.admin.pages import Pages

_NOTHING = (
    "accelerometer camera display-capture geolocation gyroscope microphone midi payment publickey-credentials-get usb"
)

HEADERS: Final = MappingProxyType(
    {
        "content-security-policy": (
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'"
        ),
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        # Not `no-referrer`: browsers would then send `Origin: null` with our own forms.
        "referrer-policy": "same-origin",
        "permissions-policy": ", ".join(f"{feature}=()" for feature in _NOTHING.split()),
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
        "cache-control": "no-store",
        "x-robots-tag": "noindex, nofollow",
    }
)
"""What every answer carries."""

METHODS = ("GET", "HEAD", "POST")
_MOST_AT_ONCE = 64


class Guard:
    """Stands before an application.

    Args:
        app: The application.
        hosts: The names it answers to; None for any, when whoever stands before it has looked.
        pages: What its own answers are made with.
        most: Requests at a time; more are told to come again.
    """

    def __init__(self, app: ASGIApp, hosts: Hosts | None, pages: Pages, *, most: int = _MOST_AT_ONCE) -> None:
        self._app, self._hosts, self._pages, self._most = app, hosts, pages, most
        self._now = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http":
            await self._answer(scope, receive, _Covered(send))
        else:
            await self._app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refused(scope)
        if refusal is not None:
            await self._pages.told(*refusal, root=scope.get("root_path", ""))(scope, receive, send)
            return
        self._now += 1
        try:
            await self._app(scope, receive, send)
        except Exception as error:  # noqa: BLE001  # a page says so; how it came about is for the log alone
            logging.getLogger("overt.flags.admin").error(  # noqa: TRY400  # requests decide what a trace would show
                "the page %s failed: %s: %s", ascii(scope["path"])[:200], type(error).__name__, ascii(str(error))[:500]
            )
        finally:
            self._now -= 1

    def _refused(self, scope: Scope) -> tuple[int, str, str] | None:
        hosts = Headers(scope=scope).getlist("host")
        if self._hosts is not None and (len(hosts) != 1 or not self._hosts.allow(hosts[0])):
            return (
                421,
                "This is not that host",
                "Use the address that the server printed, or allow the name with --allow-host.",
            )
        if scope["method"] not in METHODS:
            return 405, "That cannot be done", "Pages are read with GET and changed with POST."
        if self._now >= self._most:
            return 503, "Too many requests at once", "Try again in a moment."
        return None


class _Covered:
    """Sends an answer with the headers of every answer."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message.get("headers", [])))
            for name, value in HEADERS.items():
                headers[name] = value
            if message["status"] == 405:
                headers["allow"] = headers.get("allow", ", ".join(METHODS))
            message = {**message, "headers": headers.raw}
        await self._send(message)
