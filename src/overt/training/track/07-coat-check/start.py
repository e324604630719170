"""The cloakroom of a cinema: 100 cents for each hour that has begun."""

import math
import time
from collections.abc import Callable


class CoatCheck:
    """Keeps coats by number.

    Args:
        now: Returns the time in seconds.
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._came: dict[int, float] = {}

    def leave(self, number: int) -> None:
        """Take a coat."""
        self._came[number] = time.time()

    def collect(self, number: int) -> int:
        """Give a coat back and return what it costs, in cents."""
        hours = (self._now() - self._came.pop(number)) / 3600
        return 100 * max(1, math.ceil(hours))
