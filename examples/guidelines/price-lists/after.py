"""Tills look prices up."""


class PriceList:
    """The prices of one till, with a cache that goes when it goes."""

    def __init__(self, net: dict[str, float]) -> None:
        self.net = net
        self._gross: dict[str, float] = {}

    def price(self, item: str) -> float:
        """Return a price with tax."""
        if item not in self._gross:
            self._gross[item] = round(self.net[item] * 1.2, 2)
        return self._gross[item]
