"""What a counter has to do."""

import asyncio


def alone(module):
    """One clerk after the other."""

    async def day():
        done = asyncio.Barrier(1).wait
        return [await module.serve(clerk, done) for clerk in ("ann", "bob")]

    assert asyncio.run(day()) == ["signed: ann", "signed: bob"]


def together(module):
    """Two clerks stamp at the same time, as two tasks of one thread."""

    async def day():
        both = asyncio.Barrier(2).wait
        return await asyncio.gather(module.serve("ann", both), module.serve("bob", both))

    assert asyncio.run(day()) == ["signed: ann", "signed: bob"]
