"""A generator of our own, and still one for all raffles."""

import random

_dice = random.Random()


class Raffle:
    def __init__(self, tickets, seed):
        _dice.seed(seed)
        self._drum = list(tickets)

    def draw(self):
        return self._drum.pop(_dice.randrange(len(self._drum)))
