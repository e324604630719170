"""What an answer to the new tariff must do."""

from overt.flags import FeatureFlags, Flag, MemoryStore
from overt.training.probes import changed_state

CUSTOMERS = [f"customer {number}" for number in range(100)]


def _flags():
    flag = Flag("new-tariff", owner="cinema", purpose="900 instead of 1000", created="2026-11-22", until="2027-06-30")
    return FeatureFlags(MemoryStore(), [flag])


def check_the_flag_chooses_the_tariff(answer):
    """Two tickets cost 2000 when the flag is off, and 1800 at a till that opens when it is on."""
    module = answer.load()
    with _flags() as flags:
        old = module.Till(flags).price("Ana", 2)
        with flags.override(new_tariff=True):
            new = module.Till(flags).price("Ana", 2)
    assert [old, new] == [2000, 1800], f"two tickets cost {old} before and {new} after the flag is on"


def check_an_open_till_follows(answer):
    """A till that is open follows the flag, there and back."""
    with _flags() as flags:
        till = answer.load().Till(flags)
        costs = [till.price("Ana", 1)]
        flags.enable("new-tariff", by="owner", reason="the trial begins")
        costs.append(till.price("Ana", 1))
        flags.disable("new-tariff", by="owner", reason="the trial is over")
        costs.append(till.price("Ana", 1))
    assert costs == [1000, 900, 1000], f"off, on and off again, a ticket costs {costs}"


def check_the_customer_decides(answer):
    """With a share of one half, about half of the customers pay less, and each the same every time."""
    with _flags() as flags:
        till = answer.load().Till(flags)
        flags.set_percentage("new-tariff", 50, by="owner", reason="half of the customers first")
        less = {customer for customer in CUSTOMERS if till.price(customer, 1) == 900}
        again = {customer for customer in CUSTOMERS if till.price(customer, 3) == 2700}
    assert 20 < len(less) < 80, f"of 100 customers {len(less)} pay the new tariff, with a share of one half"
    assert less == again, f"{len(less ^ again)} customers pay another tariff for three tickets than for one"


def check_two_programs_stay_apart(answer):
    """Two tills with two sets of flags follow their own."""
    module = answer.load()
    with _flags() as trying, _flags() as waiting, trying.override(new_tariff=True):
        tills = [module.Till(trying), module.Till(waiting)]
        costs = [till.price("Ana", 1) for till in tills]
    assert costs == [900, 1000], f"on here and off there, a ticket costs {costs}"


def check_the_module_remembers_nothing(answer):
    """After a purchase, nothing in the module or its class is different."""
    module = answer.load()
    with _flags() as flags, flags.override(new_tariff=True):
        changed = changed_state(module, lambda: module.Till(flags).price("Ana", 1))
    assert not changed, f"selling changes {', '.join(changed)}"
