"""Nothing is written any more, but what happens to stand in the environment wins."""

import os


class Letters:
    def __init__(self, house):
        self._house = house

    def write(self, text):
        house = os.environ.get("CINEMA_HOUSE", self._house)
        return f"{text}\nYours, Cinema {house}"
