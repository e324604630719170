"""Tills of a cinema that is trying a new tariff."""

from overt.flags import FeatureFlags

_new_tariff = False


class Till:
    """Sells tickets.

    Args:
        flags: The feature flags of the program.
    """

    def __init__(self, flags: FeatureFlags) -> None:
        global _new_tariff
        _new_tariff = flags.enabled("new-tariff")

    def price(self, customer: str, tickets: int) -> int:
        """Return what a purchase costs, in cents."""
        return tickets * (900 if _new_tariff else 1000)
