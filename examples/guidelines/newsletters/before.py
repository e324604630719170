"""A library sends its newsletter."""

import asyncio
from collections.abc import Awaitable, Callable


async def publish(readers: list[str], post: Callable[[str], Awaitable[None]]) -> None:
    """Send the newsletter to all readers at once."""
    for reader in readers:
        asyncio.create_task(post(reader))
