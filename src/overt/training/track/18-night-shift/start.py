"""A test of the projector that runs by night."""

import asyncio
from typing import Any


async def test_a_film_is_shown(projector: Any) -> None:
    """The film that was asked for is on the screen."""
    asyncio.create_task(projector.run("Metropolis"))
    await asyncio.sleep(0.05)
    assert projector.screen == "Metropolis"
