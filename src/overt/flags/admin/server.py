"""The server of the admin: where it listens, who can reach that, and how it ends."""

from __future__ import annotations

import errno
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from overt.flags.admin.wire import BoundedProtocol
from overt.model import OvertError

_PROXIES = "127.0.0.1,::1"
_SECONDS_TO_FINISH = 3


def bind(host: str, port: int) -> socket.socket:
    """Return a socket to listen on; nobody can reach it before it is served.

    Args:
        host: Name or address of this machine.
        port: Number of the port; 0 for a free one.

    Raises:
        OvertError: There is no such address here, or the port is taken or not ours to take.
    """
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as error:
        raise OvertError(f"there is no address {host!r}", hint="give an address of this machine with --host") from error
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(where)
    except OSError as error:
        listening.close()
        raise OvertError(_why_not(host, port, error), hint="give another with --port or --host") from error
    return listening


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} of {host} is in use"
    return f"cannot listen on port {port} of {host}: {error.strerror or error}"


def is_public(listening: socket.socket) -> bool:
    """Tell whether other machines can reach what will listen there."""
    return not _address(listening).is_loopback


def is_wildcard(listening: socket.socket) -> bool:
    """Tell whether it listens on every address of the machine."""
    return _address(listening).is_unspecified


def _address(listening: socket.socket) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    return ipaddress.ip_address(str(listening.getsockname()[0]).partition("%")[0])


def own_hosts(listening: socket.socket, host: str, *, secure: bool) -> tuple[str, ...]:
    """Return the names under which browsers of this machine reach what will listen there.

    Args:
        listening: The socket.
        host: What was asked to listen on.
        secure: Whether it speaks TLS, which decides which port need not be named.
    """
    port = listening.getsockname()[1]
    names = ["localhost", "127.0.0.1", "[::1]", in_brackets(host), in_brackets(str(_address(listening)))]
    with_port = [f"{name}:{port}" for name in names]
    # A browser leaves the usual port out; a name without port would allow any.
    return tuple(dict.fromkeys(with_port + (names if port == (443 if secure else 80) else [])))


def in_brackets(host: str) -> str:
    """Return a host as it stands in an address.

    Example:
        >>> in_brackets("::1"), in_brackets("localhost")
        ('[::1]', 'localhost')
    """
    return f"[{host}]" if ":" in host else host


def read_certificate(certificate: Path, key: Path | None) -> ssl.SSLContext:
    """Return what TLS is spoken with.

    Raises:
        OvertError: The files cannot be read or do not belong together.
    """
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        # A key with a password would wait for somebody to type it; the empty one is wrong at once.
        context.load_cert_chain(certificate, key, password=lambda: "")
    except OSError as error:  # ssl.SSLError is one
        raise OvertError(
            f"TLS cannot be spoken with {certificate}: {error.strerror or error}",
            hint="give a certificate and its key, without password, as PEM files with --certfile and --keyfile",
        ) from error
    return context


def serve(
    app: ASGIApp,
    listening: socket.socket,
    *,
    ready: Callable[[], object],
    stop: threading.Event,
    tls: ssl.SSLContext | None = None,
    proxied: bool = False,
) -> None:
    """Serve until told to stop, and let what is under way finish.

    Args:
        app: The application.
        listening: The socket; closed when this returns.
        ready: Called when it serves.
        stop: Ends it when it is set, which another thread or the handler of a signal may do.
        tls: What TLS is spoken with; None for plain HTTP.
        proxied: Whether a proxy on this machine says where requests come from.
    """
    configuration = uvicorn.Config(
        app,
        loop="asyncio",
        http=BoundedProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",  # what strangers send is no event of ours; failures of pages are told elsewhere
        access_log=False,
        server_header=False,
        proxy_headers=proxied,
        forwarded_allow_ips=_PROXIES,
        h11_max_incomplete_event_size=16_384,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=_SECONDS_TO_FINISH,
        ssl_context_factory=(lambda _configuration, _default: tls) if tls is not None else None,
    )
    with listening:
        _Server(configuration, ready, stop).run(sockets=[listening])


class _Server(uvicorn.Server):
    """Says when it serves, and leaves signals to the program.

    Args:
        configuration: What it serves, and how.
        ready: Called when it serves.
        stop: Ends it when it is set.
    """

    def __init__(self, configuration: uvicorn.Config, ready: Callable[[], object], stop: threading.Event) -> None:
        super().__init__(configuration)
        self._ready, self._stop = ready, stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve, and say so."""
        await super().startup(sockets)
        self._ready()

    async def on_tick(self, counter: int) -> bool:
        """Tell, several times a second, whether to end."""
        return self._stop.is_set() or await super().on_tick(counter)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Do nothing: whoever serves hears the signals."""
        yield
