"""Customers of the shop: several of them order one after another, and every answer is looked at.

Run it with `python validation/service/load.py --address FILE --log FILE`: it prints `ready` once orders are answered,
keeps the log file up to date, and ends with SIGTERM. An order has failed when it was not answered, not with 200, or
with anything but the right price, a seller that the registry knew, and the customer's own context.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import signal
import sys
import threading
import time
from collections import deque
from pathlib import Path
from typing import Any

from overt.system.atomic import write_atomic

PRICES = {"book": 12, "pen": 3, "lamp": 40}
WINDOW = 1000
"""Of how many of the last orders shares are told."""


class Log:
    """What customers saw, from all of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests = self._failed = 0
        self._first_failure = ""
        self._durations: deque[int] = deque(maxlen=20_000)
        self._last: deque[dict[str, bool]] = deque(maxlen=WINDOW)

    def add(self, duration_ns: int, on: dict[str, bool], failure: str) -> None:
        """Note one order."""
        with self._lock:
            self._requests += 1
            self._durations.append(duration_ns)
            if failure:
                self._failed += 1
                self._first_failure = self._first_failure or failure
            else:
                self._last.append(on)

    def figures(self) -> dict[str, Any]:
        """Return what is known: counts, the slowest of a hundred, and the share of each flag in the last orders."""
        with self._lock:
            durations, last = sorted(self._durations), list(self._last)
            found: dict[str, Any] = {"requests": self._requests, "failed": self._failed}
            found["first_failure"] = self._first_failure
        found["p50_ns"] = durations[len(durations) // 2] if durations else 0
        found["p99_ns"] = durations[len(durations) * 99 // 100] if durations else 0
        names = last[-1] if last else {}
        found["on"] = {name: sum(each.get(name, False) for each in last) / len(last) for name in names}
        return found


class Customer:
    """Orders one thing after another over one connection.

    Args:
        address: Host and port of the shop.
        log: Where what it saw is noted.
        chance: Who orders what.
    """

    def __init__(self, address: str, log: Log, chance: random.Random) -> None:
        self._connection = http.client.HTTPConnection(address, timeout=30)
        self._log, self._chance = log, chance

    def order(self) -> None:
        """Order once and look at the answer."""
        customer, goods = f"customer-{self._chance.randrange(10_000)}", self._chance.choice(sorted(PRICES))
        started, on, failure = time.monotonic_ns(), {}, ""
        try:
            self._connection.request("GET", f"/order?customer={customer}&goods={goods}")
            answer = self._connection.getresponse()
            told = json.loads(answer.read())
            right = {"price": PRICES[goods], "known": True, "context": {"customer": customer}}
            wrong = {name: told.get(name) for name, value in right.items() if told.get(name) != value}
            failure = f"{answer.status}: {told.get('error', wrong)}" if answer.status != 200 or wrong else ""
            on = told.get("on", {})
        except (OSError, http.client.HTTPException, ValueError) as error:
            failure = repr(error)
            self._connection.close()
        self._log.add(time.monotonic_ns() - started, on, failure)


def run(address: str, log: Log, path: Path, customers: int) -> None:
    """Have customers order until SIGTERM or SIGINT.

    Args:
        address: Host and port of the shop.
        log: Where what they saw is noted.
        path: File that figures are kept in.
        customers: How many order at a time.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())

    def work(seed: int) -> None:
        customer = Customer(address, log, random.Random(seed))
        while not stop.wait(0.002):
            customer.order()

    threads = [threading.Thread(target=work, args=(seed,), daemon=True) for seed in range(customers)]
    for thread in threads:
        thread.start()
    ready = False
    while not stop.wait(0.1):
        figures = log.figures()
        write_atomic(path, json.dumps(figures).encode(), durable=False)
        if not ready and figures["requests"] >= WINDOW:
            ready = True
            sys.stdout.write("ready\n")
            sys.stdout.flush()


def main() -> None:
    """Read the command line and begin."""
    made = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    made.add_argument("--address", type=Path, required=True, help="file that the shop wrote its address to")
    made.add_argument("--log", type=Path, required=True, help="file that figures are kept in")
    made.add_argument("--customers", type=int, default=4, metavar="N", help="how many order at a time (default: 4)")
    given = made.parse_args()
    run(given.address.read_text("utf-8"), Log(), given.log, given.customers)


if __name__ == "__main__":
    main()
