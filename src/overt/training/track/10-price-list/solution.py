"""Prices in cents, asked of a supplier once each."""

from collections.abc import Callable


class PriceList:
    """What a supplier charges.

    Args:
        ask: Asks the supplier for the price of an article.
    """

    def __init__(self, ask: Callable[[str], int]) -> None:
        self._ask = ask
        self._known: dict[str, int] = {}

    def price(self, article: str) -> int:
        """Return the price of an article in cents."""
        if article not in self._known:
            self._known[article] = self._ask(article)
        return self._known[article]
