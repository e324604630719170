"""A customer's cart."""

from dataclasses import dataclass, field

from shop.prices import price


@dataclass
class Cart:
    """What a customer is going to buy."""

    lines: list[tuple[str, int]] = field(default_factory=list)

    def add(self, article: str, list_price: int) -> None:
        """Put an article into the cart at today's price."""
        self.lines.append((article, price(article, list_price)))

    def total(self) -> int:
        """Return the sum in cents."""
        return sum(cents for _, cents in self.lines)
