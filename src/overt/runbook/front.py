"""Front matter: the lines between two `---` at the top of a page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from overt.model import Location, Problem
from overt.system.text import nearest

KEYS = ("id", "owner", "risk", "rehearse_every", "env", "inputs")
"""The keys that a runbook uses; others belong to the site and are left alone."""

_ENTRY = re.compile(r"^(?P<key>[A-Za-z_][\w-]*):(?:\s+(?P<value>.*))?$")
_QUOTED = re.compile(r"^\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)')\s*(?:#.*)?$")
_UNITS = {"ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9, "d": 86400 * 10**9, "w": 7 * 86400 * 10**9}


@dataclass(frozen=True, slots=True)
class Front:
    """Front matter as read.

    Args:
        values: Key to its values; a plain value is a list of one.
        lines: Key to its line, from 1.
        end: How many lines of the text it takes.
    """

    values: dict[str, list[str]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    end: int = 0

    def one(self, key: str, default: str = "") -> str:
        """Return the first value of a key."""
        return next(iter(self.values.get(key, ())), default)


def read_duration(text: str, *, unit: str = "s") -> int | None:
    """Return nanoseconds; None when the text is no duration above zero.

    Args:
        text: A whole or decimal number with an optional unit: `ms`, `s`, `m`, `h`, `d`, `w`.
        unit: The unit of a bare number.

    Example:
        >>> read_duration("2m"), read_duration("soon")
        (120000000000, None)
    """
    found = re.fullmatch(r"(\d{1,9}(?:\.\d{1,9})?)(ms|[smhdw])?", text)
    nanoseconds = round(float(found[1]) * _UNITS[found[2] or unit]) if found else 0
    return nanoseconds or None


def _plain(value: str) -> str:
    quoted = _QUOTED.match(value)
    return (quoted["double"] or quoted["single"] or "") if quoted else re.sub(r"\s+#.*$", "", value.strip())


def _values(value: str) -> list[str]:
    value = value.strip()
    if value.startswith("[") and value.endswith("]"):
        return [_plain(part) for part in value[1:-1].split(",") if part.strip()]
    return [_plain(value)] if value and not value.startswith("#") else []


def read_front(path: str, text: str) -> tuple[Front, list[Problem]]:
    """Return the front matter of a page and what is wrong with it.

    Args:
        path: File, for the locations.
        text: The whole page with `\\n` line ends.

    Example:
        >>> read_front("a.md", "---\\nid: restore\\n---\\n# Restore")[0].one("id")
        'restore'
    """
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return Front(), []
    end = next((index for index in range(1, len(lines)) if lines[index].rstrip() == "---"), 0)
    if not end:
        return Front(), [Problem("the front matter does not end", Location(path, 1), "close it with a line `---`")]
    front, problems, key = Front(end=end + 1), [], ""
    for number, line in enumerate(lines[1:end], start=2):
        entry = _ENTRY.match(line)
        if entry:
            key = entry["key"]
            front.values[key], front.lines[key] = _values(entry["value"] or ""), number
            problems += _unknown(path, key, number)
        elif line.lstrip().startswith("- ") and key:
            front.values[key].append(_plain(line.lstrip()[2:]))
        elif line.strip() and not line.lstrip().startswith("#") and key in KEYS:
            problems.append(Problem("neither `key: value` nor a list item", Location(path, number)))
    return front, problems


def _unknown(path: str, key: str, number: int) -> list[Problem]:
    near = nearest(key, KEYS) if key not in KEYS else ""
    hint = f"did you mean {near!r}?"
    return [Problem(f"unknown key {key!r} in the front matter", Location(path, number), hint)] if near else []
