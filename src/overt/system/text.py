"""Text from elsewhere made safe to store and show."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def plain_text(raw: bytes | str) -> str:
    r"""Return text without terminal codes, control characters or undecodable bytes.

    Newlines and tabs stay; a carriage return before a newline goes; bidirectional overrides, which can make
    text read as something else, go too.

    Example:
        >>> plain_text(b"\x1b[31mred\x1b[0m \xff\r\n")
        'red \ufffd\n'
    """
    if isinstance(raw, str) and raw.isprintable():
        return raw  # nearly every name and message: nothing of the below is printable
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw.encode("utf-8", "replace").decode("utf-8")
    return _CONTROL.sub("", _ANSI.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def nearest(name: str, candidates: Iterable[str], *, likeness: float = 0.6) -> str:
    """Return the candidate that looks most like a name, or an empty string.

    Args:
        name: The name.
        candidates: What it may be meant for.
        likeness: How alike the two must be at least, from 0 to 1.

    Example:
        >>> nearest("tiemout", ["timeout", "kind"])
        'timeout'
    """
    return next(iter(difflib.get_close_matches(name, sorted(candidates), n=1, cutoff=likeness)), "")


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """Return a hint that names the nearest candidate, or lists them all when none is near.

    Example:
        >>> did_you_mean("tiemout", ["timeout", "kind"])
        "did you mean 'timeout'?"
    """
    known = sorted(candidates)
    near = nearest(name, known)
    if near:
        return f"did you mean {near!r}?"
    return f"known: {', '.join(known)}" if known else ""
