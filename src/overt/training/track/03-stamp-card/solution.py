"""Stamp cards of a cinema: every fifth film is free."""


class StampCard:
    """What one visitor has seen, and what that has earned."""

    def __init__(self) -> None:
        self._seen: list[str] = []

    def stamp(self, film: str) -> None:
        """Note a visit."""
        self._seen.append(film)

    def films(self) -> list[str]:
        """Return what was seen, in order."""
        return list(self._seen)

    def free_tickets(self) -> int:
        """Return how many tickets have been earned."""
        return len(self._seen) // 5
