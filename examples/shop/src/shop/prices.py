"""What things cost, in cents."""

_DISCOUNTS: dict[str, int] = {}


def set_discount(article: str, percent: int) -> None:
    """Take a percentage off the price of an article, for everybody, until the process ends."""
    _DISCOUNTS[article] = percent


def price(article: str, list_price: int) -> int:
    """Return the price of an article in cents, its discount taken off."""
    return list_price * (100 - _DISCOUNTS.get(article, 0)) // 100
