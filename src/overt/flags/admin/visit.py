"""One request of somebody who is logged in, and everything it can reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

from starlette.responses import HTMLResponse, RedirectResponse

from overt.flags.admin.limits import LoginLimits
from overt.flags.admin.pages import Pages, address
from overt.flags.admin.sessions import Session, Sessions
from overt.flags.admin.settings import AdminSettings
from overt.flags.admin.tokens import Tokens
from overt.flags.admin.trail import Trail
from overt.flags.feature_flags import FeatureFlags
from overt.flags.migration import MigrationControl

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What all requests share.

    Args:
        flags: The flags.
        control: The migration; None when there is none.
        tokens: Who may come in.
        sessions: Who is in.
        limits: How often somebody may try.
        trail: Where it is recorded.
        pages: What pages are made with.
        settings: What was chosen.
        clock: Returns seconds since 1970 UTC.
        turn: Held while a change is made, so that nothing comes between the look at a value and its change.
    """

    flags: FeatureFlags
    control: MigrationControl | None
    tokens: Tokens
    sessions: Sessions
    limits: LoginLimits
    trail: Trail
    pages: Pages
    settings: AdminSettings
    clock: Callable[[], float]
    turn: Lock


class Refused(Exception):
    """What was asked for is not done; nothing was changed.

    Args:
        status: Status of HTTP.
        head: What is refused, in a few words.
        why: Why, and what to do.
    """

    def __init__(self, status: int, head: str, why: str) -> None:
        super().__init__(head)
        self.status, self.head, self.why = status, head, why


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request of somebody who is logged in.

    Args:
        desk: What all requests share.
        session: Who it is.
        secret: What their cookie holds.
        query: What the address asks.
        form: What was sent.
        address: Where it comes from.
        root: Path that the admin stands below.
    """

    desk: Desk
    session: Session
    secret: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    address: str
    root: str

    def page(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """Return a page."""
        return HTMLResponse(self.desk.pages.text(template, **self._common(), **values), status)

    def told(self, status: int, head: str, why: str) -> HTMLResponse:
        """Return a page that says what cannot be done, and why."""
        return self.desk.pages.told(status, head, why, **self._common())

    def go(self, path: str, said: str, **query: object) -> RedirectResponse:
        """Have something said, and lead to a page."""
        self.session.notice(said)
        return RedirectResponse(address(self.root, path, **query), 303)

    def recorded(self, what: str, why: str, action: Callable[[], Answer]) -> Answer:
        """Do something that the audit trail tells of, before and after; without a trail it is not done.

        Raises:
            StoreError: The trail or the store cannot be written; nothing was changed.
        """
        known: dict[str, str | bool] = {
            "by": self.session.name,
            "proved": self.session.proved,
            "address": self.address,
            "session": self.session.mark,
            "what": what,
            "why": why,
        }
        self.desk.trail.write("asked", **known)
        try:
            done = action()
        except Exception as error:
            self.desk.trail.write("failed", **known, error=f"{type(error).__name__}: {error}")
            raise
        try:
            self.desk.trail.write("done", **known)
        except Exception as error:  # noqa: BLE001  # it is done: saying otherwise would be wrong
            self.session.notice(f"The change was made, but {error}")
        return done

    def _common(self) -> dict[str, Any]:
        desk = self.desk
        problem = desk.flags.problem
        trouble = [f"{problem}. What is shown are the last known values."] if problem is not None else []
        if desk.trail.problem:
            trouble.append(f"{desk.trail.problem}. Nothing can be changed here until it can.")
        return {
            "root": self.root,
            "session": self.session,
            "notices": self.session.notices(),
            "trouble": trouble,
            "now": desk.clock(),
        }
