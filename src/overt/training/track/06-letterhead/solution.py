"""Letters to the members of a cinema with two houses."""


def _sender(house: str) -> str:
    return f"Cinema {house}"


def _closing(house: str) -> str:
    return f"Yours, {_sender(house)}"


class Letters:
    """Writes the letters of one house.

    Args:
        house: Its name.
    """

    def __init__(self, house: str) -> None:
        self._house = house

    def write(self, text: str) -> str:
        """Return a whole letter."""
        return f"{text}\n{_closing(self._house)}"
