"""The clock is asked when the cloakroom opens, and stands still from then on."""

import math
import time


class CoatCheck:
    def __init__(self, now=time.time):
        self._time = now()
        self._came = {}

    def leave(self, number):
        self._came[number] = self._time

    def collect(self, number):
        hours = (self._time - self._came.pop(number)) / 3600
        return 100 * max(1, math.ceil(hours))
