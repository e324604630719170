"""A number that a test has measured, told to whoever records the test."""

from __future__ import annotations

import json
import re

MEASURE = "overt.measure"
"""Name of the test property that carries a number to the ledger."""

UNITS = ("count", "ns", "bytes", "ppm")

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9][a-z0-9_-]*)*")


def checked_name(name: str) -> str:
    """Return a name that claims can use.

    Args:
        name: Words of small letters, digits, `-` and `_`, joined by dots.

    Raises:
        ValueError: It is none.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name: write small letters, digits, `-` and `_`, with dots between words")
    return name


def measure_text(name: str, value: int, unit: str = "count") -> str:
    """Return a measured number as a text that a test's property can hold.

    Args:
        name: Dotted name; claims speak of it as `measures.<name>`.
        value: The number, an integer in the unit.
        unit: `count`, `ns`, `bytes`, or `ppm` for shares in parts per million.

    Raises:
        ValueError: No name, no integer, or a unit that there is not.

    Example:
        >>> measure_text("spans.lost", 0)
        '{"name":"spans.lost","value":0,"unit":"count"}'
    """
    if unit not in UNITS:
        raise ValueError(f"{unit!r} is no unit: {', '.join(UNITS)}")
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{name} is {value!r}: the ledger holds integers, a share in ppm, a time in ns")  # noqa: TRY004
    return json.dumps({"name": checked_name(name), "value": value, "unit": unit}, separators=(",", ":"))
