"""What a raffle has to do."""

import asyncio
import random

NAMES = ["ann", "bob", "cid", "dee", "eve", "fay", "gus", "hal", "ida", "joe"]


def alone(module):
    """One draw after the other."""
    assert halls(module, 1) == halls(module, 1)


def together(module):
    """Two halls draw turn by turn, with the same names and the same seed."""
    expected = random.Random(7)
    left = list(NAMES)
    winners = [left.pop(expected.randrange(len(left))) for _ in range(3)]
    assert halls(module, 2) == [winners, winners]


def halls(module, number):
    """Draw in so many halls; all announce a winner before any draws the next."""

    async def evening():
        announced = asyncio.Barrier(number).wait
        return await asyncio.gather(*(module.draw(NAMES, 7, announced) for _ in range(number)))

    return asyncio.run(evening())
