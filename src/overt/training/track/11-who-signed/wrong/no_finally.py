"""An error in the block skips the line that takes the name back."""

from contextlib import contextmanager
from contextvars import ContextVar

_name = ContextVar("name", default="nobody")


@contextmanager
def acting_as(name: str):
    token = _name.set(name)
    yield
    _name.reset(token)


def sign(note: str) -> str:
    return f"{note} ({_name.get()})"
