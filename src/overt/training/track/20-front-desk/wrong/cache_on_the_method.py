"""The cache has stayed where it was, and so do the desks."""

from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

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
        self._house, self._ask, self._number, self.sales = house, ask, 0, {}

    @lru_cache
    def price(self, film):
        return self._ask(film)

    def sell(self, film):
        self._number += 1
        self.sales[film] = self.sales.get(film, 0) + 1
        return f"{self._house} {self._number}: {film}, {self.price(film)}, {_clerk.get()}"


class FrontDesk:
    def __init__(self, old, new, flags):
        self._old, self._new, self._flags = old, new, flags

    def sell(self, film):
        return (self._new if self._flags.enabled("new-desk") else self._old).sell(film)
