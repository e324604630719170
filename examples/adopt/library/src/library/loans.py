"""How long books are lent, and what it costs to keep them longer."""

from datetime import date, timedelta

DAYS = 28


def due(begun: date) -> date:
    """Return the day on which a loan ends."""
    return begun + timedelta(days=DAYS)


def fee(begun: date, returned: date) -> int:
    """Return what a reader owes, in cents."""
    return 10 * max(0, (returned - due(begun)).days)
