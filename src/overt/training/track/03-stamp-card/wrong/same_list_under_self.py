"""`self.seen` names the list of the class: still one list."""


class StampCard:
    seen: list[str] = []

    def __init__(self) -> None:
        self.seen = self.seen

    def stamp(self, film: str) -> None:
        self.seen.append(film)

    def films(self) -> list[str]:
        return list(self.seen)

    def free_tickets(self) -> int:
        return len(self.seen) // 5
