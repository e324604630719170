"""Every thread sees the variable of the module, also those that print for another hall."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

_halls = ["no hall"]


@contextmanager
def hall(name):
    _halls.append(name)
    try:
        yield
    finally:
        _halls.pop()


def print_labels(seats, draw):
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(lambda seat: draw(f"{_halls[-1]} {seat}"), seats))
