"""The admin in a real browser."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from overt.cli.main import main

from .process import TOKEN, Server

pytestmark = pytest.mark.browser
Watcher = Callable[..., Any]
NASTY = "\"><img src=x onerror=alert(1)>'<script>alert(1)</script>"
PAGES = ("/", "/flag?name=new-tax", "/stages", "/rollback?to=0", "/emergency", "/history", "/moves", "/status")
HARD_TO_SEE = """
() => {
  const light = colour => {
    const parts = colour.match(/[\\d.]+/g).slice(0, 3).map(part => part / 255)
      .map(part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
    return .2126 * parts[0] + .7152 * parts[1] + .0722 * parts[2];
  };
  const ground = element => {
    for (; element; element = element.parentElement) {
      const colour = getComputedStyle(element).backgroundColor;
      if (!colour.endsWith(', 0)') && colour !== 'transparent') return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    const [one, other] = [light(getComputedStyle(element).color), light(ground(element))].sort((a, b) => b - a);
    if ((one + .05) / (other + .05) < 4.5) found.push(walker.currentNode.data.trim());
  }
  return found;
}
"""
"""Texts whose contrast is below what WCAG asks for."""
UNNAMED = """
() => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary, meter, nav, [role=region]')]
  .filter(element => !(element.textContent.trim() || element.labels?.length || element.getAttribute('aria-label')))
  .map(element => element.outerHTML)
"""
OTHERS = """
() => [...document.querySelectorAll('script, style, [style], iframe, object, embed, base, [onclick], [onload]')].length
  + [...document.querySelectorAll('h1')].length - 1
  + [...document.querySelectorAll('[id]')].length - new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size
"""
"""How often a page holds what it must not: script, style, frames, a second heading, an id twice."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server of its own for each test that changes what it shows."""
    made = Server(tmp_path / "shop")
    yield made
    made.kill()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all that change nothing of it, or only make its texts longer."""
    made = Server(tmp_path_factory.mktemp("shared") / "shop")
    yield made
    made.kill()


def command(server: Server, *arguments: str) -> None:
    """Change something from the command line, while the page is open."""
    assert main(["flags", *arguments, "-C", str(server.root), "--json"]) == 0


def log_in(page: Any, server: Server, name: str = "bob", path: str = "/") -> None:
    page.goto(server.url + path)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Token").fill(TOKEN)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_selector(".who")


def history(server: Server) -> list[tuple[str, str, str]]:
    """Return who, what and why of every change, from the store itself."""
    with closing(sqlite3.connect(server.root / ".overt/flags.sqlite")) as connection:
        return connection.execute("SELECT by, flag || ' ' || new, reason FROM history ORDER BY id").fetchall()


def trouble(seen: Any, server: Server) -> list[str]:
    """Return what a page did that it must not; a picture that leaving the page cut short is no trouble."""
    return [told for told in seen.trouble if told != f"failed to load {server.url}/icon.svg"]


@pytest.mark.parametrize("scripts", [True, False])
def test_from_login_to_logout(server: Server, watch: Watcher, scripts: bool) -> None:
    """With scripts and without: in, on, a percentage, a stage, back, emergency, out."""
    seen = watch(scripts=scripts)
    page = seen.page
    log_in(page, server, path="/flag?name=new-cart")
    page.wait_for_url("**/flag?name=new-cart")
    page.get_by_label("On", exact=True).check()
    page.get_by_label("Reason").fill("measured for a week")
    page.get_by_role("button", name="Change new-cart").click()
    assert "→ on" in page.inner_text(".notice")
    page.get_by_role("link", name="Flags").first.click()
    row = page.locator("li", has=page.get_by_role("link", name="new-cart"))
    row.locator("summary").click()
    row.get_by_label("On for a percentage").check()
    row.get_by_label("Percentage %", exact=True).fill("12.5")
    row.get_by_label("Reason").fill("a look first")
    row.get_by_label("Reason").press("Enter")
    assert "on → 12.5 %" in page.inner_text(".notice")
    page.goto(server.url + "/stages")
    page.get_by_label("Reason").fill("begin")
    page.get_by_role("button", name="Enter stage 1").click()
    assert "Stage 1 is entered at 100 %" in page.inner_text(".notice")
    page.get_by_label("Percentage of the keys").fill("50")
    page.get_by_label("Reason").fill("go on")
    page.get_by_role("button", name="Enter stage 2").click()
    page.get_by_label("although it is not ready").check()
    page.get_by_role("button", name="Enter it all the same").click()
    assert "Stage 2 is entered at 50 %" in page.inner_text(".notice")
    page.get_by_role("link", name="Emergency").click()
    page.get_by_label("Reason").fill("fire")
    page.get_by_role("button", name="Turn them off").click()
    assert "off" in page.inner_text(".notice")
    page.get_by_role("button", name="Log out").click()
    page.wait_for_selector("h1:has-text('Log in')")
    page.goto(server.url + "/history")
    assert page.url.startswith(server.url + "/login")
    assert history(server) == [
        ("bob", "new-cart true", "measured for a week"),
        ("bob", "new-cart 12.5", "a look first"),
        ("bob", "new-cart true", "begin"),
        ("bob", "new-tax 50.0", "go on"),
        ("bob", "new-tax false", "fire"),
        ("bob", "new-cart false", "fire"),
    ]
    assert trouble(seen, server) == []


def test_stored_text_does_nothing(server: Server, watch: Watcher) -> None:
    """On every page: shown as it is, run by nothing, and nothing asked of another host."""
    command(server, "set", "new-tax", "on", "--by", NASTY, "--reason", NASTY + "\u202edlrow")
    command(server, "advance", "1", "--force", "--by", NASTY, "--reason", NASTY)
    seen = watch()
    log_in(seen.page, server, NASTY)
    for path in (*PAGES, "/flag?name=%3Cscript%3Ealert(1)%3C/script%3E", "/%3Cscript%3Ealert(1)%3C/script%3E"):
        seen.page.goto(server.url + path)
        assert seen.page.evaluate(OTHERS) == 0, path
    seen.page.goto(server.url + "/history")
    assert NASTY in seen.page.inner_text("main")
    assert seen.page.locator("main img, main script").count() == 0
    assert trouble(seen, server) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_and_reach_it(shared: Server, watch: Watcher, scheme: str) -> None:
    """Contrast, names of everything that is operated, and no page wider than a telephone."""
    command(shared, "rollout", "new-tax", "12.5", "--by", "a" * 60, "--reason", "unbreakable" * 40)
    seen = watch(scheme=scheme)
    log_in(seen.page, shared)
    for path in (*PAGES, "/flag?name=none"):
        seen.page.goto(shared.url + path)
        for summary in seen.page.locator("summary").all():
            summary.click()
        assert seen.page.evaluate(HARD_TO_SEE) == [], path
        assert seen.page.evaluate(UNNAMED) == [], path
        assert seen.page.evaluate("[document.documentElement.lang, !!document.title]") == ["en", True]
        seen.page.set_viewport_size({"width": 390, "height": 800})
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390, path
        seen.page.set_viewport_size({"width": 1440, "height": 900})
    assert trouble(seen, shared) == []


def test_the_keyboard_is_enough(server: Server, watch: Watcher) -> None:
    """The first stop skips to the content; from there a flag is opened, chosen, reasoned and changed."""
    command(server, "set", "new-cart", "on")
    seen = watch()
    page = seen.page
    page.goto(server.url)
    page.wait_for_function("document.activeElement.name === 'name'")
    page.keyboard.type("kim")
    page.keyboard.press("Tab")
    page.keyboard.type(TOKEN)
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Flags')")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for key in ("Tab", "Tab", "Enter", "Tab", "ArrowDown", "Tab"):
        page.keyboard.press(key)
    page.keyboard.type("by hand")
    page.keyboard.press("Enter")
    page.wait_for_selector(".notice")
    assert history(server)[-1] == ("kim", "new-cart false", "by hand")


def test_a_page_of_another_server_changes_nothing(shared: Server, watch: Watcher) -> None:
    """Its form comes without the cookie and with another origin; ours cannot be put into a frame."""
    seen = watch()
    log_in(seen.page, shared)
    before = history(shared)
    form = f"""<form method=post action="{shared.url}/emergency"><input name=reason value=x><button>Win</button></form>
    <iframe src="{shared.url}/stages"></iframe>"""
    seen.page.route("http://127.0.0.1:1/evil", lambda route: route.fulfill(body=form, content_type="text/html"))
    seen.page.goto("http://127.0.0.1:1/evil")
    assert "Stages" not in seen.page.frames[1].content()
    seen.page.get_by_role("button", name="Win").click()
    seen.page.wait_for_selector("h1:has-text('not sent by this page')")
    assert history(shared) == before


def test_the_cookie_is_hidden_and_nothing_is_kept(shared: Server, watch: Watcher) -> None:
    """No script reads it; it ends with the browser; going back after logging out shows nothing."""
    seen = watch()
    log_in(seen.page, shared)
    assert seen.page.evaluate("document.cookie") == ""
    cookie = next(kept for kept in seen.page.context.cookies() if kept["name"] == f"overt-flags-{shared.port}")
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["expires"]) == (True, "Strict", -1)
    seen.page.get_by_role("button", name="Log out").click()
    seen.page.wait_for_selector("h1:has-text('Log in')")
    seen.page.go_back()
    assert "new-cart" not in seen.page.inner_text("body")


def test_it_prints_well(shared: Server, watch: Watcher) -> None:
    """On paper there is what is known, and nothing to press."""
    seen = watch()
    log_in(seen.page, shared, path="/stages")
    seen.page.emulate_media(media="print")
    assert seen.page.get_by_role("button").count() == 0
    assert seen.page.locator("h2:has-text('cart')").is_visible()
