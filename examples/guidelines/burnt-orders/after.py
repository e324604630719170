"""A kitchen tells which order went wrong."""

from collections.abc import Awaitable, Callable

from overt.runtime.error_context import with_context


async def cook(order: int, oven: Callable[[], Awaitable[object]]) -> None:
    """Cook an order."""
    with with_context({"order": order}):
        await oven()


def report(error: Exception) -> str:
    """Say what went wrong; the error brings along what it was about."""
    return f"order {error.overt_context['order']}: {error}"
