"""The end is behind the assertion, so a test that fails never gets there."""

import asyncio


async def test_a_film_is_shown(projector):
    showing = asyncio.create_task(projector.run("Metropolis"))
    await asyncio.wait_for(projector.running.wait(), timeout=30)
    assert projector.screen == "Metropolis"
    showing.cancel()
    await asyncio.gather(showing, return_exceptions=True)
    assert projector.screen == ""
