"""The name is set and never taken back: it outlives its block."""

from contextlib import contextmanager
from contextvars import ContextVar

_name = ContextVar("name", default="nobody")


@contextmanager
def acting_as(name: str):
    _name.set(name)
    yield


def sign(note: str) -> str:
    return f"{note} ({_name.get()})"
