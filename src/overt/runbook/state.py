"""The state that a rehearsal compares: what the state blocks print, else every file of the scratch copy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest

from overt.system.text import plain_text


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A state at one moment.

    Args:
        parts: Name of a state block or of a file, to what it says.
        of_files: Whether the parts are files.
    """

    parts: Mapping[str, str]
    of_files: bool


def difference(before: Snapshot, after: Snapshot, *, most: int = 3) -> str:
    """Return in words how two states differ; empty when they do not.

    Args:
        before: The earlier state.
        after: The later state.
        most: How many differences are told in full.

    Example:
        >>> difference(Snapshot({"flag": "off"}, False), Snapshot({"flag": "on"}, False))
        "state 'flag', line 1: was 'off', is 'on'"
    """
    names = sorted({*before.parts, *after.parts})
    told = [_told(name, before, after) for name in names if before.parts.get(name) != after.parts.get(name)]
    more = f"; and {len(told) - most} more" if len(told) > most else ""
    return "; ".join(told[:most]) + more


def _told(name: str, before: Snapshot, after: Snapshot) -> str:
    was, now = before.parts.get(name), after.parts.get(name)
    if after.of_files:
        change = "is new" if was is None else "is gone" if now is None else "has changed"
        return f"{name} {change}"
    pairs = zip_longest((was or "").splitlines(), (now or "").splitlines())
    for number, (old, new) in enumerate(pairs, start=1):
        if old != new:
            return f"state {name!r}, line {number}: was {_short(old)}, is {_short(new)}"
    return f"state {name!r} differs in its line ends"


def _short(line: str | None) -> str:
    if line is None:
        return "absent"
    shown = plain_text(line)
    return repr(shown if len(shown) <= 80 else shown[:80] + "...")
