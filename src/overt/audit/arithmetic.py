"""Arithmetic and comparison of values with units; like goes with like, or not at all."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction

from overt.audit.values import Value, doubtful, gathered

_LIMIT = Fraction(10**30)
_NUMBERS = frozenset({"count", "ratio", "ns", "bytes", "ppm"})
_PLAIN = frozenset({"count", "ratio"})
_KINDS = {
    "count": "a plain number",
    "ratio": "a ratio",
    "ns": "a duration",
    "bytes": "a size",
    "ppm": "a percentage",
    "text": "text",
    "flag": "true or false",
}
_ORDER: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Mismatch(Exception):
    """Two values that do not go together.

    Args:
        message: Which two, in words.
        hint: What to write instead.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def calculate(sign: str, left: Value, right: Value) -> Value:
    """Return the sum, difference, product or quotient of two values.

    A quotient by zero is unknown. Where a side is unknown, the result is, with the doubts of both.

    Args:
        sign: `+`, `-`, `*` or `/`.
        left: The value before it.
        right: The value behind it.

    Raises:
        Mismatch: The units do not go together.
    """
    both = (left, right)
    if left.value is None or right.value is None:
        return gathered(both, None, left.unit if left.value is not None else right.unit)
    first, second = _number(left), _number(right)
    if sign in "+-":
        unit = _common(left, right, "add" if sign == "+" else "subtract")
        return _bounded(both, first + second if sign == "+" else first - second, unit)
    if sign == "*":
        return _product(both, first, second)
    if second == 0:
        name = next((read for read, _ in right.reads), "the divisor")
        return doubtful(both, left.unit, f"{name} is 0, so there is nothing to divide by")
    return _quotient(both, first, second)


def percentage(part: Value, whole: Value) -> Value:
    """Return a part of a whole in parts per million; of an empty whole it is unknown.

    Raises:
        Mismatch: The units differ.
    """
    both = (part, whole)
    if part.value is None or whole.value is None:
        return gathered(both, None, "ppm")
    first, second = _number(part), _number(whole)
    _common(part, whole, "take a percentage of")
    if second == 0:
        return doubtful(both, "ppm", "a percentage of an empty set says nothing")
    return _bounded(both, first / second * 1_000_000, "ppm")


def compare(sign: str, left: Value, right: Value) -> Value:
    """Return whether a comparison holds, or that this is not known.

    Args:
        sign: `==`, `!=`, `<`, `<=`, `>` or `>=`.
        left: The value before it.
        right: The value behind it.

    Raises:
        Mismatch: The units do not go together, or text is put in order.
    """
    both = (left, right)
    if left.value is None or right.value is None:
        return gathered(both, None, "flag")
    if left.unit in _NUMBERS and right.unit in _NUMBERS:
        first, second = _number(left), _number(right)
        if {left.unit, right.unit} == {"ratio", "ppm"}:
            first, second = _as_ratio(left), _as_ratio(right)
        else:
            _common(left, right, "compare")
        held = _ORDER[sign](first, second) if sign in _ORDER else (first == second) is (sign == "==")
        return gathered(both, held, "flag")
    if left.unit != right.unit:
        raise Mismatch(f"cannot compare {_KINDS[left.unit]} with {_KINDS[right.unit]}", _hint(left, right))
    if sign in _ORDER:
        raise Mismatch(f"{_KINDS[left.unit]} has no order", "use == or !=")
    return gathered(both, (left.value == right.value) is (sign == "=="), "flag")


def _number(value: Value) -> Fraction:
    if not isinstance(value.value, Fraction):
        raise Mismatch(f"{_KINDS[value.unit]} is not a number")
    return value.value


def _as_ratio(value: Value) -> Fraction:
    return _number(value) / 1_000_000 if value.unit == "ppm" else _number(value)


def _common(left: Value, right: Value, verb: str) -> str:
    if left.unit == right.unit:
        return left.unit
    if {left.unit, right.unit} == _PLAIN:
        return "ratio"
    joint = {"compare": "with", "add": "and", "subtract": "and"}.get(verb, "and")
    raise Mismatch(f"cannot {verb} {_KINDS[left.unit]} {joint} {_KINDS[right.unit]}", _hint(left, right))


def _hint(left: Value, right: Value) -> str:
    wanted = {"ppm": "write the percentage as 90%", "ns": "write the duration as 60s", "bytes": "write the size as 5MB"}
    if _PLAIN.isdisjoint({left.unit, right.unit}):
        return ""
    return next((wanted[unit] for unit in (left.unit, right.unit) if unit in wanted), "")


def _bounded(both: tuple[Value, ...], value: Fraction, unit: str) -> Value:
    if abs(value) > _LIMIT or value.denominator > _LIMIT**2:
        raise Mismatch("the result is out of all proportion")
    return gathered(both, value, unit)


def _product(both: tuple[Value, Value], first: Fraction, second: Fraction) -> Value:
    left, right = both[0].unit, both[1].unit
    if "ppm" in {left, right}:
        other = right if left == "ppm" else left
        unit = "ratio" if other == "count" else other
        return _bounded(both, first * second / 1_000_000, unit)
    if left not in _PLAIN and right not in _PLAIN:
        raise Mismatch(f"cannot multiply {_KINDS[left]} and {_KINDS[right]}")
    units = [unit for unit in (left, right) if unit not in _PLAIN]
    return _bounded(both, first * second, units[0] if units else "ratio" if "ratio" in {left, right} else "count")


def _quotient(both: tuple[Value, Value], first: Fraction, second: Fraction) -> Value:
    left, right = both[0].unit, both[1].unit
    if left == right or {left, right} == _PLAIN:
        return _bounded(both, first / second, "ratio")
    if right in _PLAIN:
        return _bounded(both, first / second, left)
    if right == "ppm":
        return _bounded(both, first / second * 1_000_000, "ratio" if left == "count" else left)
    raise Mismatch(f"cannot divide {_KINDS[left]} by {_KINDS[right]}")
