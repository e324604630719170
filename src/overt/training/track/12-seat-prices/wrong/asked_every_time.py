"""Without a cache there is nothing stale, and the office is called for every seat."""


class Hall:
    def __init__(self, ask):
        self._ask = ask

    def new_prices(self, ask):
        self._ask = ask

    def price(self, row):
        return self._ask(row)
