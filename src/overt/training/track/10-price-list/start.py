"""Prices in cents, asked of a supplier once each."""

from collections.abc import Callable

_known: dict[str, int] = {}


class PriceList:
    """What a supplier charges.

    Args:
        ask: Asks the supplier for the price of an article.
    """

    def __init__(self, ask: Callable[[str], int]) -> None:
        self._ask = ask

    def price(self, article: str) -> int:
        """Return the price of an article in cents."""
        if article not in _known:
            _known[article] = self._ask(article)
        return _known[article]
