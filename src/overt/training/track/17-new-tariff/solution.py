"""Tills of a cinema that is trying a new tariff."""

from overt.flags import FeatureFlags


class Till:
    """Sells tickets.

    Args:
        flags: The feature flags of the program.
    """

    def __init__(self, flags: FeatureFlags) -> None:
        self._flags = flags

    def price(self, customer: str, tickets: int) -> int:
        """Return what a purchase costs, in cents."""
        return tickets * (900 if self._flags.enabled("new-tariff", customer) else 1000)
