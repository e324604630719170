"""A garage charges by the hour."""

import time
from collections.abc import Callable

now = time.time


def set_clock(clock: Callable[[], float]) -> None:
    """Let tests stop the time."""
    global now
    now = clock


def fee(arrived: float, find_car: Callable[[], object]) -> int:
    """Return what a stay costs, in euros; each hour begun costs two."""
    find_car()
    return 2 * -int(-(now() - arrived) // 3600)
