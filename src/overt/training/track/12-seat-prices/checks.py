"""What an answer to the seat prices must do."""

import gc
import weakref

from overt.training.probes import either_order


class Office:
    """Answers what it is asked and remembers for which rows."""

    def __init__(self, cents):
        self.cents, self.asked = cents, []

    def ask(self, row):
        self.asked.append(row)
        return self.cents * row


def check_a_row_is_asked_for_once(answer):
    """Three questions for the same row reach the office once."""
    office = Office(100)
    hall = answer.load().Hall(office.ask)
    told = [hall.price(3) for _ in range(3)]
    assert told == [300, 300, 300], f"row 3 costs 300, and it gives {told}"
    assert office.asked == [3], f"the office was asked {len(office.asked)} times"


def check_new_prices_count_at_once(answer):
    """After new prices a row costs what the new ones say."""
    hall = answer.load().Hall(Office(100).ask)
    hall.price(3)
    hall.new_prices(Office(200).ask)
    assert hall.price(3) == 600, f"row 3 costs 600 by the new prices, and it gives {hall.price(3)}"


def check_other_halls_keep_theirs(answer):
    """New prices of one hall make no other hall ask again."""
    module, office = answer.load(), Office(100)
    large, small = module.Hall(office.ask), module.Hall(Office(50).ask)
    large.price(3)
    small.new_prices(Office(60).ask)
    large.price(3)
    assert office.asked == [3], f"the large hall asked {len(office.asked)} times for row 3"


def check_the_order_does_not_show(answer):
    """A hall charges the same whether it is used first or second."""
    either_order(
        answer,
        lambda module: module.Hall(Office(100).ask).price(2),
        lambda module: module.Hall(Office(900).ask).price(2),
    )


def check_a_closed_hall_is_gone(answer):
    """A hall that nobody holds any more is reclaimed, with its prices."""
    hall = answer.load().Hall(Office(100).ask)
    hall.price(3)
    gone = weakref.ref(hall)
    del hall
    gc.collect()
    assert gone() is None, "the hall is still held by something after its last user let go of it"
