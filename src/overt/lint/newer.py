"""Which Python a file is written for that this one cannot parse."""

from __future__ import annotations

import re
import sys

_SYNTAX = (
    ((3, 14), re.compile(rb"^\s*except\*?\s+[\w.]+\s*,\s*[\w., ]+:|(?<![\w\"'])[tT][rR]?[\"']")),
    ((3, 13), re.compile(rb"^\s*(?:type|class|(?:async\s+)?def)\s+\w+\[[^\]]*\w\s*(?::[^=\]]*)?=")),
    ((3, 12), re.compile(rb"^\s*(?:class|(?:async\s+)?def)\s+\w+\[|^\s*type\s+\w+\s*(?:\[.*\])?\s*=")),
)


def needed_version(source: bytes, line: int, running: tuple[int, int] | None = None) -> str:
    """Return the Python that a line needs, as far as its syntax tells; empty when it does not.

    Args:
        source: The file.
        line: Where this Python stopped, from 1; of an error at the start of a block the line before may be it.
        running: The Python that could not parse it; this one when None.

    Example:
        >>> needed_version(b"type Rows = list[int]", 1, (3, 11))
        '3.12'
    """
    present = sys.version_info[:2] if running is None else running
    near = source.split(b"\n")[max(line - 2, 0) : line]
    fits = (version for version, pattern in _SYNTAX if any(pattern.search(text) for text in near))
    found = max(fits, default=(0, 0))
    return f"{found[0]}.{found[1]}" if found > present else ""
