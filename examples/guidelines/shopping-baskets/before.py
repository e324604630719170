"""A shop keeps what each customer has taken."""


class Basket:
    """What one customer takes."""

    items: list[str] = []

    def take(self, item: str) -> None:
        """Put something in."""
        self.items.append(item)
