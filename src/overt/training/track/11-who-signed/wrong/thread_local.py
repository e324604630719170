"""Threads are apart; the tasks of one thread still share."""

import threading
from contextlib import contextmanager

_here = threading.local()


@contextmanager
def acting_as(name: str):
    before = getattr(_here, "name", "nobody")
    _here.name = name
    try:
        yield
    finally:
        _here.name = before


def sign(note: str) -> str:
    return f"{note} ({getattr(_here, 'name', 'nobody')})"
