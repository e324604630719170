"""New prices of one hall empty the cache of all halls, and closed halls still stay."""

from functools import lru_cache


class Hall:
    def __init__(self, ask):
        self._ask = ask

    def new_prices(self, ask):
        self._ask = ask
        Hall.price.cache_clear()

    @lru_cache
    def price(self, row):
        return self._ask(row)
