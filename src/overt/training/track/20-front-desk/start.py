"""The front desk of a cinema, on its way to a new one."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

_number = 0
_here = threading.local()


@contextmanager
def acting_as(clerk: str) -> Iterator[None]:
    """Sell in the name of a clerk inside the block."""
    before = getattr(_here, "clerk", "nobody")
    _here.clerk = clerk
    try:
        yield
    finally:
        _here.clerk = before


class Desk:
    """Sells tickets for one house; `ask` says what a film costs, in cents."""

    sales: dict[str, int] = {}

    def __init__(self, house: str, ask: Callable[[str], int]) -> None:
        os.environ["CINEMA_HOUSE"] = house
        self._ask = ask

    @lru_cache
    def price(self, film: str) -> int:
        """Return what a film costs."""
        return self._ask(film)

    def sell(self, film: str) -> str:
        """Return a ticket: house, number, film, price, clerk."""
        global _number
        _number += 1
        self.sales[film] = self.sales.get(film, 0) + 1
        clerk = getattr(_here, "clerk", "nobody")
        return f"{os.environ['CINEMA_HOUSE']} {_number}: {film}, {self.price(film)}, {clerk}"


class FrontDesk:
    """Sells at the old desk or at the new one, as the flag `new-desk` says."""

    def __init__(self, old: Any, new: Any, flags: Any) -> None:
        self._desk = new if flags.enabled("new-desk") else old

    def sell(self, film: str) -> str:
        """Return a ticket."""
        return str(self._desk.sell(film))
