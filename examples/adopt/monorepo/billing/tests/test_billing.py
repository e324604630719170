"""Bills hold the tax."""

from billing import with_tax


def test_tax_is_added() -> None:
    """A fifth on 10.50 is 12.60."""
    assert with_tax(1050, 20) == 1260
