"""What labels have to say."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event


def alone(module):
    """One order after the other."""
    with ThreadPoolExecutor(1) as printers:
        assert [module.order(hall, printers).result() for hall in ("east", "west")] == ["to east", "to west"]


def together(module):
    """Both orders are there before the printer, which is busy with something else, takes the first."""
    ready = Event()
    with ThreadPoolExecutor(1) as printers:
        busy = printers.submit(ready.wait, 60)
        jobs = [module.order(hall, printers) for hall in ("east", "west")]
        ready.set()
        assert busy.result()
        assert [job.result() for job in jobs] == ["to east", "to west"]
