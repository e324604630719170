"""Buses are to have a new tariff."""

from collections.abc import Callable

from overt.flags import FeatureFlags, Flag

NEW_TARIFF = Flag(
    "new-tariff", owner="timetable", purpose="a base price and cheap zones", created="2026-11-01", until="2027-06-30"
)


class Bus:
    """Asks the flag where the way forks; the flags belong to whoever puts the program together."""

    def __init__(self, flags: FeatureFlags) -> None:
        self._flags = flags

    def fare(self, zones: int, print_ticket: Callable[[], object]) -> int:
        """Return what a ride costs, in cents."""
        print_ticket()
        return 150 + 50 * zones if self._flags.enabled("new-tariff") else 120 * zones
