"""The counter moved into the class, where all desks still share it."""


class TicketDesk:
    last = 0

    def take(self) -> int:
        TicketDesk.last += 1
        return TicketDesk.last
