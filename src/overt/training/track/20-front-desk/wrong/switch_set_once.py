"""All five are mended, and there is no way back once it is open."""

from contextlib import contextmanager
from contextvars import ContextVar

_clerk = ContextVar("clerk", default="nobody")


@contextmanager
def acting_as(clerk):
    token = _clerk.set(clerk)
    try:
        yield
    finally:
        _clerk.reset(token)


class Desk:
    def __init__(self, house, ask):
        self._house, self._ask, self._number, self._prices, self.sales = house, ask, 0, {}, {}

    def price(self, film):
        if film not in self._prices:
            self._prices[film] = self._ask(film)
        return self._prices[film]

    def sell(self, film):
        self._number += 1
        self.sales[film] = self.sales.get(film, 0) + 1
        return f"{self._house} {self._number}: {film}, {self.price(film)}, {_clerk.get()}"


class FrontDesk:
    def __init__(self, old, new, flags):
        self._desk = new if flags.enabled("new-desk") else old

    def sell(self, film):
        return self._desk.sell(film)
