"""A dispatcher wants to know which ride belongs to which trip."""

from collections.abc import Awaitable, Callable

from overt.runtime import Tracer


class Dispatcher:
    """Times trips with the tracer of whoever puts the program together."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    async def trip(self, name: str, ride: Callable[[], Awaitable[object]]) -> str:
        """Make a trip of one ride; return what the ride was a part of."""
        with self._tracer.span(name):
            await ride()
            return self._tracer.current_span().name
