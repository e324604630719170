"""Stores to hold the flags against."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from overt.flags import FeatureFlags, Flag, MemoryStore, SqliteStore
from overt.runtime import Telemetry
from overt.testing import FrozenClock, wait_for


def declared(*names: str, default: bool = False) -> list[Flag]:
    """Return flags of these names."""
    return [
        Flag(name, owner="shop", purpose=f"test {name}", default=default, created="2026-11-22", until="2027-06-30")
        for name in names
    ]


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """Give each kind of store in turn."""
    made: Any = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "flags.sqlite")
    yield made
    made.close()


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry()


@pytest.fixture
def flags(store: Any, telemetry: Telemetry) -> Iterator[FeatureFlags]:
    """Give the flags a, b and long-name over each store."""
    names = declared("a", "b", "long-name")
    with FeatureFlags(store, names, telemetry=telemetry, clock=FrozenClock(1000.0)) as made:
        yield made


class Server:
    """A Redis server on a free port of this machine, for one test."""

    def __init__(self, folder: Path, *options: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._folder, self._options = folder, options
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        program = shutil.which("redis-server")
        assert program, "redis-server is not installed"
        options = [
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--dir",
            str(self._folder),
            "--save",
            "",
            *self._options,
        ]
        self._process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
        wait_for(self._answers, timeout=10, message="the server did not answer")

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as link:
            link.sendall(b"PING\r\n")
            return link.recv(16) == b"+PONG\r\n"
        return False

    def stop(self) -> None:
        """End it; its data are gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@pytest.fixture
def make_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Give what makes a server, with further options; it is not started, and stopped at the end."""
    made: list[Server] = []

    def make(*options: str) -> Server:
        made.append(Server(tmp_path, *options))
        return made[-1]

    yield make
    for server in made:
        server.stop()


@pytest.fixture
def server(make_server: Callable[..., Server]) -> Server:
    """Give a running server."""
    made = make_server()
    made.start()
    return made
