"""Right labels, and no threads any more."""

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
    return [draw(f"{_hall.get()} {seat}") for seat in seats]
