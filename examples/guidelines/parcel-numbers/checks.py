"""What a depot has to do."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier


def alone(module):
    """One clerk after the other."""
    depot = module.Depot() if hasattr(module, "Depot") else module
    labels = []
    assert [depot.accept(labels.append), depot.accept(labels.append)] == labels == [1, 2]


def together(module):
    """Two clerks print their labels at the same moment."""
    depot = module.Depot() if hasattr(module, "Depot") else module
    both = Barrier(2)
    with ThreadPoolExecutor(2) as clerks:
        jobs = [clerks.submit(depot.accept, lambda _: both.wait(60)) for _ in range(2)]
    assert sorted(job.result() for job in jobs) == [1, 2]
