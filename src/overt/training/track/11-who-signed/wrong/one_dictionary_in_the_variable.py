"""Every context holds the same dictionary, so changing it is seen in all of them."""

from contextlib import contextmanager
from contextvars import ContextVar

_state = ContextVar("state", default={"name": "nobody"})


@contextmanager
def acting_as(name: str):
    before = _state.get()["name"]
    _state.get()["name"] = name
    try:
        yield
    finally:
        _state.get()["name"] = before


def sign(note: str) -> str:
    return f"{note} ({_state.get()['name']})"
