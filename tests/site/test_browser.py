"""Pages in a real browser: nothing foreign runs, no other host is asked, the explorer and the search work."""

from __future__ import annotations

import functools
import http.server
import os
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from overt.site.build import build

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run"),
)
pytestmark = pytest.mark.browser
SUITES = """
[suites.unit]
kind = "import"
files = ["results.xml"]
format = "junit"
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium; without it these tests fail in CI and are skipped, loudly, elsewhere."""
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{CHROMIUM} is missing, so nothing was proved about the pages in a browser")
        pytest.skip(f"{CHROMIUM} IS MISSING: nothing was proved about the pages in a browser")
    from playwright.sync_api import sync_playwright

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        with sync_playwright() as playwright:
            opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
            yield opened
            opened.close()


class Watch:
    """A page, and what it did that it must not."""

    def __init__(self, browser: Any, *, scripts: bool = True, scheme: str = "light") -> None:
        self.page = browser.new_context(java_script_enabled=scripts, color_scheme=scheme).new_page()
        self.trouble: list[str] = []
        self.page.on("request", self._request)
        self.page.on("pageerror", lambda error: self.trouble.append(f"error: {error}"))
        self.page.on("dialog", self._dialog)
        self.page.on("console", lambda said: self.trouble.append(said.text) if said.type == "error" else None)

    def _request(self, request: Any) -> None:
        if not request.url.startswith(("file:", "data:", "blob:", "about:", "http://127.0.0.1:")):
            self.trouble.append(f"asked {request.url}")

    def _dialog(self, dialog: Any) -> None:
        self.trouble.append(f"ran foreign code: {dialog.message}")
        dialog.dismiss()


@pytest.fixture
def site(
    project: Callable[..., Path],
    junit: Callable[..., str],
    hostile: tuple[str, ...],
    run_suites: Callable[[Path], None],
) -> Path:
    """A built site whose tests have hostile names and failure texts."""
    passed = tuple(f"test_plain_{number}" for number in range(300))
    root = project({"results.xml": junit(passed, hostile)}, SUITES)
    run_suites(root)
    build(root, strict=False)
    return root / "site"


def test_hostile_names_are_shown_and_do_nothing(site: Path, browser: Any, hostile: tuple[str, ...]) -> None:
    """On every kind of page, opened from disk: no dialog, no error, no other host, and the name is to be read."""
    watch = Watch(browser)
    for name in ("index", "validation/index", "validation/cases", "validation/evidence/unit", "code/architecture"):
        watch.page.goto((site / f"{name}.html").as_uri())
        watch.page.wait_for_load_state("networkidle")
    watch.page.goto((site / "validation/cases.html").as_uri())
    watch.page.wait_for_selector(".ov-cases tbody tr")
    text = watch.page.inner_text(".ov-cases")
    assert "<script>alert(1)</script>" in text
    assert "{{ 7*7 }}" in text
    for button in watch.page.query_selector_all(".ov-row")[:20]:
        button.click()
    watch.page.wait_for_function("document.querySelectorAll('.ov-cases .ov-output').length >= 15")
    assert watch.trouble == []


def test_the_explorer_searches_and_filters(site: Path, browser: Any) -> None:
    """Words narrow the list, an outcome narrows it, more can be shown."""
    watch = Watch(browser)
    watch.page.goto((site / "validation/cases.html").as_uri())
    watch.page.wait_for_selector(".ov-cases tbody tr")
    assert "315 of 315 tests" in watch.page.inner_text(".ov-tools + .ov-count")
    assert watch.page.locator(".ov-cases tbody tr").count() == 50
    watch.page.get_by_role("searchbox").fill("plain 299")
    assert "1 of 315 tests" in watch.page.inner_text(".ov-tools + .ov-count")
    watch.page.get_by_role("searchbox").fill("")
    watch.page.get_by_label("Outcome").select_option(label="passed")
    assert "300 of 315 tests" in watch.page.inner_text(".ov-tools + .ov-count")
    watch.page.get_by_role("button", name="Show 200 more").click()
    assert watch.page.locator(".ov-cases tbody tr").count() == 250
    assert watch.trouble == []


def test_failures_are_listed_without_scripts(site: Path, browser: Any) -> None:
    """A reader who allows no scripts still sees what failed."""
    watch = Watch(browser, scripts=False)
    watch.page.goto((site / "validation/cases.html").as_uri())
    assert watch.page.locator("details:has(.ov-output)").count() == 15
    assert "<script>alert(1)</script>" in watch.page.inner_text("article")


def test_the_search_finds_a_symbol_from_disk(site: Path, browser: Any) -> None:
    """Opened from disk, where no worker may start, the search finds a function of the reference."""
    watch = Watch(browser)
    watch.page.goto((site / "index.html").as_uri())
    watch.page.locator("input.md-search__input").click()
    watch.page.locator("input.md-search__input").press_sequentially("cents")
    watch.page.wait_for_selector(".md-search-result__item")
    assert "shop.money" in watch.page.inner_text(".md-search-result")
    assert watch.trouble == []


def test_a_served_site_asks_no_other_host(site: Path, browser: Any) -> None:
    """Over http every page kind loads from its own host alone, in light and in dark."""
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        trouble: list[str] = []
        for scheme in ("light", "dark"):
            watch = Watch(browser, scheme=scheme)
            watch.trouble = trouble
            for name in ("index", "validation/cases", "code/architecture", "code/shop/money", "rules/OV202", "404"):
                watch.page.goto(f"http://127.0.0.1:{server.server_port}/{name}.html")
                watch.page.wait_for_load_state("networkidle")
        server.shutdown()
    assert trouble == []


def test_one_picture_is_shown_in_light_and_one_in_dark(site: Path, browser: Any) -> None:
    """The picture of the packages fits the colours of the page."""
    for scheme in ("light", "dark"):
        watch = Watch(browser, scheme=scheme)
        watch.page.goto((site / "code/architecture.html").as_uri())
        shown = [
            image.get_attribute("src") for image in watch.page.query_selector_all("article img") if image.is_visible()
        ]
        assert shown == [f"pictures/imports-{scheme}.svg#only-{scheme}"]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Say nothing."""
