"""Raffle posters among the tickets of a show."""

import random


class Raffle:
    """Draws each ticket once.

    Args:
        tickets: The numbers in the drum.
        seed: Decides the order.
    """

    def __init__(self, tickets: list[int], seed: int) -> None:
        self._random = random.Random(seed)
        self._drum = list(tickets)

    def draw(self) -> int:
        """Return the next winner."""
        return self._drum.pop(self._random.randrange(len(self._drum)))
