"""What an answer to the front desk must do."""

import asyncio
import gc
import os
import weakref
from contextlib import contextmanager

from overt.flags import FeatureFlags, Flag, MemoryStore
from overt.training.probes import changed_state, in_tasks, interleave


def _costs(film):
    return 100 * len(film)


@contextmanager
def _environment():
    """Put the environment back after a block, whatever the answer did."""
    before = dict(os.environ)
    try:
        yield before
    finally:
        os.environ.clear()
        os.environ.update(before)


def _selling(desk):
    for film in ("M", "Ran"):
        yield desk.sell(film)


def check_a_ticket_reads_as_before(answer):
    """A ticket says house, number, film, price and clerk, as it always did."""
    module = answer.load()
    with _environment():
        desk = module.Desk("Mill", _costs)
        with module.acting_as("Ito"):
            tickets = [desk.sell("M"), desk.sell("Ran")]
        tickets.append(desk.sell("M"))
    expected = ["Mill 1: M, 100, Ito", "Mill 2: Ran, 300, Ito", "Mill 3: M, 100, nobody"]
    assert tickets == expected, f"the tickets are {tickets}, not {expected}"
    assert dict(desk.sales) == {"M": 2, "Ran": 1}, f"the sales are {dict(desk.sales)}"


def check_two_desks_sell_apart(answer):
    """Two desks that sell in turn have their own houses, numbers and sales."""
    module = answer.load()
    with _environment():
        desks = [module.Desk("Mill", _costs), module.Desk("Harbour", _costs)]
        sold = interleave(*map(_selling, desks))
    expected = [[f"{house} 1: M, 100, nobody", f"{house} 2: Ran, 300, nobody"] for house in ("Mill", "Harbour")]
    assert sold == expected, f"in turn, the desks sell {sold[0]} and {sold[1]}"
    assert dict(desks[0].sales) == {"M": 1, "Ran": 1}, f"one desk sold two tickets, its sales say {desks[0].sales}"


def check_nothing_is_left_behind(answer):
    """After a sale, neither the environment nor the module is different."""
    module = answer.load()
    with _environment() as before:
        changed = changed_state(module, lambda: module.Desk("Mill", _costs).sell("M"))
        written = sorted(name for name, _ in before.items() ^ os.environ.items())
    assert not written, f"a sale changes the environment: {', '.join(written)}"
    assert not changed, f"a sale changes {', '.join(changed)}"


def check_a_price_is_asked_for_once(answer):
    """Each film is asked for once at a desk, and a desk that nobody holds is gone."""
    module, asked = answer.load(), []

    def ask(film):
        asked.append(film)
        return 100

    with _environment():
        desk = module.Desk("Mill", ask)
        desk.sell("M"), desk.sell("M")
    assert asked == ["M"], f"two sales of one film ask {len(asked)} times"
    gone = weakref.ref(desk)
    del desk
    gc.collect()
    assert gone() is None, "the desk is still held by something after its last user let go of it"


def check_two_tasks_sell_in_their_own_names(answer):
    """Two tasks that take turns at one desk sell in the names of their own clerks."""
    module = answer.load()

    def work(clerk):
        async def run():
            with module.acting_as(clerk):
                await asyncio.sleep(0)
                ticket = desk.sell("M")
                await asyncio.sleep(0)
            return ticket.rpartition(", ")[2]

        return run

    with _environment():
        desk = module.Desk("Mill", _costs)
        clerks = in_tasks(work("Abe"), work("Ito"))
    assert clerks == ["Abe", "Ito"], f"Abe and Ito sell at the same time, and the tickets say {clerks}"


def check_the_flag_counts_at_each_sale(answer):
    """An open front desk moves to the new desk and back when the flag says so."""
    module = answer.load()
    flag = Flag("new-desk", owner="cinema", purpose="the new desk", created="2026-11-22", until="2027-06-30")

    class Counter:
        def __init__(self, name):
            self._name = name

        def sell(self, film):
            return f"{film} from the {self._name} desk"

    with FeatureFlags(MemoryStore(), [flag]) as flags:
        front = module.FrontDesk(Counter("old"), Counter("new"), flags)
        sold = [front.sell("M")]
        with flags.override(new_desk=True):
            sold.append(front.sell("M"))
        sold.append(front.sell("M"))
    expected = [f"M from the {name} desk" for name in ("old", "new", "old")]
    assert sold == expected, f"off, on and off again, it sells {sold}"
