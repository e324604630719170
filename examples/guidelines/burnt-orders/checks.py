"""What a kitchen has to tell."""

import asyncio


def alone(module):
    """One order burns."""

    async def oven():
        raise OSError("burnt")

    [error] = asyncio.run(evening(module, [7], oven))
    assert module.report(error) == "order 7: burnt"


def together(module):
    """Two orders burn at the same time."""
    both = asyncio.Barrier(2)

    async def oven():
        await both.wait()
        raise OSError("burnt")

    errors = asyncio.run(evening(module, [7, 8], oven))
    assert [module.report(error) for error in errors] == ["order 7: burnt", "order 8: burnt"]


async def evening(module, orders, oven):
    """Cook all orders at once and return their errors."""
    return await asyncio.gather(*(module.cook(order, oven) for order in orders), return_exceptions=True)
