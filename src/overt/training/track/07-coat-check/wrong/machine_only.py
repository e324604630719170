"""Both times come from one clock again: that of the machine."""

import math
import time


class CoatCheck:
    def __init__(self, now=time.time):
        self._came = {}

    def leave(self, number):
        self._came[number] = time.time()

    def collect(self, number):
        hours = (time.time() - self._came.pop(number)) / 3600
        return 100 * max(1, math.ceil(hours))
