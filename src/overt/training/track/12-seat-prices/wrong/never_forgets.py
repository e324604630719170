"""The hall owns what it remembers, and remembers it whatever the office says."""


class Hall:
    def __init__(self, ask):
        self._ask, self._known = ask, {}

    def new_prices(self, ask):
        self._ask = ask

    def price(self, row):
        if row not in self._known:
            self._known[row] = self._ask(row)
        return self._known[row]
