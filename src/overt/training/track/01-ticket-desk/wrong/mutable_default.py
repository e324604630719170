"""A list as default value is made once, when the module is imported."""


class TicketDesk:
    def __init__(self, drawn: list[int] = []) -> None:
        self._drawn = drawn

    def take(self) -> int:
        self._drawn.append(len(self._drawn) + 1)
        return self._drawn[-1]
