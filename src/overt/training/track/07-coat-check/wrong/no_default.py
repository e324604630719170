"""The clock has to be passed, which breaks everybody who opened a cloakroom without one."""

import math


class CoatCheck:
    def __init__(self, now):
        self._now, self._came = now, {}

    def leave(self, number):
        self._came[number] = self._now()

    def collect(self, number):
        hours = (self._now() - self._came.pop(number)) / 3600
        return 100 * max(1, math.ceil(hours))
