"""Bills of a mail-order house."""


def with_tax(net: int, percent: int) -> int:
    """Return a net amount with its tax, in cents, rounded down."""
    return net * (100 + percent) // 100
