"""What a ride has to cost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from overt.flags import FeatureFlags, MemoryStore


def ride(module, on, print_ticket):
    """Ride three zones with the new tariff on or off."""
    if not hasattr(module, "Bus"):
        module.switch(on=on)
        return module.fare(3, print_ticket)
    with FeatureFlags(MemoryStore(), [module.NEW_TARIFF]) as flags, flags.override(new_tariff=on):
        return module.Bus(flags).fare(3, print_ticket)


def alone(module):
    """One ride after the other."""
    assert [ride(module, on, Barrier(1).wait) for on in (True, False)] == [300, 360]


def together(module):
    """Two tests ride at the same time, one with each tariff."""
    both = Barrier(2)
    with ThreadPoolExecutor(2) as tests:
        assert list(tests.map(lambda on: ride(module, on, lambda: both.wait(60)), [True, False])) == [300, 360]
