"""A garage charges by the hour."""

import time
from collections.abc import Callable


class Garage:
    """Has a clock; tests give it one that stands still."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._now = clock

    def fee(self, arrived: float, find_car: Callable[[], object]) -> int:
        """Return what a stay costs, in euros; each hour begun costs two."""
        find_car()
        return 2 * -int(-(self._now() - arrived) // 3600)
