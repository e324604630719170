"""Labels for the seats of a cinema, drawn by two threads."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context

_hall = ContextVar("hall", default="no hall")


@contextmanager
def hall(name: str) -> Iterator[None]:
    """Print labels of a hall inside the block."""
    token = _hall.set(name)
    try:
        yield
    finally:
        _hall.reset(token)


def print_labels(seats: list[str], draw: Callable[[str], str]) -> list[str]:
    """Draw a label for each seat, two at a time, and return what was drawn, in order."""

    def label(seat: str) -> str:
        return draw(f"{_hall.get()} {seat}")

    with ThreadPoolExecutor(max_workers=2) as pool:
        drawn = [pool.submit(copy_context().run, label, seat) for seat in seats]
        return [one.result() for one in drawn]
