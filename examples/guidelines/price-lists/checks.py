"""What price lists have to do."""

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier


def alone(module):
    """One till asks twice."""
    prices = module.PriceList({"bread": 2.5})
    assert [prices.price("bread"), prices.price("bread")] == [3.0, 3.0]


def together(module):
    """Four tills are open at the same time, and nothing of them is left when they have closed."""
    all_open = Barrier(4)

    def till(_number):
        prices = module.PriceList({"bread": 2.5})
        prices.price("bread")
        all_open.wait(60)
        return weakref.ref(prices)

    with ThreadPoolExecutor(4) as tills:
        lists = list(tills.map(till, range(4)))
    gc.collect()
    assert [kept() for kept in lists] == [None] * 4
