"""Documents are stamped at a counter, by one clerk or another."""

import threading
from collections.abc import Awaitable, Callable

here = threading.local()


async def serve(clerk: str, stamp: Callable[[], Awaitable[object]]) -> str:
    """Stamp a document and sign it."""
    here.clerk = clerk
    await stamp()
    return signature()


def signature() -> str:
    """Return who is serving."""
    return f"signed: {here.clerk}"
