"""Orders add up."""

from orders import total


def test_lines_add_up() -> None:
    """Two of one and one of another."""
    assert total([(2, 300), (1, 450)]) == 1050
