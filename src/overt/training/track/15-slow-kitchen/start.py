"""The kitchen of the foyer, with spans that show where the time goes."""

from collections.abc import Callable

from overt.runtime import Tracer

_tracer: Tracer | None = None


class Kitchen:
    """Serves dishes.

    Args:
        tracer: Where its spans go.
    """

    def __init__(self, tracer: Tracer) -> None:
        global _tracer
        _tracer = tracer

    def serve(self, table: int, cook: Callable[[int], str]) -> str:
        """Return the dish of a table."""
        assert _tracer is not None
        served = _tracer.start_span("serve", {"table": table})
        cooked = _tracer.start_span("cook")
        dish = cook(table)
        _tracer.end_span(cooked)
        _tracer.end_span(served)
        return dish
