"""The words of the records, taken out of their docstrings: one source for the schema and the reference page."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass

import msgspec

_ARGUMENT = re.compile(r"^    (?P<name>[\w-]+): (?P<text>.*)$")


@dataclass(frozen=True, slots=True)
class Words:
    """What a docstring says.

    Args:
        summary: Its first line.
        arguments: What it says about each argument, by the name written there.
    """

    summary: str
    arguments: dict[str, str]


def words(record: type) -> Words:
    """Read the docstring of a record.

    Args:
        record: A class whose docstring has an `Args:` part.

    Example:
        >>> from overt.campaign.records import Training
        >>> words(Training).summary
        "Where the project's own exercises are."
    """
    lines = inspect.cleandoc(record.__doc__ or "").splitlines()
    arguments: dict[str, str] = {}
    name = ""
    start = lines.index("Args:") + 1 if "Args:" in lines else len(lines)
    for line in lines[start:]:
        match = _ARGUMENT.match(line)
        if match:
            name = match["name"]
            arguments[name] = match["text"]
        elif name and line.startswith("     "):
            arguments[name] += f" {line.strip()}"
        elif line.strip():
            break
    return Words(lines[0] if lines else "", arguments)


def undescribed(record: type[msgspec.Struct]) -> list[str]:
    """Return the keys of a record that its docstring does not explain, and the words that explain no key.

    Args:
        record: A record of the campaign.
    """
    keys = {field.encode_name for field in msgspec.structs.fields(record)}
    return sorted(keys.symmetric_difference(words(record).arguments))
