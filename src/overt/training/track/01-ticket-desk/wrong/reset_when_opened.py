"""Every new desk starts at 1, and takes the numbers of the open ones with it."""

_last = 0


class TicketDesk:
    def __init__(self) -> None:
        global _last
        _last = 0

    def take(self) -> int:
        global _last
        _last += 1
        return _last
