"""A context variable, and threads that begin without it."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar

_hall = ContextVar("hall", default="no hall")


@contextmanager
def hall(name):
    token = _hall.set(name)
    try:
        yield
    finally:
        _hall.reset(token)


def print_labels(seats, draw):
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(lambda seat: draw(f"{_hall.get()} {seat}"), seats))
