"""Carts add up."""

from shop.cart import Cart
from shop.prices import set_discount


def test_an_empty_cart_costs_nothing() -> None:
    """Nothing is free."""
    assert Cart().total() == 0


def test_articles_add_up() -> None:
    """Two articles cost the sum of both."""
    cart = Cart()
    cart.add("tea", 450)
    cart.add("cup", 800)
    assert cart.total() == 1250


def test_a_discount_is_taken_off() -> None:
    """A fifth off 10.00 is 8.00."""
    set_discount("pot", 20)
    cart = Cart()
    cart.add("pot", 1000)
    assert cart.total() == 800
