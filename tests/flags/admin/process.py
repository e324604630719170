"""A real server of the admin, in a process of its own."""

from __future__ import annotations

import json
import os
import selectors
import signal
import socket
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any

TOML = """
[project]
name = "shop"

[flags.new-cart]
owner = "shop"
purpose = "the <script>alert(1)</script> new cart"
created = "2026-11-22"
until = "2999-12-31"

[flags.new-tax]
owner = '"><img src=x onerror=alert(1)>'
purpose = "tax"
created = "2020-01-01"
until = "2020-12-31"

[[stages]]
number = 1
name = "cart"
flags = ["new-cart"]
description = "The cart <b>of</b> old goes."

[[stages]]
number = 2
name = "tax"
flags = ["new-tax"]
risk = "high"
"""
TOKEN = "a-token-for-the-process"
_SECONDS = 30


class Server:
    """`overt flags serve` in a project.

    Args:
        root: The project's folder; made when it is not there.
        arguments: Further arguments.
        token: What `OVERT_FLAGS_TOKEN` holds; None to have one made.
    """

    def __init__(self, root: Path, *arguments: str, token: str | None = TOKEN) -> None:
        root.mkdir(exist_ok=True)
        (root / "overt.toml").write_text(TOML)
        environment = {name: value for name, value in os.environ.items() if name != "OVERT_FLAGS_TOKEN"}
        if token is not None:
            environment["OVERT_FLAGS_TOKEN"] = token
        argv = [sys.executable, "-m", "overt", "flags", "serve", "--port", "0", "--json", "-C", str(root), *arguments]
        self.root = root
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(argv, stdout=pipe, stderr=pipe, text=True, env=environment)
        self.ready: dict[str, Any] = json.loads(self._line())
        self.url = str(self.ready["url"]).rstrip("/")
        self.port = int(self.ready["port"])

    def _line(self) -> str:
        assert self.process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            assert selector.select(_SECONDS), "the server says nothing"
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(self.process.communicate(timeout=_SECONDS)[1])
        return line

    def connect(self) -> socket.socket:
        """Return a connection; with TLS when the server speaks it."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=_SECONDS)
        if not self.url.startswith("https"):
            return plain
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context.wrap_socket(plain)

    def say(self, raw: bytes) -> bytes:
        """Send bytes on a connection of their own and return everything that comes back until it ends."""
        with self.connect() as connection:
            connection.sendall(raw)
            connection.shutdown(socket.SHUT_WR)
            return read_all(connection)

    def stop(self, number: int = signal.SIGINT) -> tuple[int, str, str]:
        """End it by a signal; return its exit status and what it has printed since."""
        self.process.send_signal(number)
        output, errors = self.process.communicate(timeout=_SECONDS)
        return self.process.returncode, output, errors

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate(timeout=_SECONDS)


def read_all(connection: socket.socket) -> bytes:
    """Return everything that comes until the other side ends."""
    parts = []
    try:
        while part := connection.recv(65_536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)
