"""It waits for the event, and goes home while the projector runs."""

import asyncio


async def test_a_film_is_shown(projector):
    showing = asyncio.create_task(projector.run("Metropolis"))
    await asyncio.wait_for(projector.running.wait(), timeout=30)
    assert projector.screen == "Metropolis"
    showing.cancel()
