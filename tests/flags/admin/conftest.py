"""The admin, spoken to without a network."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from overt.flags import FeatureFlags, Flag, MigrationControl, SqliteStore, Stage
from overt.flags.admin import AdminSettings, Tokens, admin_app
from overt.testing import FrozenClock

SHARED, OWN = "a-token-that-is-shared", "a-token-of-ann-alone"
BASE = "http://127.0.0.1:8001"
NOW = 1_800_000_000.0


class Visitor:
    """Somebody with a browser of the simplest kind: it keeps cookies and sends forms."""

    def __init__(self, app: Any, *, address: str = "127.0.0.1", base: str = BASE) -> None:
        self._runner, self._base = asyncio.Runner(), base
        transport = httpx.ASGITransport(app, client=(address, 50_000), raise_app_exceptions=False)
        self._client = httpx.AsyncClient(transport=transport, base_url=base)
        self.page = ""

    @property
    def cookies(self) -> httpx.Cookies:
        return self._client.cookies

    def ask(self, method: str, path: str, **how: Any) -> httpx.Response:
        answer = self._runner.run(self._client.request(method, path, **how))
        if "text/html" in answer.headers.get("content-type", ""):
            self.page = answer.text
        return answer

    def get(self, path: str, **how: Any) -> httpx.Response:
        return self.ask("GET", path, **how)

    def post(self, path: str, form: dict[str, str], **how: Any) -> httpx.Response:
        """Send a form as a page of the admin would, with what the last page hid in it."""
        hidden = {"csrf": self.hidden("csrf")} if 'name="csrf"' in self.page else {}
        headers = {"origin": self._base, **how.pop("headers", {})}
        return self.ask("POST", path, data={**hidden, **form}, headers=headers, **how)

    def hidden(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        assert found, f"the page hides no {name}"
        return unescape(found[1])

    def log_in(self, name: str = "bob", token: str = SHARED, **query: str) -> httpx.Response:
        self.get("/login")
        return self.post("/login", {"name": name, "token": token}, params=query)

    def change(self, flag: str, action: str, reason: str = "because", **more: str) -> httpx.Response:
        """Change a flag on its own page."""
        self.get("/flag", params={"name": flag})
        form = {"seen": self.hidden("seen"), "action": action, "reason": reason, **more}
        return self.post("/flag", form, params={"name": flag})

    def close(self) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()


class Made:
    """A project with flags, stages and an admin."""

    def __init__(self, folder: Path, clock: FrozenClock) -> None:
        self.folder, self.clock = folder, clock
        self.store, self.trail = folder / "flags.sqlite", folder / "audit.jsonl"
        hostile, script = '"><img src=x onerror=alert(1)>', "<script>alert(1)</script>"
        declared = [
            Flag("new-cart", owner="shop", purpose="the new cart", created="2026-11-22", until="2999-12-31"),
            Flag("new-tax", owner=hostile, purpose=script, created="2020-01-01", until="2020-12-31"),
            Flag("a/b & c", owner="shop", purpose="an odd name", created="2026-11-22", until="2999-12-31"),
        ]
        self.flags = FeatureFlags(SqliteStore(self.store), declared, clock=clock)
        stages = [Stage(1, "cart", ["new-cart"]), Stage(2, "tax", ["new-tax"], risk="high", description="careful")]
        self.control = MigrationControl(self.flags, stages, clock=clock)

    def app(self, *, control: bool = True, tokens: Tokens | None = None, **settings: Any) -> Any:
        settings = {"title": "shop", "hosts": ("127.0.0.1:8001",), "page_size": 5, **settings}
        return admin_app(
            self.flags,
            self.control if control else None,
            tokens=tokens or Tokens([("", SHARED), ("ann", OWN)]),
            trail=self.trail,
            settings=AdminSettings(**settings),
            clock=self.clock,
        )

    def recorded(self) -> str:
        return self.trail.read_text() if self.trail.exists() else ""


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    project = Made(tmp_path, FrozenClock(NOW))
    yield project
    project.control.close()
    project.flags.close()


@pytest.fixture
def visitors() -> Iterator[Callable[..., Visitor]]:
    """Make visitors, and close them in the end."""
    opened: list[Visitor] = []

    def visit(app: Any, **how: Any) -> Visitor:
        opened.append(Visitor(app, **how))
        return opened[-1]

    yield visit
    for visitor in opened:
        visitor.close()


@pytest.fixture
def bob(made: Made, visitors: Callable[..., Visitor]) -> Visitor:
    """Somebody who is logged in with the shared token."""
    visitor = visitors(made.app())
    assert visitor.log_in().status_code == 303
    return visitor
