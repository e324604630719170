"""Two houses have their letters printed by one program."""

import os
from collections.abc import Callable


def print_letter(house: str, text: str, press: Callable[[], object]) -> str:
    """Print a letter of a house."""
    os.environ["LETTER_HOUSE"] = house
    press()
    return f"{head()} | {text}"


def head() -> str:
    """Return the head of the letter."""
    return os.environ["LETTER_HOUSE"].upper()
