"""Figures and states in words, for terminals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TextIO

from overt.model import State

_ORDER = ("passed", "failed", "error", "skipped", "xfailed", "xpassed", "new findings", "known findings", "notes")
_MARKS = {
    State.PROVED: ("✔", "32"),
    State.REFUTED: ("✘", "31"),
    State.CONFLICT: ("≠", "31"),
    State.STALE: ("↻", "33"),
    State.UNCHECKED: ("?", "33"),
    State.INCONCLUSIVE: ("≈", "33"),
    State.OPEN: ("○", "36"),
}
_PLAIN = {State.PROVED: "+", State.REFUTED: "x", State.CONFLICT: "!", State.STALE: "~", State.INCONCLUSIVE: "="}


def count_words(counts: Mapping[str, int]) -> str:
    """Return what was counted, in words, without what is zero.

    Example:
        >>> count_words({"failed": 1, "passed": 1200, "error": 2})
        '1,200 passed, 1 failed, 2 errors'
    """
    parts = []
    for name in _ORDER:
        number = counts.get(name, 0)
        word = "errors" if name == "error" and number > 1 else name
        word = word.removesuffix("s") if number == 1 and word.endswith(("findings", "notes")) else word
        parts += [f"{number:,} {word}"] if number else []
    return ", ".join(parts)


def seconds(nanoseconds: int) -> str:
    """Return a duration as people read it.

    Args:
        nanoseconds: The duration.

    Example:
        >>> seconds(1_250_000_000), seconds(200_000_000_000)
        ('1.2 s', '3 min 20 s')
    """
    whole = nanoseconds / 1e9
    if whole < 60:
        return f"{whole:.1f} s"
    return f"{int(whole // 60)} min {int(whole % 60)} s"


def safe(text: str, stream: TextIO) -> str:
    """Return text as a stream can show it; characters that its encoding lacks become `?`."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return text.encode(encoding, "replace").decode(encoding, "replace")


def mark(state: State, stream: TextIO, *, colour: bool) -> str:
    """Return the mark and the word of a state.

    Args:
        state: The state.
        stream: Where it is going to be written.
        colour: Whether to colour it.
    """
    sign, code = _MARKS[state]
    if safe(sign, stream) != sign:
        sign = _PLAIN.get(state, "?")
    words = f"{sign} {state.value:<12}"
    return f"\x1b[{code}m{words}\x1b[0m" if colour else words
