"""The connections of the server: none is held open by saying little, and none is without the strict headers."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from overt.flags.admin.guard import HEADERS

SECONDS_FOR_A_REQUEST = 10.0
"""From its first byte, or the begin of the connection, until a request has wholly come."""

MOST_CONNECTIONS = 64


class BoundedProtocol(H11Protocol):
    """HTTP/1.1 in which a whole request comes in time, and the connection that waits longest makes place for others.

    uvicorn itself limits the time between two requests only: one byte now and then would hold a connection for ever.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._expect()
        waiting = [one for one in self.connections if isinstance(one, BoundedProtocol) and one.waits_until is not None]
        if len(self.connections) > MOST_CONNECTIONS and waiting:
            min(waiting, key=lambda one: one.waits_until or 0.0).drop()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._expect_nothing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take a part of a request."""
        if self._deadline is None:
            self._expect()
        super().data_received(data)
        if self.conn.their_state not in {h11.IDLE, h11.SEND_BODY}:
            self._expect_nothing()

    @property
    def waits_until(self) -> float | None:
        """When the request has to be there, on the clock of the loop; None while nothing is waited for."""
        return self._deadline.when() if self._deadline is not None else None

    def drop(self) -> None:
        """End the connection at once."""
        self._expect_nothing()
        self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP."""
        if self.conn.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            self.drop()  # an answer is under way already
            return
        if self.cycle is not None:
            self.cycle.disconnected = True  # whoever is at work on an answer keeps it: ours is the only one
            self.cycle.message_event.set()
        headers = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
        headers += [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
        for event in (
            h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
            h11.Data(data=msg.encode("ascii", "replace")),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _expect(self) -> None:
        self._deadline = self.loop.call_later(SECONDS_FOR_A_REQUEST, self.drop)

    def _expect_nothing(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
