"""Documents are stamped at a counter, by one clerk or another."""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar

serving: ContextVar[str] = ContextVar("serving")


async def serve(clerk: str, stamp: Callable[[], Awaitable[object]]) -> str:
    """Stamp a document and sign it."""
    token = serving.set(clerk)
    try:
        await stamp()
        return signature()
    finally:
        serving.reset(token)


def signature() -> str:
    """Return who is serving."""
    return f"signed: {serving.get()}"
