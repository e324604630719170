"""Numbers and lists as people say them."""

from __future__ import annotations

from collections.abc import Sequence

_MOST = 5


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun.

    Args:
        number: The number.
        noun: What is counted, one of it.
        plural: What more of it are called; `noun` with an `s` when empty.

    Example:
        >>> counted(1, "file"), counted(5000, "file"), counted(2, "entry", "entries")
        ('1 file', '5,000 files', '2 entries')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(names: Sequence[str], most: int = _MOST) -> str:
    """Return names with commas; those beyond the first ones are counted.

    Args:
        names: The names.
        most: How many are named.

    Example:
        >>> listed(["a", "b", "c"], 2)
        'a, b and 1 more'
    """
    left = len(names) - most
    return ", ".join(names[:most]) + (f" and {left:,} more" if left > 0 else "")
