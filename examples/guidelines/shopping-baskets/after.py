"""A shop keeps what each customer has taken."""


class Basket:
    """What one customer takes."""

    def __init__(self) -> None:
        self.items: list[str] = []

    def take(self, item: str) -> None:
        """Put something in."""
        self.items.append(item)
