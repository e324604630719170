"""The line on which every key of a TOML document stands, which the standard reader does not tell."""

from __future__ import annotations

import contextlib
import re
import tomllib
from bisect import bisect_left

KeyPath = tuple[str | int, ...]
"""Keys from the top of the document down; positions in arrays are numbers from 0."""

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}\n#]*")
_STRINGS = {
    '"""': re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}', re.DOTALL),
    "'''": re.compile(r"'''(?:[^']|'(?!''))*'{3,5}", re.DOTALL),
    '"': re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    "'": re.compile(r"'[^'\n]*'"),
}


class _Lost(Exception):
    """The text is not TOML from here on."""


class _Scanner:
    """Walks over a document once, noting where each key begins."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.lines: dict[KeyPath, int] = {}
        self._ends = [match.start() for match in re.finditer("\n", text)]
        self._last: dict[KeyPath, int] = {}

    def document(self) -> None:
        table: KeyPath = ()
        while self._skip() < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _note(self, path: KeyPath, at: int) -> None:
        self.lines.setdefault(path, bisect_left(self._ends, at) + 1)

    def _skip(self) -> int:
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at

    def _peek(self, token: str) -> bool:
        self._skip()
        return self.text.startswith(token, self.at)

    def _take(self, token: str) -> None:
        if not self._peek(token):
            raise _Lost
        self.at += len(token)

    def _header(self) -> KeyPath:
        start = self.at
        array = self.text.startswith("[[", start)
        self.at += 2 if array else 1
        keys = self._keys()
        path: KeyPath = ()
        for depth, key in enumerate(keys, 1):
            path = (*path, key)
            self._note(path, start)
            if array and depth == len(keys):
                self._last[path] = self._last.get(path, -1) + 1
            if path in self._last:
                path = (*path, self._last[path])
                self._note(path, start)
        self._take("]]" if array else "]")
        return path

    def _keys(self) -> list[str]:
        keys = [self._key()]
        while self._peek("."):
            self.at += 1
            keys.append(self._key())
        return keys

    def _key(self) -> str:
        self._skip()
        quote = self.text[self.at : self.at + 1]
        match = _STRINGS.get(quote, _BARE).match(self.text, self.at)
        if not match:
            raise _Lost
        self.at = match.end()
        if quote == '"' and "\\" in match[0]:
            with contextlib.suppress(tomllib.TOMLDecodeError):
                return str(tomllib.loads(f"key = {match[0]}")["key"])
        return match[0][1:-1] if quote in _STRINGS else match[0]

    def _pair(self, table: KeyPath) -> None:
        self._skip()
        start, path = self.at, table
        for key in self._keys():
            path = (*path, key)
            self._note(path, start)
        self._take("=")
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        self._skip()
        if self._peek("["):
            self._array(path)
        elif self._peek("{"):
            self._inline(path)
        else:
            here = self.text[self.at : self.at + 3]
            pattern = _STRINGS.get(here) or _STRINGS.get(here[:1]) or _SCALAR
            match = pattern.match(self.text, self.at)
            if not match or not match[0]:
                raise _Lost
            self.at = match.end()

    def _array(self, path: KeyPath) -> None:
        self._take("[")
        position = 0
        while not self._peek("]"):
            element = (*path, position)
            self._note(element, self.at)
            self._value(element)
            position += 1
            if not self._peek("]"):
                self._take(",")
        self._take("]")

    def _inline(self, path: KeyPath) -> None:
        self._take("{")
        while not self._peek("}"):
            self._pair(path)
            if not self._peek("}"):
                self._take(",")
        self._take("}")


def locate(text: str) -> dict[KeyPath, int]:
    r"""Return the line of every key, table and array element of a TOML document.

    Text that is not TOML ends the search where it stops making sense; what was found before is returned.

    Args:
        text: The document.

    Returns:
        Line, counted from 1, of each key path.

    Example:
        >>> locate('[suites.unit]\nkind = "pytest"\n')
        {('suites',): 1, ('suites', 'unit'): 1, ('suites', 'unit', 'kind'): 2}
    """
    scanner = _Scanner(text)
    with contextlib.suppress(_Lost, RecursionError):
        scanner.document()
    return scanner.lines
