"""Every cloakroom goes by the clock of the one that opened last."""

import math
import time


class CoatCheck:
    now = staticmethod(time.time)

    def __init__(self, now=time.time):
        CoatCheck.now = staticmethod(now)
        self._came = {}

    def leave(self, number):
        self._came[number] = self.now()

    def collect(self, number):
        hours = (self.now() - self._came.pop(number)) / 3600
        return 100 * max(1, math.ceil(hours))
