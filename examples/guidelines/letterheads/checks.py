"""What letters have to look like."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier


def letter(module, house, press):
    """Print a letter of a house with either module."""
    settings = module.Settings.read({"LETTER_HOUSE": house}) if hasattr(module, "Settings") else house
    return module.print_letter(settings, "Dear all", press)


def alone(module):
    """One letter after the other."""
    assert [letter(module, house, Barrier(1).wait) for house in ("rose", "lily")] == [
        "ROSE | Dear all",
        "LILY | Dear all",
    ]


def together(module):
    """Two letters are in the press at the same time."""
    both = Barrier(2)
    with ThreadPoolExecutor(2) as presses:
        printed = list(presses.map(lambda house: letter(module, house, lambda: both.wait(60)), ["rose", "lily"]))
    assert printed == ["ROSE | Dear all", "LILY | Dear all"]
