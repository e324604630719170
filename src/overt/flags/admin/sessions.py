"""Who is logged in: kept here, never in the cookie."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from hashlib import sha256

MOST = 200
"""Sessions at a time; the one that rested longest ends first."""


class Session:
    """Somebody who came in with a token.

    Args:
        name: Who they are.
        proved: Whether the token is bound to that name; else it is what they said.
        address: Where they came from.
        began: Seconds since 1970 UTC.
        mark: What tells sessions apart in the audit trail; nobody can come in with it.
    """

    __slots__ = ("_notices", "address", "began", "csrf", "mark", "name", "proved", "seen")

    def __init__(self, *, name: str, proved: bool, address: str, began: float, mark: str) -> None:
        self.name, self.proved, self.address, self.mark = name, proved, address, mark
        self.began = self.seen = began
        self.csrf = secrets.token_urlsafe(32)
        self._notices: list[str] = []

    def notice(self, text: str) -> None:
        """Have something said on the next page."""
        self._notices = [*self._notices[-4:], text]

    def notices(self) -> list[str]:
        """Return what is to be said, once."""
        said, self._notices = self._notices, []
        return said


class Sessions:
    """The sessions of one server; a restart ends them all.

    Args:
        clock: Returns seconds since 1970 UTC, so that the time a machine sleeps counts too.
        idle: Seconds of rest after which a session ends.
        longest: Seconds after which it ends however busy it was.
        most: How many there can be.

    Example:
        >>> sessions = Sessions(lambda: 0.0)
        >>> secret, session = sessions.begin("ann", proved=False, address="127.0.0.1")
        >>> sessions.find(secret) is session, sessions.find("guessed")
        (True, None)
    """

    def __init__(
        self, clock: Callable[[], float], *, idle: float = 1800.0, longest: float = 43_200.0, most: int = MOST
    ) -> None:
        self._clock, self.idle, self.longest, self._most = clock, idle, longest, most
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Return how many there are."""
        with self._lock:
            self._forget()
            return len(self._sessions)

    def begin(self, name: str, *, proved: bool, address: str) -> tuple[str, Session]:
        """Begin a session; return its secret, which is always a new one, and itself."""
        secret = secrets.token_urlsafe(32)
        key = _key(secret)
        session = Session(name=name, proved=proved, address=address, began=self._clock(), mark=key[:8])
        with self._lock:
            self._forget()
            while len(self._sessions) >= self._most:
                del self._sessions[min(self._sessions, key=lambda key: self._sessions[key].seen)]
            self._sessions[key] = session
        return secret, session

    def find(self, secret: str) -> Session | None:
        """Return the session of a secret and note that it is in use; None when there is none any more."""
        with self._lock:
            session = self._sessions.get(_key(secret))
            if session is None:
                return None
            if self._is_over(session):
                del self._sessions[_key(secret)]
                return None
            session.seen = self._clock()
            return session

    def end(self, secret: str) -> None:
        """End a session; again is harmless."""
        with self._lock:
            self._sessions.pop(_key(secret), None)

    def _forget(self) -> None:
        for key in [key for key, session in self._sessions.items() if self._is_over(session)]:
            del self._sessions[key]

    def _is_over(self, session: Session) -> bool:
        now = self._clock()
        # A clock that was set back must not lengthen a session.
        return not (0 <= now - session.seen < self.idle and 0 <= now - session.began < self.longest)


def _key(secret: str) -> str:
    """Return what a secret is filed under: a look at the memory or the time of a look-up does not give it away."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()
