"""What an answer to the raffle must do."""

import random

from overt.training.probes import interleave, repeat

TICKETS = range(1, 41)


def _drawing(module, seed):
    raffle = module.Raffle(list(TICKETS), seed)
    for _ in TICKETS:
        yield raffle.draw()


def check_the_same_seed_draws_the_same(answer):
    """Each ticket wins once, and the same seed gives the same order again."""
    module = answer.load()
    drawn = repeat(lambda: list(_drawing(module, 7)))
    assert sorted(drawn) == list(TICKETS), "some tickets are drawn twice or never"


def check_another_seed_draws_otherwise(answer):
    """Two seeds give two orders."""
    module = answer.load()
    assert list(_drawing(module, 7)) != list(_drawing(module, 8)), "the seeds 7 and 8 draw the same order"


def check_two_raffles_stay_apart(answer):
    """Two raffles, used in turn, draw what each draws alone."""
    module = answer.load()
    alone = [list(_drawing(module, seed)) for seed in (7, 8)]
    assert interleave(_drawing(module, 7), _drawing(module, 8)) == alone, "used in turn, they draw other tickets than each alone"


def check_other_dice_are_left_alone(answer):
    """The generator that the rest of the program uses goes on as if there had been no raffle."""
    module = answer.load()
    before = random.getstate()
    list(_drawing(module, 7))
    assert random.getstate() == before, "a raffle changes what random.random() gives next"


def check_the_passed_tickets_stay(answer):
    """The list that was passed in is the same afterwards."""
    tickets = list(TICKETS)
    raffle = answer.load().Raffle(tickets, 7)
    raffle.draw()
    assert tickets == list(TICKETS), "the list of tickets that was passed in has changed"
