"""Which keys a percentage covers."""

from __future__ import annotations

from hashlib import blake2b

BUCKETS = 100_000
"""How finely a percentage divides: a thousandth of a percent."""

_MOST_REMEMBERED = 20_000
_LONGEST_SEED = 64


def bucket(flag: str, key: str) -> int:
    """Return the bucket of a key, from 0 to 99,999: the same in every process, independent between flags.

    Example:
        >>> bucket("new-cart", "user-7") == bucket("new-cart", "user-7")
        True
    """
    seed = flag.encode("utf-8", "surrogatepass")
    if len(seed) > _LONGEST_SEED:  # names that begin alike are independent too
        seed = blake2b(seed).digest()
    digest = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8, key=seed)
    return int.from_bytes(digest.digest(), "big") * BUCKETS >> 64


class Rollout:
    """A flag that is on for some keys: sticky, and nobody leaves as the percentage rises.

    Args:
        flag: Name of the flag.
        percentage: Greater than 0 and less than 100.

    Example:
        >>> Rollout("new-cart", 99.999).covers(7) == Rollout("new-cart", 99.999).covers("7")
        True
    """

    __slots__ = ("_limit", "flag", "percentage", "remembered")

    def __init__(self, flag: str, percentage: float) -> None:
        self.flag, self.percentage, self._limit = flag, percentage, percentage * BUCKETS / 100
        self.remembered: dict[object, bool] = {}
        """Answers by key; texts only, so that 1, True and 1.0 cannot stand for each other."""

    def covers(self, key: object) -> bool:
        """Tell whether the flag is on for a key; a key that is no text counts as its text."""
        text = key if isinstance(key, str) else key.decode("utf-8", "replace") if isinstance(key, bytes) else str(key)
        answer = bucket(self.flag, text) < self._limit
        if type(text) is str:
            if len(self.remembered) >= _MOST_REMEMBERED:
                self.remembered.clear()
            self.remembered[text] = answer
        return answer
