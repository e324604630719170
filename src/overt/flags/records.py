"""What a flag is, what can be said about it, and what can be wrong with a request for one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

Value = bool | float
"""On or off, or the percentage of keys for which the flag is on, 0 to 100."""


class FlagsError(Exception):
    """The root of every error of this room."""


class UnknownFlag(FlagsError, KeyError):
    """No flag of that name is declared.

    Args:
        name: What was asked for.
        known: The declared names.
    """

    def __init__(self, name: object, known: Iterable[str] = ()) -> None:
        super().__init__(name)
        self.name, self.known = name, tuple(known)

    def __str__(self) -> str:
        """Return what happened, with the nearest names."""
        from overt.system.text import did_you_mean

        hint = did_you_mean(str(self.name), self.known)
        return f"there is no flag {str(self.name)!r}" + (f" ({hint})" if hint else "")


class StoreError(FlagsError):
    """The store cannot be read or written.

    Args:
        message: What happened.
        hint: What to do.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.hint = message, hint

    def __str__(self) -> str:
        """Return what happened and what to do."""
        return f"{self.message} ({self.hint})" if self.hint else self.message


class Overtaken(StoreError):
    """Somebody else was quicker: a change that rested on what was known before is not made."""


def _day(value: str | date, what: str) -> str:
    try:
        return (value if isinstance(value, date) else date.fromisoformat(value)).isoformat()
    except (TypeError, ValueError):
        raise ValueError(f"{what} is a date as YYYY-MM-DD, not {value!r}") from None


class Flag:
    """A declared feature flag; it never changes.

    Args:
        name: Its name.
        owner: Who answers for it.
        purpose: What it switches.
        default: Its state before anybody sets it.
        created: Date it was declared, as YYYY-MM-DD or a date.
        until: Date by which it is to be gone.

    Raises:
        ValueError: The name is empty, or a date is none.

    Example:
        >>> flag = Flag("new-cart", owner="shop", purpose="the new cart", created="2026-11-22", until="2027-06-30")
        >>> flag.default, flag.until
        (False, '2027-06-30')
    """

    __slots__ = ("created", "default", "name", "owner", "purpose", "until")

    name: Final[str]  # type: ignore[misc]  # assigned in __init__, as every Final attribute with slots
    owner: Final[str]  # type: ignore[misc]
    purpose: Final[str]  # type: ignore[misc]
    default: Final[bool]  # type: ignore[misc]
    created: Final[str]  # type: ignore[misc]
    until: Final[str]  # type: ignore[misc]

    def __init__(
        self, name: str, *, owner: str, purpose: str, default: bool = False, created: str | date, until: str | date
    ) -> None:
        if not str(name).strip():
            raise ValueError(f"a flag has a name, not {name!r}")
        values = (name, owner, purpose, bool(default), _day(created, "created"), _day(until, "until"))
        for field, value in zip(("name", "owner", "purpose", "default", "created", "until"), values, strict=True):
            object.__setattr__(self, field, value)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a flag does not change; cannot set {name}")

    def __repr__(self) -> str:
        return f"Flag({self.name!r}, owner={self.owner!r}, until={self.until!r})"


class Change(NamedTuple):
    """One change of one flag, as history keeps it.

    Args:
        at: Seconds since 1970 UTC.
        by: Who made it.
        flag: Its name.
        old: Value before; None when it had its default.
        new: Value after; None when it has its default again.
        reason: Why.
    """

    at: float
    by: str
    flag: str
    old: Value | None
    new: Value | None
    reason: str


class FlagState(NamedTuple):
    """What there is to know about a flag now.

    Args:
        name: Its name.
        owner: Who answers for it.
        purpose: What it switches.
        created: Date it was declared.
        until: Date by which it is to be gone.
        default: State before anybody sets it.
        value: On or off, or a percentage, with overrides applied.
        stored: What the store holds; None when nobody has set it.
        overridden: Whether a test holds it in a state.
        uses: How often it was read here.
        changed: The last change; None when there was none or the store cannot be read.
    """

    name: str
    owner: str
    purpose: str
    created: str
    until: str
    default: bool
    value: Value
    stored: Value | None
    overridden: bool
    uses: int
    changed: Change | None

    @property
    def enabled(self) -> bool:
        """Whether it is on for everybody."""
        return self.percentage == 100

    @property
    def percentage(self) -> float:
        """The percentage of keys for which it is on."""
        return percent(self.value)


def percent(value: Value) -> float:
    """Return the percentage of keys that a value turns a flag on for.

    Example:
        >>> percent(True), percent(25.0)
        (100.0, 25.0)
    """
    return 100.0 * value if isinstance(value, bool) else value


def checked(value: Any) -> Value:
    """Return a value if it is one: a bool, or a number from 0 to 100.

    Raises:
        ValueError: It is none.

    Example:
        >>> checked(25), checked(True)
        (25.0, True)
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and 0 <= value <= 100:  # false for NaN
        return float(value)
    raise ValueError(f"a flag is True, False or a percentage from 0 to 100, not {value!r}")


def parsed(text: str) -> Value:
    """Return the value that a store keeps as JSON.

    Raises:
        ValueError: It is no JSON, or no value.

    Example:
        >>> parsed("true"), parsed("12.5")
        (True, 12.5)
    """
    return checked(json.loads(text))


class Snapshot(NamedTuple):
    """What a store holds at one moment.

    Args:
        version: How many changes were made so far.
        values: Value by flag; a flag that nobody has set is absent.
    """

    version: int
    values: Mapping[str, Value]
