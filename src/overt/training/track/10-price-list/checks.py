"""What an answer to the price list must do."""

import gc
import weakref

from overt.training.probes import changed_state, either_order


class Supplier:
    """Answers what it is asked and remembers how often."""

    def __init__(self, cents):
        self.cents, self.asked = cents, []

    def ask(self, article):
        self.asked.append(article)
        return self.cents


def check_a_price_is_asked_for_once(answer):
    """Three questions for the same article reach the supplier once."""
    supplier = Supplier(250)
    prices = answer.load().PriceList(supplier.ask)
    told = [prices.price("tea") for _ in range(3)]
    assert told == [250, 250, 250], f"the price of tea is 250, and it gives {told}"
    assert supplier.asked == ["tea"], f"the supplier was asked {len(supplier.asked)} times"


def check_suppliers_stay_apart(answer):
    """Two lists of two suppliers give two prices."""
    module = answer.load()
    cheap, dear = module.PriceList(Supplier(100).ask), module.PriceList(Supplier(900).ask)
    told = [cheap.price("tea"), dear.price("tea")]
    assert told == [100, 900], f"the suppliers charge [100, 900], and the lists say {told}"


def check_the_order_does_not_show(answer):
    """A list gives the same price whether it is used first or second."""
    either_order(
        answer,
        lambda module: module.PriceList(Supplier(100).ask).price("tea"),
        lambda module: module.PriceList(Supplier(900).ask).price("tea"),
    )


def check_the_prices_go_with_the_list(answer):
    """A list that nobody holds any more is gone, and the module remembers nothing of it."""
    module = answer.load()
    prices = module.PriceList(Supplier(100).ask)
    changed = changed_state(module, lambda: prices.price("tea"))
    gone = weakref.ref(prices)
    del prices
    gc.collect()
    assert gone() is None, "the list is still held by something after its last user let go of it"
    assert not changed, f"asking for a price changes {', '.join(changed)}"
