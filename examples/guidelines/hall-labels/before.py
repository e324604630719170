"""Labels are printed by a pool of printers, for the hall that ordered them."""

from concurrent.futures import Executor, Future

hall = "none"


def order(name: str, printers: Executor) -> "Future[str]":
    """Order a label for a hall."""
    global hall
    hall = name
    return printers.submit(label)


def label() -> str:
    """Return the label for the hall that ordered."""
    return f"to {hall}"
