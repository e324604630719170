"""What a basket has to do."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier


def alone(module):
    """One customer."""
    basket = module.Basket()
    basket.take("bread")
    basket.take("milk")
    assert basket.items == ["bread", "milk"]


def together(module):
    """Two customers are in the shop at the same time."""
    both = Barrier(2)

    def shop(item):
        basket = module.Basket()
        basket.take(item)
        both.wait(60)
        return list(basket.items)

    with ThreadPoolExecutor(2) as customers:
        assert list(customers.map(shop, ["bread", "milk"])) == [["bread"], ["milk"]]
