"""Codes of errors: each message that the program can show has one, which stays when the message is reworded.

The catalogue is made from the source by `python -m overt.cli.reference` and read only when something failed.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CATALOGUE = "errors.json"
"""Name of the file, beside this one."""

CODE = re.compile(r"E\d{3,4}")
"""How a code is written."""

_FEWEST_LETTERS = 6


@dataclass(frozen=True, slots=True)
class Explained:
    """An error that the program can show.

    Args:
        code: Its code, for example `E012`.
        message: What happened, with names in braces where values stand.
        hint: What to do; empty when the message says it.
        exit: Name of the exit status; empty when that depends on where it happens.
        modules: Dotted names of the modules that say it.
        retired: Whether no module says it any longer; its code is not given again.
    """

    code: str
    message: str
    hint: str = ""
    exit: str = ""
    modules: tuple[str, ...] = ()
    retired: bool = False

    @property
    def room(self) -> str:
        """The part of the program that says it."""
        return self.modules[0].split(".")[1] if self.modules else ""

    @property
    def parts(self) -> tuple[str, ...]:
        """The words of the message between the values."""
        return tuple(literal for literal, *_ in _pieces(self.message))

    def fits(self, message: str) -> bool:
        """Tell whether a message was made from this one."""
        parts = self.parts
        if sum(map(len, map(str.strip, parts))) < _FEWEST_LETTERS or not message.startswith(parts[0]):
            return False
        position = len(parts[0])
        for part in parts[1:]:
            found = message.find(part, position)
            if found < 0:
                return False
            position = found + len(part)
        ends_open = list(_pieces(self.message))[-1][1] is not None
        return ends_open or message.endswith(parts[-1])


def _pieces(message: str) -> Iterable[tuple[str, Any, Any, Any]]:
    return string.Formatter().parse(message) if message else [("", None, None, None)]


def read_errors(path: Path | None = None) -> tuple[Explained, ...]:
    """Return the catalogue, by code.

    Args:
        path: The file; the one of the package when None.
    """
    read = json.loads((path or Path(__file__).with_name(CATALOGUE)).read_bytes())
    return tuple(Explained(**{**one, "modules": tuple(one["modules"])}) for one in read["errors"])


def code_of(message: str, errors: Sequence[Explained]) -> str:
    """Return the code of a message; of one that nobody knows, nothing.

    Args:
        message: As it was shown, without its place and hint.
        errors: The catalogue.

    Example:
        >>> code_of("no suite named 'unti'", [Explained("E007", "no suite named {name}")])
        'E007'
    """
    fitting = [one for one in errors if not one.retired and one.fits(message)]
    return max(fitting, key=lambda one: sum(map(len, one.parts))).code if fitting else ""


def codes_of(messages: Sequence[str]) -> list[str]:
    """Return the code of each message; nothing for one that nobody knows, or when there is no catalogue."""
    try:
        errors = read_errors()
    except (OSError, ValueError, KeyError, TypeError):
        return ["" for _ in messages]
    return [code_of(message, errors) for message in messages]
