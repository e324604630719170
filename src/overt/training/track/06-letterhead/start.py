"""Letters to the members of a cinema with two houses."""

import os


def _sender() -> str:
    return f"Cinema {os.environ['CINEMA_HOUSE']}"


def _closing() -> str:
    return f"Yours, {_sender()}"


class Letters:
    """Writes the letters of one house.

    Args:
        house: Its name.
    """

    def __init__(self, house: str) -> None:
        os.environ["CINEMA_HOUSE"] = house

    def write(self, text: str) -> str:
        """Return a whole letter."""
        return f"{text}\n{_closing()}"
