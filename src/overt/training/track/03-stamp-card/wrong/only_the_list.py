"""The films have an owner now; what they earn is still everybody's."""


class StampCard:
    earned = 0

    def __init__(self) -> None:
        self._seen: list[str] = []

    def stamp(self, film: str) -> None:
        self._seen.append(film)
        if len(self._seen) % 5 == 0:
            type(self).earned += 1

    def films(self) -> list[str]:
        return list(self._seen)

    def free_tickets(self) -> int:
        return self.earned
