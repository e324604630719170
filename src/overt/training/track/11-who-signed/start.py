"""Sign notes with the name of whoever writes them."""

from collections.abc import Iterator
from contextlib import contextmanager

_name = "nobody"


@contextmanager
def acting_as(name: str) -> Iterator[None]:
    """Sign with a name inside the block."""
    global _name
    before = _name
    _name = name
    try:
        yield
    finally:
        _name = before


def sign(note: str) -> str:
    """Return a note with the name of whoever writes it."""
    return f"{note} ({_name})"
