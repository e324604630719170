"""Each new card takes the stamps of all others away."""


class StampCard:
    seen: list[str] = []

    def __init__(self) -> None:
        StampCard.seen = []

    def stamp(self, film: str) -> None:
        StampCard.seen.append(film)

    def films(self) -> list[str]:
        return list(StampCard.seen)

    def free_tickets(self) -> int:
        return len(StampCard.seen) // 5
