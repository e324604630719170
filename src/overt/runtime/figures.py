"""Counted things, and values shown without harm."""

from __future__ import annotations

from itertools import count

from overt.runtime.forks import ForkLock


class Figures(dict[str, int]):
    """Named numbers, read as attributes or as items.

    Example:
        >>> figures = Figures(hits=3)
        >>> figures.hits, figures["hits"]
        (3, 3)
    """

    def __getattr__(self, name: str) -> int:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"there is no figure {name!r}; known: {', '.join(self)}") from None


class Tally:
    """A counter that is exact under threads and takes no lock to count.

    `hit()` and `next(ticks)`, which is cheaper, are one call into C, which the interpreter does not interrupt.

    Example:
        >>> tally = Tally()
        >>> _ = tally.hit(), tally.hit()
        >>> tally.value(), tally.value()
        (2, 2)
    """

    __slots__ = ("_lock", "_reads", "hit", "ticks")

    def __init__(self) -> None:
        self.ticks, self._reads, self._lock = count(), 0, ForkLock()
        self.hit = self.ticks.__next__

    def value(self) -> int:
        """Return how often it was hit."""
        with self._lock.bare():
            # Reading advances the counter too, so the readings are counted and taken off again.
            self._reads += 1
            return next(self.ticks) - self._reads + 1


def shown(value: object) -> str:
    """Return a short text for any value, even one whose own text cannot be made.

    Example:
        >>> class Broken:
        ...     def __repr__(self):
        ...         raise RuntimeError
        >>> shown(Broken()), shown("key")
        ('<unprintable Broken>', "'key'")
    """
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001  # any code may stand in a __repr__
        return f"<unprintable {type(value).__name__}>"
    return text if len(text) <= 200 else text[:197] + "..."
