"""A test of the projector that runs by night."""

import asyncio
from typing import Any


async def test_a_film_is_shown(projector: Any) -> None:
    """The film that was asked for is on the screen until the showing is ended."""
    showing = asyncio.create_task(projector.run("Metropolis"))
    try:
        await asyncio.wait_for(projector.running.wait(), timeout=30)
        assert projector.screen == "Metropolis"
    finally:
        showing.cancel()
        await asyncio.gather(showing, return_exceptions=True)
    assert projector.screen == ""
