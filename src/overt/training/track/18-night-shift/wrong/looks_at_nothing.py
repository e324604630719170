"""It waits and ends everything properly, and would be content with any film."""

import asyncio


async def test_a_film_is_shown(projector):
    showing = asyncio.create_task(projector.run("Metropolis"))
    await asyncio.wait_for(projector.running.wait(), timeout=30)
    showing.cancel()
    await asyncio.gather(showing, return_exceptions=True)
    assert projector.screen == ""
