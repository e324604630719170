"""A kitchen tells which order went wrong."""

from collections.abc import Awaitable, Callable

doing: dict[str, int] = {}


async def cook(order: int, oven: Callable[[], Awaitable[object]]) -> None:
    """Cook an order."""
    doing["order"] = order
    await oven()


def report(error: Exception) -> str:
    """Say what went wrong."""
    return f"order {doing['order']}: {error}"
