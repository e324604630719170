"""How hard the stress is, and threads that begin together."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable

import pytest

Together = Callable[[int, Callable[[int], object]], None]


@pytest.fixture
def times() -> Callable[[int], int]:
    """Give what scales a number of operations: `OVERT_STRESS=10` does ten times as much, 0.1 a tenth.

    In each state of the flags a tenth is done.
    """
    factor = float(os.environ.get("OVERT_STRESS", "1")) * (0.1 if os.environ.get("OVERT_FLAGS") else 1)
    return lambda number: max(1, round(number * factor))


@pytest.fixture
def together() -> Together:
    """Give what runs a function in so many threads that begin at the same time; what one raises comes through."""
    return _together


def _together(count: int, work: Callable[[int], object]) -> None:
    barrier, errors = threading.Barrier(count), []

    def run(number: int) -> None:
        barrier.wait()
        try:
            work(number)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(interval / 100)  # they get into each other's way more often
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    if errors:
        raise errors[0]
