"""Labels for the seats of a cinema, drawn by two threads."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

_here = threading.local()


@contextmanager
def hall(name: str) -> Iterator[None]:
    """Print labels of a hall inside the block."""
    before = getattr(_here, "hall", "no hall")
    _here.hall = name
    try:
        yield
    finally:
        _here.hall = before


def print_labels(seats: list[str], draw: Callable[[str], str]) -> list[str]:
    """Draw a label for each seat, two at a time, and return what was drawn, in order."""

    def label(seat: str) -> str:
        return draw(f"{getattr(_here, 'hall', 'no hall')} {seat}")

    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(label, seats))
