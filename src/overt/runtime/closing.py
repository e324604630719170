"""What lives until it is closed."""

from __future__ import annotations

from types import TracebackType
from typing import Self


class Closing:
    """Something that a `with` block closes.

    Example:
        >>> class Door(Closing):
        ...     def close(self):
        ...         print("closed")
        >>> with Door() as door:
        ...     print(type(door).__name__)
        Door
        closed
    """

    __slots__ = ()

    def close(self) -> None:
        """Let go of everything; again is harmless."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
