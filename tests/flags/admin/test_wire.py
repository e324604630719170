"""Connections that take their time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from overt.flags.admin import wire
from overt.flags.admin.wire import BoundedProtocol

GOOD = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[Any]]


async def _app(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


def talk(*talks: Talk) -> list[Any]:
    """Let several talk to one server at a time."""

    async def run() -> list[Any]:
        configuration = uvicorn.Config(_app, lifespan="off", ws="none", log_config=None, timeout_keep_alive=1)
        configuration.load()
        state = ServerState()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: BoundedProtocol(config=configuration, server_state=state, app_state={}), "127.0.0.1", 0
        )

        async def one(each: Talk) -> Any:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            try:
                return await asyncio.wait_for(each(reader, writer), 20)
            finally:
                writer.close()

        try:
            return await asyncio.gather(*map(one, talks))
        finally:
            server.close()

    return asyncio.run(run())


async def _rest(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: a\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab",
        GOOD + b"GET /",
    ],
)
def test_a_request_that_does_not_come_ends_the_connection(monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    """Nothing at all, half a head, half a body, or half of a second request."""
    monkeypatch.setattr(wire, "SECONDS_FOR_A_REQUEST", 0.05)

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(sent)
        return await _rest(reader)

    ends = [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"]
    assert talk(slow)[0] in ends


def test_one_byte_now_and_then_does_not_help(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time counts from the first byte, not from the last."""
    monkeypatch.setattr(wire, "SECONDS_FOR_A_REQUEST", 0.2)

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> int:
        ended = asyncio.ensure_future(_rest(reader))
        drops = 0
        while not ended.done():
            writer.write(b"G")
            drops += 1
            await asyncio.wait([ended], timeout=0.01)
        return drops

    assert talk(drip)[0] > 1


def test_whoever_is_quick_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """One request after the other on one connection, for longer than one of them may take."""
    monkeypatch.setattr(wire, "SECONDS_FOR_A_REQUEST", 0.1)

    async def quick(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> int:
        loop = asyncio.get_running_loop()
        end, answers = loop.time() + 0.3, 0
        while loop.time() < end:
            writer.write(GOOD)
            assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200")
            answers += 1
        return answers

    assert talk(quick)[0] > 1


def test_a_second_request_has_no_more_time_than_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time begins anew with its first byte, and ends."""
    monkeypatch.setattr(wire, "SECONDS_FOR_A_REQUEST", 0.1)

    async def lazy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(GOOD)
        await reader.readuntil(b"ok")
        writer.write(b"GET /")
        return await _rest(reader)

    assert talk(lazy) == [b""]
