"""One copy for all labels: a context can only be entered by one thread at a time."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context

_hall = ContextVar("hall", default="no hall")


@contextmanager
def hall(name):
    token = _hall.set(name)
    try:
        yield
    finally:
        _hall.reset(token)


def print_labels(seats, draw):
    context = copy_context()
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(lambda seat: context.run(lambda: draw(f"{_hall.get()} {seat}")), seats))
