"""What parking has to cost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from overt.testing import FrozenClock


def stay(module, hours, find_car):
    """Park so many hours, with a clock that shows when they are over."""
    clock = FrozenClock(3600.0 * hours)
    if hasattr(module, "Garage"):
        return module.Garage(clock).fee(0.0, find_car)
    module.set_clock(clock)
    return module.fee(0.0, find_car)


def alone(module):
    """One car after the other."""
    assert [stay(module, hours, Barrier(1).wait) for hours in (1, 3)] == [2, 6]


def together(module):
    """Two tests stop the time at the same time, each at its own hour."""
    both = Barrier(2)
    with ThreadPoolExecutor(2) as tests:
        assert list(tests.map(lambda hours: stay(module, hours, lambda: both.wait(60)), [1, 3])) == [2, 6]
