"""The list belongs to whoever passed it, and comes back shuffled and shorter."""

import random


class Raffle:
    def __init__(self, tickets, seed):
        random.Random(seed).shuffle(tickets)
        self._drum = tickets

    def draw(self):
        return self._drum.pop()
