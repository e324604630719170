"""A longer sleep: slower on every machine, and still a bet on the lamp."""

import asyncio


async def test_a_film_is_shown(projector):
    showing = asyncio.create_task(projector.run("Metropolis"))
    try:
        await asyncio.sleep(0.1)
        assert projector.screen == "Metropolis"
    finally:
        showing.cancel()
        await asyncio.gather(showing, return_exceptions=True)
    assert projector.screen == ""
