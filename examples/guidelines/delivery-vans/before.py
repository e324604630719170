"""A dispatcher knows which vans are on the road."""

from typing import Self


class Fleet:
    """The one fleet there is."""

    _fleet = None

    def __new__(cls) -> Self:
        """Return the fleet; the first call makes it."""
        if cls._fleet is None:
            cls._fleet = super().__new__(cls)
            cls._fleet.vans = {}
        return cls._fleet

    def set_off(self, plate: str, cargo: str) -> None:
        """Remember a van; called by its driver's thread."""
        self.vans[plate] = cargo

    def cargo_of(self, plate: str) -> str | None:
        """Return what a van carries; None when it is not on the road."""
        return self.vans.get(plate)
