"""Questions about the metadata of registrations."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Criterion = tuple[Any, str, Any]
"""Path of keys into the metadata, operator, value."""

Test = Callable[[Mapping[str, Any]], bool]


def _ordered(compare: Callable[[Any, Any], Any]) -> Callable[[Any, Any], bool]:
    def holds(found: Any, wanted: Any) -> bool:
        if found is None:
            return False
        try:
            return bool(compare(found, wanted))
        except TypeError:  # a text and a number have no order
            return False

    return holds


_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda found, wanted: bool(found == wanted),
    "neq": lambda found, wanted: bool(found != wanted),
    "gt": _ordered(operator.gt),
    "lt": _ordered(operator.lt),
    "gte": _ordered(operator.ge),
    "lte": _ordered(operator.le),
    "in": lambda found, wanted: found in wanted,
    "not_in": lambda found, wanted: found not in wanted,
}


def _at(metadata: Mapping[str, Any], path: tuple[Any, ...]) -> Any:
    """Return what stands at a path; None when it leads nowhere."""
    found: Any = metadata
    for step in path:
        if not isinstance(found, Mapping) or step not in found:
            return None
        found = found[step]
    return found


def _test(criterion: Criterion) -> Test:
    try:
        path, name, wanted = criterion
    except (TypeError, ValueError):
        raise ValueError(f"a criterion is (path, operator, value), not {criterion!r}") from None
    if isinstance(path, str) or not isinstance(path, Sequence) or not path:
        raise ValueError(f"a path is a tuple of at least one key, not {path!r}")
    if name not in _OPERATORS:
        raise ValueError(f"there is no operator {name!r}; known: {', '.join(_OPERATORS)}")
    steps, holds = tuple(path), _OPERATORS[name]
    return lambda metadata: holds(_at(metadata, steps), wanted)


def compiled(criteria: Sequence[Criterion]) -> Test:
    """Return a predicate that is true of metadata of which every criterion holds.

    A field that is absent counts as None; nothing absent is greater or less than anything.

    Raises:
        ValueError: An unknown operator, an empty path, or something that is no criterion.

    Example:
        >>> busy = compiled([(("load", "cpu"), "gt", 80), (("zone",), "in", ["a", "b"])])
        >>> busy({"load": {"cpu": 93}, "zone": "a"}), busy({"zone": "a"})
        (True, False)
    """
    tests = [_test(criterion) for criterion in criteria]
    return lambda metadata: all(test(metadata) for test in tests)
