"""Where something stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file.

    Args:
        path: Path relative to the repository root, POSIX.
        line: Line number counted from 1; 0 means the whole file.
        column: Column counted from 1, in characters; 0 means the whole line.

    Example:
        >>> str(Location("src/shop/cart.py", 12, 5))
        'src/shop/cart.py:12:5'
    """

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Return `path:line:column`, as editors and terminals make clickable."""
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part)
