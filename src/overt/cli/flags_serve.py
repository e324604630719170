"""`overt flags serve`: the web page on which flags and stages are seen and changed."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from overt.model import Exit, OvertError

if TYPE_CHECKING:
    import socket
    import ssl

    from starlette.types import ASGIApp

    from overt.cli.flags_open import Opened
    from overt.flags.admin import AdminSettings, Tokens

TRAIL = ".overt/flags-audit.jsonl"
"""Where it is recorded who came in and changed what, relative to the project's folder."""

TOKEN_VARIABLE = "OVERT_FLAGS_TOKEN"  # noqa: S105  # the name of a variable
_SECONDS_TO_OPEN = 2.0
_NEEDED = ("starlette", "uvicorn", "jinja2")


def add_options(made: argparse.ArgumentParser) -> None:
    """Let the sub-verb have its options."""
    made.add_argument("--host", default="127.0.0.1", metavar="HOST", help="where to listen (default: 127.0.0.1)")
    made.add_argument("--port", type=_port, default=8001, metavar="N", help="port; 0 for a free one (default: 8001)")
    made.add_argument(
        "--token-file",
        type=Path,
        metavar="FILE",
        help=f"who may come in, one TOKEN or NAME TOKEN a line (default: ${TOKEN_VARIABLE}, else a new token is shown)",
    )
    made.add_argument("--certfile", type=Path, metavar="FILE", help="certificate, to speak TLS")
    made.add_argument("--keyfile", type=Path, metavar="FILE", help="key of the certificate")
    made.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="answer to this host name too; may be repeated",
    )
    made.add_argument(
        "--behind-proxy", action="store_true", help="a proxy on this machine speaks TLS and says who asks"
    )
    made.add_argument("--allow-public", action="store_true", help="listen where others can reach it, without TLS")
    made.add_argument("--open", action="store_true", help="open the page in a browser")


def _port(text: str) -> int:
    number = int(text) if text.isdecimal() else -1
    if not 0 <= number <= 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to 65535")
    return number


def serve_flags(options: argparse.Namespace, opened: Opened) -> int:
    """Serve until Ctrl-C."""
    _need_extra()
    from overt.flags.admin import admin_app, server

    tls = _certificate(options)
    if options.behind_proxy and not options.allow_host:
        raise OvertError("a proxy needs a name to be reached by", hint="give it with --allow-host flags.example.org")
    tokens, fresh = _tokens(options)
    listening = server.bind(options.host, options.port)
    with listening:
        if server.is_public(listening) and tls is None and not options.allow_public:
            raise OvertError(
                f"others can reach {options.host}, and without TLS they could read the token",
                hint="give --certfile and --keyfile, put a proxy before 127.0.0.1, or allow it with --allow-public",
            )
        settings = _settings(options, opened, listening, secure=tls is not None or options.behind_proxy)
        app = admin_app(opened.flags, opened.control, tokens=tokens, trail=options.root / TRAIL, settings=settings)
        _run(options, app, listening, tls=tls, fresh=fresh)
    return Exit.PROVED


def _run(
    options: argparse.Namespace, app: ASGIApp, listening: socket.socket, *, tls: ssl.SSLContext | None, fresh: str
) -> None:
    import threading
    import webbrowser

    from overt.cli.validate_signals import signals_set
    from overt.flags.admin.server import serve

    url, port = _url(options, listening, secure=tls is not None), listening.getsockname()[1]
    stop = threading.Event()
    # A browser in a terminal keeps whoever opened it waiting, so that is not the server.
    opener = threading.Thread(target=webbrowser.open, args=(url,), daemon=True)

    def ready() -> None:
        _tell(url, port, fresh, as_json=options.json)
        if options.open:
            opener.start()

    with signals_set(stop):
        serve(app, listening, ready=ready, stop=stop, tls=tls, proxied=options.behind_proxy)
    if opener.is_alive():
        opener.join(_SECONDS_TO_OPEN)


def _need_extra() -> None:
    from importlib.util import find_spec

    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise OvertError(f"the page needs {', '.join(missing)}", hint='pip install "overt[admin]"', exit=Exit.UNCHECKED)


def _certificate(options: argparse.Namespace) -> ssl.SSLContext | None:
    from overt.flags.admin.server import read_certificate

    if options.certfile is None:
        if options.keyfile is not None:
            raise OvertError("a key is of no use without its certificate", hint="give it with --certfile")
        return None
    return read_certificate(options.certfile, options.keyfile)


def _tokens(options: argparse.Namespace) -> tuple[Tokens, str]:
    """Return who may come in, and the token that was made for this time; empty when there was no need."""
    from overt.flags.admin.tokens import Tokens, new_token, parse_tokens, read_tokens

    if options.token_file is not None:
        return read_tokens(options.token_file), ""
    given = os.environ.get(TOKEN_VARIABLE, "")
    if given:
        return parse_tokens(given, TOKEN_VARIABLE), ""
    fresh = new_token()
    return Tokens([("", fresh)]), fresh


def _settings(options: argparse.Namespace, opened: Opened, listening: socket.socket, *, secure: bool) -> AdminSettings:
    from overt.campaign.migration import STORE
    from overt.flags.admin import AdminSettings
    from overt.flags.admin.server import is_wildcard, own_hosts

    return AdminSettings(
        title=opened.campaign.project.name or "Feature flags",
        store=STORE,
        hosts=(*own_hosts(listening, options.host, secure=secure), *options.allow_host),
        any_address=is_wildcard(listening),
        secure=secure,
        cookie=f"overt-flags-{listening.getsockname()[1]}",
    )


def _url(options: argparse.Namespace, listening: socket.socket, *, secure: bool) -> str:
    from overt.flags.admin.server import in_brackets, is_wildcard

    if options.behind_proxy:
        return f"https://{options.allow_host[0]}/"
    host = options.host
    if is_wildcard(listening):
        host = options.allow_host[0] if options.allow_host else "127.0.0.1"
    return f"{'https' if secure else 'http'}://{in_brackets(host)}:{listening.getsockname()[1]}/"


def _tell(url: str, port: int, fresh: str, *, as_json: bool) -> None:
    if as_json:
        text = json.dumps({"event": "ready", "url": url, "port": port, **({"token": fresh} if fresh else {})})
    else:
        text = f"Open {url} (Ctrl-C ends)"
        if fresh:
            text += f"\nToken, shown only here: {fresh}"
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
