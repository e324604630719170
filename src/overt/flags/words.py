"""Values of flags in words."""

from __future__ import annotations

from overt.flags.records import Value


def say_value(value: Value | None) -> str:
    """Return a value in words; None is the default.

    Example:
        >>> say_value(True), say_value(25.0), say_value(None)
        ('on', '25 %', 'default')
    """
    if value is None:
        return "default"
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g} %"
