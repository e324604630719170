"""A learner goes through the whole track in a browser: opened from disk and served, wide and narrow, light and dark."""

from __future__ import annotations

import functools
import http.server
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from overt.site.paths import slug
from overt.training.records import Exercise, Quiz
from overt.training.track import load_track

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
Watcher = Callable[..., Any]
TRACK = load_track()
TOTAL = len(TRACK.items)
AXE = "axe.run('article', { preload: false }).then(found => found.violations.map(one => [one.id, one.nodes[0].html]))"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a folder on this machine, and yield its address."""
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def count(page: Any, done: int) -> None:
    """Wait until the page says how many are done."""
    # Nothing is evaluated in the page for it: its policy forbids that.
    page.locator(".ov-progress-words").filter(has_text=re.compile(f"^{done} of {TOTAL} done$")).wait_for()


def work(page: Any, item: Exercise) -> None:
    """Open every hint, then the solution, then what it was about, and mark the exercise with the keyboard."""
    for number in range(1, len(item.hints) + 1):
        page.get_by_text(f"Hint {number} of {len(item.hints)}", exact=True).click()
    for summary in ("A solution, and what it changes", "What it was about"):
        page.get_by_text(summary, exact=True).click()
    assert page.locator("article details:not([open])").count() == 0
    shown = page.inner_text("details.success")
    assert item.solution.strip().splitlines()[0] in shown
    assert page.locator("details.success .highlight .gi, details.success .highlight .gd").count() > 1
    assert page.inner_text("details.info").strip()
    assert page.locator("article li strong").count() >= len(item.checks)
    page.get_by_label("I have done this one").focus()
    page.keyboard.press("Space")


def answer(page: Any, item: Quiz) -> None:
    """Give every wrong answer, then the right one; only that opens the explanation."""
    right = int(page.get_attribute(".ov-quiz", "data-ov-right"))
    fold, said = page.locator("details.ov-answer"), page.locator(".ov-quiz .ov-said")
    order = [number for number in range(len(item.card.options)) if number != right]
    for number in [*order, right]:
        assert fold.get_attribute("open") is None
        page.locator(".ov-choice input").nth(number).check()
        page.get_by_role("button", name="Answer").press("Enter")
        begins = "Right: " if number == right else "No, not "
        assert said.inner_text().startswith(f"{begins}{item.card.options[number]}")
    page.wait_for_selector("details.ov-answer[open]")


def faults(page: Any, width: int) -> list[object]:
    """Return what axe finds in the text of the page, and how far it stands beyond the screen."""
    found: list[object] = list(page.evaluate(AXE))
    beyond = page.evaluate("document.documentElement.scrollWidth") - width
    return [*found, *([f"{beyond} pixels beyond the screen"] if beyond > 0 else [])]


@pytest.mark.parametrize(("scheme", "width", "serve"), [("light", 1440, False), ("dark", 390, True)])
def test_a_learner_goes_through_the_whole_track(
    site: Path, watch: Watcher, scheme: str, width: int, serve: bool
) -> None:
    """Each item by clicking on, reloaded in the middle, forgotten, finished; no error, no other host, no barrier."""
    seen = watch(scheme=scheme)
    seen.page.set_default_timeout(120_000)
    seen.page.set_viewport_size({"width": width, "height": 900})
    seen.page.add_init_script((files("axe_playwright_python") / "axe.min.js").read_text())
    wrong: dict[str, list[object]] = {}
    with served(site) as address:
        start = f"{address if serve else site.as_uri()}/training/index.html"
        seen.page.goto(start)
        count(seen.page, 0)
        seen.page.locator(".ov-progress-next a").click()
        for number, item in enumerate(TRACK.items, start=1):
            seen.page.wait_for_url(f"**/{slug(item.name)}.html")
            count(seen.page, number - 1)
            assert seen.page.inner_text("h1").startswith(item.title)
            work(seen.page, item) if isinstance(item, Exercise) else answer(seen.page, item)
            count(seen.page, number)
            if found := faults(seen.page, width):
                wrong[item.name] = found
            if number == TOTAL // 2:
                seen.page.reload()
                count(seen.page, number)
                assert seen.page.get_by_label("I have done this one").is_checked()
            if number < TOTAL:
                seen.page.locator(".ov-turn span:last-child a").click()
        seen.page.get_by_role("link", name="All exercises").click()
        count(seen.page, TOTAL)
        assert "That was the whole track." in seen.page.inner_text(".ov-progress-next")
        assert seen.page.locator(".ov-tick .ov").count() == TOTAL
        forget(seen.page)
        if found := faults(seen.page, width):
            wrong["index"] = found
    assert not wrong, json.dumps(wrong, indent=1)
    assert seen.trouble == []


def forget(page: Any) -> None:
    """Take all progress along, forget it, and take it over again."""
    page.get_by_text("Take your progress along, or start over").click()
    page.get_by_role("button", name="Show mine").click()
    kept = page.get_by_label("Progress as text").input_value()
    assert all(item["passed"] for item in json.loads(kept)["items"])
    page.get_by_role("button", name="Start over").click()
    page.get_by_role("button", name="Really forget everything").click()
    count(page, 0)
    page.reload()
    count(page, 0)
    assert page.locator(".ov-tick .ov").count() == 0
    page.get_by_text("Take your progress along, or start over").click()
    page.get_by_label("Progress as text").fill(kept)
    page.get_by_role("button", name="Take over what is in the box").click()
    count(page, TOTAL)


def test_every_page_is_small_and_there(site: Path) -> None:
    """One page for each item and one for all, none above 100 kB."""
    pages = {path.stem: path.stat().st_size for path in (site / "training").glob("*.html")}
    assert set(pages) == {"index", *(slug(item.name) for item in TRACK.items)}
    assert max(pages.values()) < 100_000
