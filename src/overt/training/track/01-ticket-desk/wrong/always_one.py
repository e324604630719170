"""Nothing is shared any more, and nothing is counted."""


class TicketDesk:
    def take(self) -> int:
        last = 0
        return last + 1
