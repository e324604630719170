"""Nobody is disturbed, and nobody can check the draw."""

import random


class Raffle:
    def __init__(self, tickets, seed):
        self._random = random.SystemRandom(seed)
        self._drum = list(tickets)

    def draw(self):
        return self._drum.pop(self._random.randrange(len(self._drum)))
