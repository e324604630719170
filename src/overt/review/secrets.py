"""Whether a line that has the shape of a secret is likely to hold one."""

from __future__ import annotations

import re
from typing import Final

from overt.lint.paths import is_test_file
from overt.system.secret_scan import holds_secret

_CODE: Final = (".py", ".pyi", ".js", ".ts", ".tsx", ".ex", ".exs", ".go", ".rs", ".rb", ".java")
_BESIDE: Final = frozenset({"docs", "doc", "examples", "example"})
_PAGES: Final = (".md", ".rst")
_RESERVED: Final = re.compile(
    r"://[^\s/]{0,256}@(?:[\w-]{1,63}\.){0,8}(?:example(?:\.\w{2,8})?|localhost|127\.0\.0\.1|test|invalid)\b"
)
"""An address on a host that is nobody's."""
_NAME: Final = re.compile(r"(?<![=!<>])[=:]\s{0,8}[A-Za-z_][\w.]{0,99}(?=\s{0,8}(?:[,)\]};#]|$))")
"""A variable that is handed on: in code, what stands without quotes is no value."""
_SEPARATORS: Final = re.compile(r"[\s\"'`=:(),<>@/]+")
_FEWEST: Final = 16
_DISTINCT: Final = 10


def _random(piece: str) -> bool:
    """Tell whether a piece of a line looks as if a machine had made it."""
    mixed = re.fullmatch(r"[\w+/=.~-]+", piece) and re.search(r"[0-9]", piece) and re.search(r"[A-Za-z]", piece)
    return bool(mixed) and len(piece) >= _FEWEST and len(set(piece)) >= _DISTINCT


def likely_secret(path: str, line: str) -> bool:
    """Tell whether a line is likely to hold a secret: in tests and pages, only what a machine has made.

    Args:
        path: The file, relative to the root, POSIX.
        line: The line.

    Example:
        >>> likely_secret("shop.ini", "password = hunter22"), likely_secret("tests/test_a.py", 'f(password="hunter22")')
        (True, False)
        >>> likely_secret("shop.py", "self.token = token"), likely_secret("a.py", "url = 'https://u:pw@example.com'")
        (False, False)
    """
    plain = _RESERVED.sub("", line)
    if path.endswith(_CODE):
        plain = _NAME.sub("", plain)
    if not holds_secret(plain):
        return False
    beside = is_test_file(path) or path.split("/")[0] in _BESIDE or path.endswith(_PAGES)
    return not beside or "PRIVATE KEY" in plain or any(map(_random, _SEPARATORS.split(plain)))
