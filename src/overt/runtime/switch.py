"""The one mechanism by which a program goes from the legacy implementation to the new one, and back.

A switch is a callable without arguments that is true for the new implementation: a flag, read at every call. Work
that is under way ends in the implementation it began in, and what lives in the other one stays reachable.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Implementation = TypeVar("Implementation")
Switch = Callable[[], bool]
"""True for the new implementation."""


class Pair(Generic[Implementation]):
    """Two implementations of one thing, and the switch between them.

    A switch that raises chooses the legacy implementation: the one that is known to work.

    Args:
        new: The new implementation.
        legacy: The one it is to replace.
        switch: Asked at every call.

    Example:
        >>> chosen = [False]
        >>> pair = Pair(new="table", legacy="thread-local", switch=lambda: chosen[0])
        >>> pair.now(), pair.both()
        ('thread-local', ('thread-local', 'table'))
        >>> chosen[0] = True
        >>> pair.now()
        'table'
    """

    __slots__ = ("_switch", "legacy", "new")

    def __init__(self, *, new: Implementation, legacy: Implementation, switch: Switch) -> None:
        self.new, self.legacy, self._switch = new, legacy, switch

    def now(self) -> Implementation:
        """Return the implementation that new work begins in."""
        return self.both()[0]

    def both(self) -> tuple[Implementation, Implementation]:
        """Return the implementation that new work begins in, then the other one."""
        try:
            new_first = bool(self._switch())
        except Exception:  # noqa: BLE001  # a flag that cannot be read must not stop the work it guards
            new_first = False
        return (self.new, self.legacy) if new_first else (self.legacy, self.new)
