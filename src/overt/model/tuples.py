"""Named tuples that start at once.

`typing.NamedTuple` compiles the annotation of every field and brings all of `typing` along: of a program that starts,
checks one file and ends, an eighth of its time. This one takes the names of the fields from the annotations and leaves
the rest to `collections.namedtuple`; to a type checker it is the one it knows.
"""

from __future__ import annotations

from collections import namedtuple

__all__ = ["NamedTuple"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NamedTuple
else:

    class _Making(type):
        """Makes a named tuple of a class body."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, object]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = tuple(body["__annotations__"])
            given = [body.pop(field) for field in fields if field in body]
            made = namedtuple(name, fields, defaults=given, module=body["__module__"])  # noqa: PYI024
            for key, value in body.items():
                if key not in {"__module__", "__slots__"}:
                    setattr(made, key, value)
            return made

    class NamedTuple(metaclass=_Making):
        """A tuple whose fields have names; see `typing.NamedTuple`."""
