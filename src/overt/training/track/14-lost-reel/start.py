"""Bring reels from house to house."""

from collections.abc import Callable

_now: dict[str, str] = {}


class DeliveryFailed(Exception):
    """A reel did not arrive."""


def deliver(reel: str, house: str, drive: Callable[[str], str]) -> str:
    """Bring a reel to a house and return the receipt."""
    _now["reel"] = reel
    _now["house"] = house
    try:
        return drive(house)
    except OSError:
        raise DeliveryFailed(f"delivery failed: {_now['reel']}") from None
