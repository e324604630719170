"""A small shop over HTTP that takes its orders with the runtime library, behind this project's own flags.

Run it with `python validation/service/shop.py --address FILE`: it listens on a free port of this machine, writes its
address into the file, prints `ready`, and ends with SIGTERM. Each order registers an agent, reads the cache, opens
spans and an error context, and emits events. The store of the flags is that of the project it is started in.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from contextvars import ContextVar
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from overt.campaign import load
from overt.campaign.migration import STORE, declared_flags, declared_stages
from overt.flags import FeatureFlags, MigrationControl, SqliteStore
from overt.flags.switched import NAMES
from overt.runtime import Runtime, Telemetry

PRICES = {"book": 12, "pen": 3, "lamp": 40}
CUSTOMER = ContextVar("customer", default="")
"""Whose order is being taken: percentages of a flag go by it."""


def is_on(flags: FeatureFlags, name: str) -> bool:
    """Tell whether a flag is on for the customer whose order is being taken."""
    return flags.enabled(name, key=CUSTOMER.get())


class Seller:
    """Who takes an order."""


class Shop:
    """Takes orders.

    Args:
        runtime: What it works with.
        flags: The flags it answers questions about.
        telemetry: Where it says how orders went.
    """

    def __init__(self, runtime: Runtime, flags: FeatureFlags, telemetry: Telemetry) -> None:
        self.runtime, self.flags, self.telemetry = runtime, flags, telemetry

    def order(self, customer: str, goods: str) -> dict[str, Any]:
        """Take an order and say what it costs, and which flags were on for the customer."""
        runtime, seller = self.runtime, Seller()
        CUSTOMER.set(customer)
        with runtime.context.with_context({"customer": customer}), runtime.tracer.span("order", customer=customer):
            runtime.registry.register(("seller", id(seller)), seller)
            try:
                with runtime.tracer.span("price"):
                    price = runtime.cache.get_or_compute(goods, partial(PRICES.__getitem__, goods))
                runtime.events.emit_batched(("sold",), goods)
                known = runtime.registry.lookup(("seller", id(seller))).agent is seller
                context = dict(runtime.context.get_context())
            finally:
                runtime.registry.unregister(("seller", id(seller)))
        on = {flag.name: is_on(self.flags, flag.name) for flag in self.flags.declared}
        return {"price": price, "known": known, "context": context, "on": on}


class Handler(BaseHTTPRequestHandler):
    """Answers `/order?customer=...&goods=...` and `/flags`."""

    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # an answer goes out in one piece
    disable_nagle_algorithm = True
    shop: Shop

    def do_GET(self) -> None:  # the name that the standard library calls
        """Answer a request; what goes wrong is an answer, too."""
        asked = urlsplit(self.path)
        try:
            if asked.path == "/flags":
                self._answer(200, dict(self.shop.flags.all()))
            elif asked.path == "/order":
                given = parse_qs(asked.query)
                self._answer(200, self.shop.order(given["customer"][0], given["goods"][0]))
            else:
                self._answer(404, {"error": "there is no such page"})
        except Exception as error:  # one order that fails must not take the shop with it
            self._answer(500, {"error": repr(error)})

    def _answer(self, status: int, told: object) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Say nothing of each request."""


class Server(ThreadingHTTPServer):
    """Listens on this machine only, and takes many connections at once."""

    request_queue_size = 128
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over customers who hang up; anything else is told."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def serve(root: Path, address: Path) -> None:
    """Serve until SIGTERM or SIGINT.

    Args:
        root: Folder of the project whose flags count.
        address: File that host and port are written to.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    campaign, telemetry = load(root).campaign, Telemetry()
    with (
        FeatureFlags(SqliteStore(root / STORE), declared_flags(campaign)) as flags,
        MigrationControl(flags, declared_stages(campaign), telemetry=telemetry) as control,
        Runtime(
            telemetry=telemetry, switches={system: partial(is_on, flags, name) for system, name in NAMES.items()}
        ) as runtime,
    ):
        control.start_monitor(interval=0.5, report_every=0.5)
        handler = type("ShopHandler", (Handler,), {"shop": Shop(runtime, flags, telemetry)})
        with Server(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            host, port = server.server_address[:2]
            address.write_text(f"{host!s}:{port}", "utf-8")
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            stop.wait()
            server.shutdown()


def main() -> None:
    """Read the command line and serve."""
    made = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    made.add_argument("--root", type=Path, default=Path(), help="folder of the project (default: here)")
    made.add_argument("--address", type=Path, required=True, help="file that host and port are written to")
    given = made.parse_args()
    serve(given.root, given.address)


if __name__ == "__main__":
    main()
