"""The front desk of a cinema, on its way to a new one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_clerk = ContextVar("clerk", default="nobody")


@contextmanager
def acting_as(clerk: str) -> Iterator[None]:
    """Sell in the name of a clerk inside the block."""
    token = _clerk.set(clerk)
    try:
        yield
    finally:
        _clerk.reset(token)


class Desk:
    """Sells tickets for one house; `ask` says what a film costs, in cents."""

    def __init__(self, house: str, ask: Callable[[str], int]) -> None:
        self._house, self._ask = house, ask
        self._number = 0
        self._prices: dict[str, int] = {}
        self.sales: dict[str, int] = {}

    def price(self, film: str) -> int:
        """Return what a film costs."""
        if film not in self._prices:
            self._prices[film] = self._ask(film)
        return self._prices[film]

    def sell(self, film: str) -> str:
        """Return a ticket: house, number, film, price, clerk."""
        self._number += 1
        self.sales[film] = self.sales.get(film, 0) + 1
        return f"{self._house} {self._number}: {film}, {self.price(film)}, {_clerk.get()}"


class FrontDesk:
    """Sells at the old desk or at the new one, as the flag `new-desk` says."""

    def __init__(self, old: Any, new: Any, flags: Any) -> None:
        self._old, self._new, self._flags = old, new, flags

    def sell(self, film: str) -> str:
        """Return a ticket."""
        desk = self._new if self._flags.enabled("new-desk") else self._old
        return str(desk.sell(film))
