"""What a sample shows, held against what it printed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from types import MappingProxyType

_NUMBER = r"\d[\d.,]*"
_PATTERNS = MappingProxyType(
    {
        "durations": re.compile(rf"\b{_NUMBER} ?(?:ns|µs|us|ms|s|min|h)\b"),
        "sizes": re.compile(rf"\b{_NUMBER} ?(?:B|[kKMG]i?B)\b"),
        "times": re.compile(
            r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z| ?UTC|[+-]\d\d:?\d\d)?|\b\d\d:\d\d:\d\d\b"
        ),
        "hashes": re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{7,64}\b"),
    }
)
_SPACES = re.compile(r"[ \t]+")
_DOTS = re.compile(r"^[ \t]*\.\.\.[ \t]*(?:\n|\Z)", re.MULTILINE)
_LAST_DOTS = re.compile(r"\n[ \t]*\.\.\.[ \t]*\Z")
_MOST = 40


def plain(text: str, varies: Sequence[str], folder: str = "") -> str:
    """Return output without what differs from run to run.

    Args:
        text: As shown, or as printed.
        varies: What differs: some of `overt.markdown.samples.VARYING`.
        folder: The folder that the sample ran in.

    Example:
        >>> plain("took 1.2 s  in a3f9c2d1", ["durations", "hashes"])
        'took <durations> in <hashes>'
    """
    if "paths" in varies and folder:
        text = text.replace(folder, "<paths>")
    for name in varies:
        if name in _PATTERNS:
            text = _PATTERNS[name].sub(f"<{name}>", text)
    # Columns are as wide as what stands in them.
    if varies and varies != ["paths"]:
        text = _SPACES.sub(" ", text)
    return "\n".join(line.rstrip() for line in text.rstrip().split("\n"))


def fits(expected: str, actual: str) -> bool:
    """Tell whether output is as shown; `...` stands for anything, also for nothing.

    Example:
        >>> fits("one\\n...\\nthree", "one\\ntwo\\n2.5\\nthree"), fits("one", "one more")
        (True, False)
    """
    # A line of dots alone stands for whole lines, also for none: of the last one, the end of line before it, too.
    actual += "\n" if _LAST_DOTS.search(expected) else ""
    pieces = _DOTS.sub("...", expected).split("...")
    if len(pieces) == 1:
        return expected == actual
    first, *middle, last = pieces
    if not actual.startswith(first):
        return False
    at = len(first)
    for piece in middle:
        found = actual.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return len(actual) - at >= len(last) and actual.endswith(last)


def difference(
    expected: str, actual: str, *, varies: Sequence[str] = (), folder: str = ""
) -> tuple[str, str, int] | None:
    """Return how output differs from what is shown; None when it does not.

    Args:
        expected: What is shown.
        actual: What was printed.
        varies: What differs from run to run.
        folder: The folder that the sample ran in.

    Returns:
        One sentence, the difference line by line, and the number of the line shown that does not fit, from 0.
    """
    want, got = plain(expected, list(varies), folder), plain(actual, list(varies), folder)
    if fits(want, got):
        return None
    lines = want.split("\n") if want else []
    number = next(
        (n for n in range(len(lines)) if not fits("\n".join([*lines[: n + 1], "..."]), f"{got}\n")), len(lines)
    )
    diff = list(difflib.unified_diff(lines, got.split("\n"), "shown", "printed", lineterm="", n=1))
    detail = "\n".join([*diff[:_MOST], *(["..."] if len(diff) > _MOST else [])])
    if number >= len(lines):
        rest = got.split("\n")[len(lines)] if len(got.split("\n")) > len(lines) else ""
        return (
            f"it printed more than is shown: {rest[:120]!r}" if rest else "it printed something else",
            detail,
            max(number - 1, 0),
        )
    return f"it did not print {lines[number].strip()[:120]!r}", detail, number
