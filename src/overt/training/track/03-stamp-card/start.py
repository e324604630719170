"""Stamp cards of a cinema: every fifth film is free."""


class StampCard:
    """What one visitor has seen, and what that has earned."""

    seen: list[str] = []
    earned = 0

    def stamp(self, film: str) -> None:
        """Note a visit."""
        self.seen.append(film)
        if len(self.seen) % 5 == 0:
            StampCard.earned += 1

    def films(self) -> list[str]:
        """Return what was seen, in order."""
        return list(self.seen)

    def free_tickets(self) -> int:
        """Return how many tickets have been earned."""
        return self.earned
