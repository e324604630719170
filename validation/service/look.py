"""A look at the shop under load: do the flags stand as they should, and was every order answered rightly meanwhile?

`python validation/service/look.py --address FILE --log FILE new-cache=10 new-events=10` asks the store of the flags,
waits until the shop itself says the same and all orders that shares are told of came later, prints what was seen, and
ends with 1 when a flag stands otherwise or an order failed since the beginning.
"""

from __future__ import annotations

import argparse
import http.client
import json
import sys
import time
from pathlib import Path
from typing import Any

from overt.campaign import load
from overt.campaign.migration import STORE, declared_flags
from overt.flags import FeatureFlags, SqliteStore
from overt.flags.records import percent

WINDOW = 1000
"""Of how many of the last orders the customers tell shares."""


def stored_otherwise(root: Path, wanted: dict[str, float]) -> str:
    """Return which flags the store has otherwise than wanted: nothing is then to be waited for."""
    with FeatureFlags(SqliteStore(root / STORE), declared_flags(load(root).campaign)) as flags:
        present = {name: percent(value) for name, value in flags.all().items()}
    wrong = [f"{name} is at {present.get(name)} %" for name, value in wanted.items() if present.get(name) != value]
    return ", ".join(wrong)


def flags_of(address: str) -> dict[str, float]:
    """Return the percentage at which the shop has each flag."""
    connection = http.client.HTTPConnection(address, timeout=30)
    try:
        connection.request("GET", "/flags")
        told = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    return {name: value * 100.0 if isinstance(value, bool) else value for name, value in told.items()}


def await_flags(address: str, wanted: dict[str, float], seconds: float) -> str:
    """Wait until flags stand as wanted; return what is otherwise at last, empty when nothing is."""
    deadline = time.monotonic() + seconds
    while True:
        present = flags_of(address)
        wrong = {name: present.get(name) for name, value in wanted.items() if present.get(name) != value}
        if not wrong or time.monotonic() > deadline:
            return ", ".join(f"{name} is at {value:g} %" for name, value in wrong.items() if value is not None)
        time.sleep(0.02)


def await_orders(log: Path, orders: int, seconds: float) -> dict[str, Any]:
    """Wait until so many further orders were answered and return the figures; the last known when time is up."""
    figures: dict[str, Any] = json.loads(log.read_bytes())
    until, deadline = figures["requests"] + orders, time.monotonic() + seconds
    while figures["requests"] < until and time.monotonic() < deadline:
        time.sleep(0.05)
        figures = json.loads(log.read_bytes())
    return figures


def told_wrong(figures: dict[str, Any], wanted: dict[str, float]) -> str:
    """Return what is wrong with the figures; empty when nothing is."""
    if figures["failed"]:
        return f"{figures['failed']} of {figures['requests']} orders failed, the first with {figures['first_failure']}"
    for name, percentage in wanted.items():
        share = figures["on"].get(name, 0.0)
        if (share > 0) != (percentage > 0) or (share < 1) != (percentage < 100):
            return f"{name} is at {percentage:g} %, and was on for {share:.0%} of the last orders"
    return ""


def main() -> int:
    """Read the command line, look, and tell."""
    made = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    made.add_argument("flags", nargs="*", metavar="FLAG=PERCENT", help="how flags should stand")
    made.add_argument("--address", type=Path, required=True, help="file that the shop wrote its address to")
    made.add_argument("--log", type=Path, required=True, help="file that the customers keep their figures in")
    made.add_argument("--root", type=Path, default=Path(), help="folder of the project (default: here)")
    given = made.parse_args()
    wanted = {name: float(value) for name, _, value in (each.partition("=") for each in given.flags)}
    wrong = stored_otherwise(given.root, wanted) or await_flags(given.address.read_text("utf-8"), wanted, 60)
    if wrong:
        sys.stdout.write(f"{wrong}\n")
        return 1
    figures = await_orders(given.log, WINDOW + 100, 100)
    sys.stdout.write(f"{figures['requests']:,} orders, {figures['failed']} failed")
    sys.stdout.write(
        f"; half answered in {figures['p50_ns'] / 1e6:.1f} ms, 99 of 100 in {figures['p99_ns'] / 1e6:.1f} ms\n"
    )
    for name in ("requests", "failed"):
        sys.stdout.write(f"figure: {name} {figures[name]}\n")
    sys.stdout.write(f"figure: p99 {figures['p99_ns']} ns\n")
    if wrong := told_wrong(figures, wanted):
        sys.stdout.write(f"{wrong}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
