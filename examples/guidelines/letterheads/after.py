"""Two houses have their letters printed by one program."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Settings:
    """What was set for one house; read once, at the edge of the program."""

    house: str

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """Read them from an environment: `os.environ` in the entry point, a dictionary in a test."""
        return cls(environment["LETTER_HOUSE"])


def print_letter(settings: Settings, text: str, press: Callable[[], object]) -> str:
    """Print a letter of a house."""
    press()
    return f"{head(settings)} | {text}"


def head(settings: Settings) -> str:
    """Return the head of the letter."""
    return settings.house.upper()
