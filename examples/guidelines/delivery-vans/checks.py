"""What a fleet has to do."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

from overt.runtime import AgentRegistry


@contextmanager
def a_fleet(module):
    """Open a fleet of either kind."""
    with AgentRegistry() as vans:
        yield module.Fleet(vans) if hasattr(module, "AgentRegistry") else module.Fleet()


def alone(module):
    """One van, still on the road."""
    with a_fleet(module) as fleet:
        fleet.set_off("N-17", "mail")
        assert (fleet.cargo_of("N-17"), fleet.cargo_of("N-18")) == ("mail", None)


def together(module):
    """Two drivers see each other on the road, and nobody sees them when they are home."""
    both = Barrier(2)

    def drive(mine, other):
        fleet.set_off(mine, "mail")
        both.wait(60)
        seen = fleet.cargo_of(other)
        both.wait(60)
        return seen

    with a_fleet(module) as fleet:
        with ThreadPoolExecutor(2) as drivers:
            assert list(drivers.map(drive, ["N-17", "N-18"], ["N-18", "N-17"])) == ["mail", "mail"]
        assert (fleet.cargo_of("N-17"), fleet.cargo_of("N-18")) == (None, None)
