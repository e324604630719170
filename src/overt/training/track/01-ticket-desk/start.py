"""Number the tickets of a cinema."""

_last = 0


class TicketDesk:
    """A desk that numbers its tickets from 1."""

    def take(self) -> int:
        """Return the number of the next ticket."""
        global _last
        _last += 1
        return _last
