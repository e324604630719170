"""The clerk still belongs to the thread, which two tasks share."""

import threading
from contextlib import contextmanager

_here = threading.local()


@contextmanager
def acting_as(clerk):
    before = getattr(_here, "clerk", "nobody")
    _here.clerk = clerk
    try:
        yield
    finally:
        _here.clerk = before


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
        clerk = getattr(_here, "clerk", "nobody")
        return f"{self._house} {self._number}: {film}, {self.price(film)}, {clerk}"


class FrontDesk:
    def __init__(self, old, new, flags):
        self._old, self._new, self._flags = old, new, flags

    def sell(self, film):
        return (self._new if self._flags.enabled("new-desk") else self._old).sell(film)
