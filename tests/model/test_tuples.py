"""A named tuple is what `typing.NamedTuple` makes of the same lines."""

from __future__ import annotations

import copy
import pickle
from typing import NamedTuple as Typed

import pytest

from overt.model.tuples import NamedTuple


class Ours(NamedTuple):
    """Said of both."""

    name: str
    count: int = 3
    words: tuple[str, ...] = ()

    @property
    def twice(self) -> int:
        """Twice the count."""
        return 2 * self.count

    @classmethod
    def of(cls, name: str) -> Ours:
        """Make one of a name."""
        return cls(name)


class Theirs(Typed):
    """Said of both."""

    name: str
    count: int = 3
    words: tuple[str, ...] = ()


def test_fields_and_defaults_are_those_of_the_annotations() -> None:
    """In their order."""
    assert (Ours._fields, Ours._field_defaults) == (Theirs._fields, Theirs._field_defaults)
    assert tuple(Ours("a")) == tuple(Theirs("a")) == ("a", 3, ())
    assert Ours("a", words=("b",))._replace(count=1) == ("a", 1, ("b",))
    with pytest.raises(TypeError):
        Ours()  # type: ignore[call-arg]  # the name has no default


def test_methods_and_the_text_about_it_stay() -> None:
    """Properties and class methods too."""
    assert (Ours("a", 4).twice, Ours.of("b")) == (8, ("b", 3, ()))
    assert (Ours.__doc__, Ours.__module__, Ours.__qualname__) == (Theirs.__doc__, __name__, "Ours")
    assert repr(Ours("a")) == repr(Theirs("a")).replace("Theirs", "Ours")


def test_it_is_a_plain_tuple_that_can_be_sent_and_copied() -> None:
    """It has no dictionary, and its fields cannot be set."""
    made = Ours("a", 1)
    assert Ours.__mro__ == (Ours, tuple, object)
    again = pickle.loads(pickle.dumps(made))
    assert (again, type(again), copy.deepcopy(made)) == (made, Ours, made)
    with pytest.raises(AttributeError):
        made.name = "b"  # type: ignore[misc]  # that is the point
