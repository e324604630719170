"""Functions that assert something as their lines show, so that most files of tests need not be parsed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_CHECK = re.compile(r"(?:assert|raise)\b|(?:async )?with pytest\.(?:raises|warns|deprecated_call)\(")
_TEXT = re.compile(r'[rR]?"""[^"\\]*("""\Z)?\Z')


def plainly_asserts(lines: Sequence[str], line: int, name: str) -> bool:
    """Tell whether the lines of a function show that it checks something; when they do not, it may all the same.

    Lines that could stand in a text end the look, since what stands in a text checks nothing.

    Args:
        lines: The lines of its file.
        line: Its line, or that of its first decorator, from 1.
        name: Its name.

    Example:
        >>> plainly_asserts(["def test_a():", "    b = 1", "    assert b"], 1, "test_a")
        True
    """
    begins, indent = (f"def {name}(", f"async def {name}("), -1
    for text, bare in _code(lines, line - 1):
        if indent < 0:
            if bare.startswith(begins):
                indent = len(text) - len(bare)
            elif bare.startswith(("def ", "async ", "class ")):
                return False
        elif len(text) - len(bare) <= indent:
            # The end of its arguments stands there as well.
            if not bare.startswith(")"):
                return False
        elif _CHECK.match(bare):
            return True
    return False


def _code(lines: Sequence[str], start: int) -> Iterator[tuple[str, str]]:
    """Yield lines of code, as they are and without their indentation, up to one that may be other than it seems."""
    inside = False
    for at in range(start, len(lines)):
        text = lines[at]
        bare = text.lstrip()
        if "\\" in text[-1:] or "\t" in text:
            return
        if inside:
            if '"""' in text:
                if text.count('"""') > 1 or not text.endswith('"""') or text.endswith('""""'):
                    return
                inside = False
            elif "\\" in text:
                return
        elif '"""' in text or "'''" in text:
            found = _TEXT.match(bare)
            if not found:
                return
            inside = found[1] is None
        elif bare and not bare.startswith("#"):
            yield text, bare
