"""How a registry is read, whoever holds its entries."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, TypeVar, overload

from overt.runtime.closing import Closing
from overt.runtime.criteria import Criterion, compiled
from overt.runtime.registration import Registration

Default = TypeVar("Default")
Found = list[Registration]


class RegistryReads(Closing):
    """The reads of a registry over two of its own: `get` and `list`."""

    __slots__ = ()

    @overload
    def get(self, key: Hashable) -> Registration | None: ...
    @overload
    def get(self, key: Hashable, default: Default) -> Registration | Default: ...
    def get(self, key: Hashable, default: Any = None) -> Any:
        """Return the live entry of a key, or a default."""
        raise NotImplementedError

    def list(self, where: Callable[[Registration], object] | None = None) -> Found:
        """Return the live entries, those of which `where` is true."""
        raise NotImplementedError

    def find(self, **attributes: object) -> Found:
        """Return the live entries whose metadata hold all these values."""
        missing = object()
        wanted = tuple(attributes.items())
        return self.list(lambda row: all(row.metadata.get(name, missing) == value for name, value in wanted))

    def query(self, criteria: Sequence[Criterion]) -> Found:
        """Return the live entries of whose metadata every criterion holds.

        Args:
            criteria: (path, operator, value) each; operators are eq, neq, gt, lt, gte, lte, in, not_in.

        Raises:
            ValueError: An unknown operator or an empty path.
        """
        holds = compiled(criteria)
        return self.list(lambda row: holds(row.metadata))

    def __contains__(self, key: Hashable) -> bool:
        return self.get(key) is not None

    def __len__(self) -> int:
        return len(self.list())

    def __iter__(self) -> Iterator[Hashable]:
        return iter([row.key for row in self.list()])

    def __bool__(self) -> bool:
        """Return True: an empty registry is a registry."""
        return True
