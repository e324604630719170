"""Each letter sets the environment anew: right in one thread, and still written."""

import os


def _closing():
    return f"Yours, Cinema {os.environ['CINEMA_HOUSE']}"


class Letters:
    def __init__(self, house):
        self._house = house

    def write(self, text):
        os.environ["CINEMA_HOUSE"] = self._house
        return f"{text}\n{_closing()}"
