"""A depot gives its parcels numbers."""

from collections.abc import Callable
from threading import Lock


class Depot:
    """Owns the numbers: a second depot counts for itself."""

    def __init__(self) -> None:
        self._last = 0
        self._lock = Lock()

    def accept(self, print_label: Callable[[int], None]) -> int:
        """Give a parcel the next number and print its label."""
        with self._lock:
            self._last += 1
            number = self._last
        print_label(number)
        return number
