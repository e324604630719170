"""The cache is a function of the module: nothing is mixed up, and nothing is ever let go."""

from functools import lru_cache


@lru_cache(maxsize=None)
def _price(hall, ask, row):
    return ask(row)


class Hall:
    def __init__(self, ask):
        self._ask = ask

    def new_prices(self, ask):
        self._ask = ask

    def price(self, row):
        return _price(self, self._ask, row)
