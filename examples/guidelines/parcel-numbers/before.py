"""A depot gives its parcels numbers."""

from collections.abc import Callable

last = 0


def accept(print_label: Callable[[int], None]) -> int:
    """Give a parcel the next number and print its label."""
    global last
    number = last + 1
    print_label(number)
    last = number
    return number
