"""Which parts of a run are there, when it was split over several machines."""

from __future__ import annotations

import re

WHOLE = "1/1"
"""Shard of a run that was not split, or whose parts have been joined."""


def shard_parts(shard: str) -> tuple[frozenset[int], int]:
    """Return the numbers of the parts that are there, and how many there are in all.

    Args:
        shard: `2/4`, or of a merged run `1/4+2/4`.

    Example:
        >>> shard_parts("1/3+3/3") == (frozenset({1, 3}), 3)
        True
    """
    numbers, totals = set(), set()
    for part in shard.split("+"):
        found = re.fullmatch(r"([1-9]\d{0,5})/([1-9]\d{0,5})", part)
        if found is None or int(found[1]) > int(found[2]):
            return frozenset(), 1
        numbers.add(int(found[1]))
        totals.add(int(found[2]))
    return (frozenset(numbers), totals.pop()) if len(totals) == 1 else (frozenset(), 1)


def missing_shards(shard: str) -> tuple[int, ...]:
    """Return the numbers of the parts that are not there.

    Example:
        >>> missing_shards("1/3+3/3"), missing_shards("1/1")
        ((2,), ())
    """
    present, total = shard_parts(shard)
    return tuple(number for number in range(1, total + 1) if number not in present)


def join_shards(shards: list[str]) -> str:
    """Return the shard of a run that holds the parts of several.

    Example:
        >>> join_shards(["2/2", "1/2"]), join_shards(["1/3", "3/3", "1/3"]), join_shards(["1/1", "1/2"])
        ('1/1', '1/3+3/3', '1/1')
    """
    if WHOLE in shards:
        return WHOLE
    parts = [shard_parts(shard) for shard in shards]
    present = frozenset[int]().union(*(numbers for numbers, _ in parts))
    totals = {total for _, total in parts}
    if len(totals) > 1:
        # Parts of different divisions never make a whole: joined like this they name no shard at all.
        return "+".join(sorted(set(shards)))
    if present == frozenset(range(1, max(totals) + 1)):
        return WHOLE
    return "+".join(f"{number}/{total}" for number in sorted(present) for total in totals)
