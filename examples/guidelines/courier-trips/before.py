"""A dispatcher wants to know which ride belongs to which trip."""

from collections.abc import Awaitable, Callable

under_way: list[str] = []


async def trip(name: str, ride: Callable[[], Awaitable[object]]) -> str:
    """Make a trip of one ride; return what the ride was a part of."""
    under_way.append(name)
    await ride()
    part_of = under_way[-1]
    under_way.pop()
    return part_of
