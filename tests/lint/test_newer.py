"""Which Python a file needs that this one cannot parse."""

from __future__ import annotations

import pytest

from overt.lint.newer import needed_version


@pytest.mark.parametrize(
    "line", ["type = 1 +", "def f(x", "class A(B[int]", "x = type[int", "except ValueError", "print 'a'", "fort'x'", ""]
)
def test_should_not_name_a_version_for_a_plain_mistake(line: str) -> None:
    """A missing bracket is in need of a bracket."""
    assert needed_version(line.encode(), 1, (3, 11)) == ""


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("type Rows = list[int]", "3.12"),
        ("    type Rows[T] = list[T]", "3.12"),
        ("def first[T](rows: list[T]) -> T:", "3.12"),
        ("async def first[*Ts](rows):", "3.12"),
        ("class Box[T]:", "3.12"),
        ("class Box[T = int]:", "3.13"),
        ("type Rows[T: str = str] = list[T]", "3.13"),
        ("except ValueError, KeyError:", "3.14"),
        ("x = t'hello {name}'", "3.14"),
    ],
)
def test_names_the_first_python_that_has_the_syntax(line: str, version: str) -> None:
    """The reader learns what to run it with."""
    assert needed_version(f"x = 1\n{line}\n".encode(), 2, (3, 11)) == version
    assert needed_version(f"x = 1\n{line}\n".encode(), 2, (3, 14)) == ""
