"""Number the tickets of a cinema."""


class TicketDesk:
    """A desk that numbers its tickets from 1."""

    def __init__(self) -> None:
        self._last = 0

    def take(self) -> int:
        """Return the number of the next ticket."""
        self._last += 1
        return self._last
