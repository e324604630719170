"""The kitchen of the foyer, with spans that show where the time goes."""

from collections.abc import Callable

from overt.runtime import Tracer


class Kitchen:
    """Serves dishes.

    Args:
        tracer: Where its spans go.
    """

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    def serve(self, table: int, cook: Callable[[int], str]) -> str:
        """Return the dish of a table."""
        with self._tracer.span("serve", table=table), self._tracer.span("cook"):
            return cook(table)
