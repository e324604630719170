"""Pages in a real browser: nothing foreign runs, no other host is asked, the explorer and the search work."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from overt.site.build import build

LONG = "unbreakable" * 9
pytestmark = pytest.mark.browser
FIRST_LINE = """
() => {
  const row = document.querySelector('.ov-row'), range = document.createRange();
  range.selectNodeContents(row);
  return range.getClientRects()[0].top - row.getBoundingClientRect().top;
}
"""
"""How far the words of a test that can be opened begin below the sign before them, in pixels."""
GAPS = """
[...document.querySelectorAll('tbody td:first-child > .ov')].map(
  mark => mark.parentElement.nextElementSibling.getBoundingClientRect().left - mark.getBoundingClientRect().right)
"""
Watcher = Callable[..., Any]
SUITES = """
[suites.unit]
kind = "import"
files = ["results.xml"]
format = "junit"
"""


@pytest.fixture(scope="module")
def site(
    shared_project: Callable[..., Path],
    junit: Callable[..., str],
    hostile: tuple[str, ...],
    run_suites: Callable[[Path], None],
) -> Path:
    """A built site whose tests have hostile names and failure texts."""
    passed = (f"test_plain_0_{LONG}", *(f"test_plain_{number}" for number in range(1, 300)))
    root = shared_project({"results.xml": junit(passed, (*hostile, LONG))}, SUITES)
    run_suites(root)
    build(root, strict=False)
    return root / "site"


def test_hostile_names_are_shown_and_do_nothing(site: Path, watch: Watcher, hostile: tuple[str, ...]) -> None:
    """On every kind of page, opened from disk: no dialog, no error, no other host, and the name is to be read."""
    seen = watch()
    for name in ("index", "validation/index", "validation/cases", "validation/evidence/unit", "code/architecture"):
        seen.page.goto((site / f"{name}.html").as_uri())
        seen.page.wait_for_load_state("networkidle")
    seen.page.goto((site / "validation/cases.html").as_uri())
    seen.page.wait_for_selector(".ov-cases tbody tr")
    text = seen.page.inner_text(".ov-cases")
    assert "<script>alert(1)</script>" in text
    assert "{{ 7*7 }}" in text
    for button in seen.page.query_selector_all(".ov-row")[:20]:
        button.click()
    seen.page.wait_for_function("document.querySelectorAll('.ov-cases .ov-output').length >= 16")
    assert seen.trouble == []


def test_the_explorer_searches_and_filters(site: Path, watch: Watcher) -> None:
    """Words narrow the list, an outcome narrows it, more can be shown."""
    seen = watch()
    seen.page.goto((site / "validation/cases.html").as_uri())
    seen.page.wait_for_selector(".ov-cases tbody tr")
    assert "316 of 316 tests" in seen.page.inner_text(".ov-tools + .ov-count")
    assert seen.page.locator(".ov-cases tbody tr").count() == 50
    seen.page.get_by_role("searchbox").fill("plain 299")
    assert "1 of 316 tests" in seen.page.inner_text(".ov-tools + .ov-count")
    seen.page.get_by_role("searchbox").fill("")
    seen.page.get_by_label("Outcome").select_option(label="passed")
    assert "300 of 316 tests" in seen.page.inner_text(".ov-tools + .ov-count")
    seen.page.get_by_role("button", name="Show 200 more").click()
    assert seen.page.locator(".ov-cases tbody tr").count() == 250
    assert seen.trouble == []


def test_the_explorer_fits_a_small_screen(site: Path, watch: Watcher) -> None:
    """Nothing stands beyond the edge of a telephone, and no mark runs into the name beside it."""
    seen = watch()
    seen.page.set_viewport_size({"width": 390, "height": 800})
    for name in ("validation/cases", "index", "validation/index"):
        seen.page.goto((site / f"{name}.html").as_uri())
        seen.page.wait_for_load_state("networkidle")
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390, name
        gaps = seen.page.evaluate(GAPS)
        assert gaps
        assert min(gaps) >= 4, (name, gaps)
    seen.page.goto((site / "validation/cases.html").as_uri())
    seen.page.wait_for_selector(".ov-row")
    seen.page.get_by_role("searchbox").fill(LONG)
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert seen.page.evaluate(FIRST_LINE) < 8


def test_failures_are_listed_without_scripts(site: Path, watch: Watcher) -> None:
    """A reader who allows no scripts still sees what failed."""
    seen = watch(scripts=False)
    seen.page.goto((site / "validation/cases.html").as_uri())
    assert seen.page.locator("details:has(.ov-output)").count() == 16
    assert "<script>alert(1)</script>" in seen.page.inner_text("article")


def test_the_search_finds_a_symbol_from_disk(site: Path, watch: Watcher) -> None:
    """Opened from disk, where no worker may start, the search finds a function of the reference."""
    seen = watch()
    seen.page.goto((site / "index.html").as_uri())
    seen.page.locator("input.md-search__input").click()
    seen.page.locator("input.md-search__input").press_sequentially("cents")
    seen.page.wait_for_selector(".md-search-result__item")
    assert "shop.money" in seen.page.inner_text(".md-search-result")
    assert seen.trouble == []


def test_a_served_site_asks_no_other_host(site: Path, watch: Watcher) -> None:
    """Over http every page kind loads from its own host alone, in light and in dark."""
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        trouble: list[str] = []
        for scheme in ("light", "dark"):
            seen = watch(scheme=scheme)
            seen.trouble = trouble
            for name in ("index", "validation/cases", "code/architecture", "code/shop/money", "rules/OV202", "404"):
                seen.page.goto(f"http://127.0.0.1:{server.server_port}/{name}.html")
                seen.page.wait_for_load_state("networkidle")
        server.shutdown()
    assert trouble == []


def test_one_picture_is_shown_in_light_and_one_in_dark(site: Path, watch: Watcher) -> None:
    """The picture of the packages fits the colours of the page."""
    for scheme in ("light", "dark"):
        seen = watch(scheme=scheme)
        seen.page.goto((site / "code/architecture.html").as_uri())
        shown = [
            image.get_attribute("src") for image in seen.page.query_selector_all("article img") if image.is_visible()
        ]
        assert shown == [f"pictures/imports-{scheme}.svg#only-{scheme}"]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Say nothing."""
