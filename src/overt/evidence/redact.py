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
        return masked(text)

    def changes(self, text: str, pieces: str = "") -> bool:
        """Tell whether `text` would change a text of many lines; far cheaper than to redact it.

        Args:
            text: The text.
            pieces: All of its lines cut at `::`, each piece with that sign and once; made from it when empty.
        """
        if any(value in text for value in self._values) or self._places.text(text) != text:
            return True
        return holds_secret(text, pieces)

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
