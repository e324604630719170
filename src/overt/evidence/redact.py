"""Secrets taken out of text before anything is written."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from overt.evidence.places import Places
from overt.system.secret_scan import holds_secret
from overt.system.secret_shapes import MARK, masked
from overt.system.text import plain_text

_SECRET_WORDS = frozenset(
    {"TOKEN", "TOKENS", "SECRET", "SECRETS", "PASSWORD", "PASSWORDS", "PASSWD", "PASS", "PASSPHRASE", "PSW", "PW"}
    | {"KEY", "KEYS", "APIKEY", "CREDENTIAL", "CREDENTIALS", "CREDS", "PRIVATE", "AUTH", "COOKIE", "DSN", "JWT", "PAT"}
)
_SECRET_PARTS = ("TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "APIKEY", "CREDENTIAL")
_PLACE_WORDS = frozenset({"FILE", "PATH", "SOCK", "DIR", "HOME"})
_SHORTEST = 8
_PIECE = 4
_CUT = re.compile(r"(?<!\.)\.{3}(?!\.)|\u2026")
_GAP = re.compile(r"\S{0,4096}\n(\[\.\.\. \d+ bytes left out \.\.\.\])\n\S{0,4096}")


def looks_secret(name: str) -> bool:
    """Tell whether the value of an environment variable is to be kept out of the ledger, by its name.

    Example:
        >>> looks_secret("DEPLOY_TOKEN"), looks_secret("KEYBOARD"), looks_secret("SSH_AUTH_SOCK")
        (True, False, False)
    """
    words = [word for word in re.split(r"[^A-Z0-9]+", name.upper()) if word]
    if not words or words[-1] in _PLACE_WORDS:
        return False
    return not _SECRET_WORDS.isdisjoint(words) or any(part in word for word in words for part in _SECRET_PARTS)


def _spellings(value: str) -> set[str]:
    """Return a secret as it appears plain, in URLs, in JSON, in Python source and in a header."""
    spelt = {value, quote(value, safe=""), json.dumps(value)[1:-1], repr(value)[1:-1]}
    spelt.add(base64.b64encode(value.encode("utf-8", "surrogateescape")).decode())
    if "\n" in value:
        spelt |= {line.strip() for line in value.splitlines()}
    return {text for text in spelt if len(text) >= _SHORTEST}


def _head(before: str, value: str) -> int:
    """Return how many characters at the end of `before` are the beginning of a secret; 0 when too few to tell."""
    longest = min(len(before), len(value))
    return next((size for size in range(longest, _PIECE - 1, -1) if before.endswith(value[:size])), 0)


def _tail(text: str, start: int, value: str) -> int:
    """Return how many characters from `start` are the end of a secret; 0 when too few to tell."""
    return next((size for size in range(len(value), _PIECE - 1, -1) if text.startswith(value[-size:], start)), 0)


def _without_pieces(text: str, values: tuple[str, ...]) -> str:
    """Return text without what a tool left of a secret when it shortened a line: its beginning or end beside `...`."""
    if not values or ("..." not in text and "\u2026" not in text):
        return text
    near = [value for value in values if value[:_PIECE] in text or value[-_PIECE:] in text]
    if not near:
        return text
    parts, end = [], 0
    for sign in _CUT.finditer(text):
        before = text[end : sign.start()]
        head = max(_head(before, value) for value in near)
        tail = max(_tail(text, sign.end(), value) for value in near)
        parts.append((before[: len(before) - head] + MARK if head else before) + sign[0] + (MARK if tail else ""))
        end = sign.end() + tail
    return "".join(parts) + text[end:]


class Redactor:
    """Takes known secrets and whatever has the shape of one out of text.

    Args:
        environment: Variables whose values are secret when their names look so and they are long enough.
        root: Folder of the project: paths below it are written relative to it, those below home with `~`.

    Example:
        >>> Redactor({"DEPLOY_TOKEN": "open-sesame"}).text("got open-sesame, password=hunter22")
        'got [redacted], password=[redacted]'
    """

    def __init__(self, environment: Mapping[str, str], root: Path | None = None) -> None:
        spelt: set[str] = set()
        for name, value in environment.items():
            if len(value.strip()) >= _SHORTEST and looks_secret(name):
                spelt |= _spellings(plain_text(value).strip())
        self._values = tuple(sorted(spelt, key=lambda text: (-len(text), text)))
        self._values = tuple(value for value in self._values if value not in MARK)
        self._places = Places(_folders(environment, root))

    def text(self, text: str) -> str:
        """Return text with every secret replaced by `[redacted]`; plain text is expected."""
        text = self._places.text(text)
        for value in self._values:
            if value in text:
                text = text.replace(value, MARK)
        return masked(_without_pieces(text, self._values))

    def changes(self, text: str) -> bool:
        """Tell whether `text` would change a text of many lines; far cheaper than to redact it."""
        if any(value in text for value in self._values) or self._places.text(text) != text:
            return True
        return _without_pieces(text, self._values) != text or holds_secret(text)

    def data(self, data: bytes) -> bytes:
        """Return the bytes of a text, made plain and without secrets.

        Where a middle part had been left out, the words at both edges go too: they may be halves of a secret.
        """
        text = plain_text(data)
        if "bytes left out ...]" in text:
            text = _GAP.sub(lambda found: f"{MARK}\n{found[1]}\n{MARK}", text)
        return self.text(text).encode()


def _folders(environment: Mapping[str, str], root: Path | None) -> dict[str, str]:
    """Return the folders that name this machine and what stands for them."""
    if root is None:
        return {}
    home = environment.get("HOME", "").rstrip("/")
    return {home: "~", str(root): "", str(root.resolve()): ""}
