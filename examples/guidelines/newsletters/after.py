"""A library sends its newsletter."""

import asyncio
from collections.abc import Awaitable, Callable


async def publish(readers: list[str], post: Callable[[str], Awaitable[None]]) -> None:
    """Send the newsletter to all readers at once; it is sent when this returns."""
    async with asyncio.TaskGroup() as sending:
        for reader in readers:
            sending.create_task(post(reader))
