"""Bring reels from house to house."""

from collections.abc import Callable

from overt.runtime import error_context


def deliver(reel: str, house: str, drive: Callable[[str], str]) -> str:
    """Bring a reel to a house and return the receipt; an error carries which reel and which house."""
    with error_context.with_context({"reel": reel, "house": house}):
        return drive(house)
