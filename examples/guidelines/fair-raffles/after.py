"""Raffles whose draw can be repeated."""

import random
from collections.abc import Awaitable, Callable


async def draw(names: list[str], seed: int, announce: Callable[[], Awaitable[object]]) -> list[str]:
    """Draw three winners, announce each, and return them; the same seed draws the same ones."""
    generator = random.Random(seed)
    left, winners = sorted(names), []
    for _ in range(3):
        winners.append(left.pop(generator.randrange(len(left))))
        await announce()
    return winners
