"""Tills ask a bank for the rate of the day."""

from collections.abc import Callable

from overt.runtime import TTLCache


class Rates:
    """The rates of one branch; whoever makes it says how long a rate is good."""

    def __init__(self, cache: TTLCache) -> None:
        self._cache = cache

    def rate(self, currency: str, bank: Callable[[str], float]) -> float:
        """Return a rate; of those who ask at the same time one asks the bank."""
        return self._cache.get_or_compute(currency, lambda: bank(currency))
