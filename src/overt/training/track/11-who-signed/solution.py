"""Sign notes with the name of whoever writes them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_name = ContextVar("name", default="nobody")


@contextmanager
def acting_as(name: str) -> Iterator[None]:
    """Sign with a name inside the block."""
    token = _name.set(name)
    try:
        yield
    finally:
        _name.reset(token)


def sign(note: str) -> str:
    """Return a note with the name of whoever writes it."""
    return f"{note} ({_name.get()})"
