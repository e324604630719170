"""The tokens that let somebody in, kept as digests only."""

from __future__ import annotations

import hmac
import secrets
import stat
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path

from overt.model import Location, OvertError
from overt.system.text import plain_text

SHORTEST = 16
"""Characters that a token has at least."""

_LONGEST_FILE = 65_536


def new_token() -> str:
    """Return a token that nobody can guess: 256 random bits."""
    return secrets.token_urlsafe(32)


class Tokens:
    """Who may come in with what.

    A token may be bound to a name; one without a name is shared, and whoever uses it says who they are.

    Args:
        entries: Name and token; the name is empty for a shared token.

    Raises:
        ValueError: There is none, one is too short, or a name or a token stands there twice.

    Example:
        >>> tokens = Tokens([("ann", "a-token-of-her-own"), ("", "the-token-of-all-others")])
        >>> tokens.find("a-token-of-her-own"), tokens.find("the-token-of-all-others"), tokens.find("guessed")
        ('ann', '', None)
    """

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        # Digests under a key of this process: comparing them tells nothing about the tokens.
        self._key = secrets.token_bytes(32)
        self._names: dict[bytes, str] = {}
        for name, token in entries:
            if len(token) < SHORTEST:
                raise ValueError(f"a token has at least {SHORTEST} characters")
            if self._digest(token) in self._names:
                raise ValueError("the same token stands there twice")
            if name and self.is_bound(name):
                raise ValueError(f"{name!r} has two tokens")
            self._names[self._digest(token)] = name
        if not self._names:
            raise ValueError("there is no token")

    @property
    def shared(self) -> bool:
        """Whether there is a token that is bound to no name."""
        return "" in self._names.values()

    def find(self, token: str) -> str | None:
        """Return the name that a token is bound to, empty for a shared one; None when there is no such token."""
        given, found = self._digest(token), None
        for digest, name in self._names.items():  # all of them, so that the time does not tell which one
            if hmac.compare_digest(digest, given):
                found = name
        return found

    def is_bound(self, name: str) -> bool:
        """Tell whether a name belongs to somebody's own token."""
        return name.casefold() in {bound.casefold() for bound in self._names.values() if bound}

    def _digest(self, token: str) -> bytes:
        return blake2b(token.encode("utf-8", "replace"), key=self._key).digest()


def read_tokens(path: Path) -> Tokens:
    """Read tokens from a file: a line is `TOKEN`, shared, or `NAME TOKEN`; empty lines and those with # do not count.

    Raises:
        OvertError: The file cannot be read, everybody may read it, or it holds no good token.
    """
    try:
        mode = path.stat().st_mode
        text = path.read_bytes()[:_LONGEST_FILE].decode("utf-8")
    except OSError as error:
        raise OvertError(f"the token file {path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise OvertError(f"the token file {path} is no UTF-8 text") from error
    if mode & (stat.S_IROTH | stat.S_IWOTH):
        raise OvertError(f"everybody on this machine may use the token file {path}", hint=f"chmod 600 {path}")
    return parse_tokens(text, str(path))


def parse_tokens(text: str, name: str) -> Tokens:
    """Return the tokens of a text.

    Args:
        text: One token a line, after the name it is bound to, if any.
        name: What the text is called in a message; no message holds a token.

    Raises:
        OvertError: A token is too short, a name has two, or there is none.

    Example:
        >>> parse_tokens("# who may come in\\nann  a-token-of-her-own\\n", "tokens").shared
        False
    """
    entries: list[tuple[str, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        entries.append((plain_text(" ".join(words[:-1])), words[-1]))
        try:
            Tokens(entries)
        except ValueError as error:
            raise OvertError(str(error), where=Location(name, number), hint="a line is TOKEN or NAME TOKEN") from error
    try:
        return Tokens(entries)
    except ValueError as error:
        raise OvertError(f"{error} in {name}", hint="a line is TOKEN or NAME TOKEN") from error
