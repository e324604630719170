"""What a dispatcher has to know."""

import asyncio

from overt.runtime import Tracer


def parts(module, names):
    """Make all trips at the same time, the first of them home first, and return what each ride was a part of."""

    async def morning(make):
        all_out, first_home = asyncio.Barrier(len(names)), asyncio.Event()

        async def one(name):
            async def ride():
                await all_out.wait()
                if name != names[0]:
                    await first_home.wait()

            found = await make(name, ride)
            first_home.set()
            return found

        return await asyncio.gather(*map(one, names))

    if not hasattr(module, "Dispatcher"):
        return asyncio.run(morning(module.trip))
    with Tracer() as tracer:
        found = asyncio.run(morning(module.Dispatcher(tracer).trip))
        assert tracer.live_spans() == ()
        return found


def alone(module):
    """One courier after the other."""
    assert [parts(module, [name]) for name in ("north", "south")] == [["north"], ["south"]]


def together(module):
    """Two couriers are out at the same time, and who left first comes home first."""
    assert parts(module, ["north", "south"]) == ["north", "south"]
