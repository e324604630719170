"""Orders of a mail-order house."""


def total(lines: list[tuple[int, int]]) -> int:
    """Return what lines of amount and price come to, in cents."""
    return sum(amount * price for amount, price in lines)
