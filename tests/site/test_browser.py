"""Pages in a real browser: nothing foreign runs, no other host is asked, the explorer and the search work."""

from __future__ import annotations

import functools
import http.server
import json
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
[suites.scan]
kind = "import"
files = ["scan.sarif"]
format = "sarif"
title = %s
"""
BY_HAND = """# By hand

<script>alert(1)</script> <img src=x onerror=alert(2)> <svg onload=alert(3)><script>alert(4)</script></svg>
<iframe srcdoc="<script>parent.alert(5)</script>"></iframe> <img src="http://evil.example/x.png">
<a href="#here" id="here" onclick="alert(6)">click</a> <object data="http://evil.example/o"></object>
<style>@import url(http://evil.example/a.css);</style> <details open ontoggle=alert(7)><summary>s</summary></details>
"""
"""What an author of a page may put into it, by mistake or because it was copied from elsewhere."""


def sarif(texts: tuple[str, ...]) -> str:
    """Make a file of findings whose rules, files and messages are those texts."""
    found = [
        {
            "ruleId": text,
            "message": {"text": text},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": text}, "region": {"startLine": 1}}}],
        }
        for text in texts
    ]
    tool = {"driver": {"name": texts[0], "rules": [{"id": text} for text in texts]}}
    return json.dumps({"version": "2.1.0", "runs": [{"tool": tool, "results": found}]})


@pytest.fixture(scope="module")
def site(
    shared_project: Callable[..., Path],
    junit: Callable[..., str],
    hostile: tuple[str, ...],
    run_suites: Callable[[Path], None],
) -> Path:
    """A built site whose tests have hostile names and failure texts."""
    passed = (f"test_plain_0_{LONG}", *(f"test_plain_{number}" for number in range(1, 300)))
    held = {"results.xml": junit(passed, (*hostile, LONG)), "scan.sarif": sarif(hostile), "docs/by-hand.md": BY_HAND}
    claims = [
        f"[claims.c{number}]\ntext = {json.dumps(text)}\nexpect = 'suites.unit.total == 1'\n"
        for number, text in enumerate(hostile)
    ]
    root = shared_project(held, SUITES % json.dumps(hostile[0]) + "".join(claims))
    run_suites(root)
    build(root, strict=False)
    return root / "site"


def test_hostile_names_are_shown_and_do_nothing(site: Path, watch: Watcher, hostile: tuple[str, ...]) -> None:
    """On every kind of page, opened from disk: no dialog, no error, no other host, and the name is to be read."""
    seen = watch()
    assert len(hostile) >= 30
    pages = [*sorted((site / "validation").rglob("*.html")), site / "index.html", site / "code/architecture.html"]
    for path in pages:
        seen.page.goto(path.as_uri())
        seen.page.wait_for_load_state("networkidle")
        assert (
            seen.page.evaluate("document.querySelectorAll('article :is(iframe, object, embed, form, base)').length")
            == 0
        )
    seen.page.goto((site / "validation/cases.html").as_uri())
    seen.page.wait_for_selector(".ov-cases tbody tr")
    text = seen.page.inner_text(".ov-cases")
    assert "<script>alert(1)</script>" in text
    assert "{{ 7*7 }}" in text
    for button in seen.page.query_selector_all(".ov-row")[:31]:
        button.click()
    seen.page.wait_for_function("document.querySelectorAll('.ov-cases .ov-output').length === 31")
    assert seen.trouble == []


def test_what_an_author_puts_into_a_page_is_stopped_by_the_policy(site: Path, watch: Watcher) -> None:
    """Scripts, handlers and things of other hosts in a hand-written page do nothing, and the page can be read."""
    seen = watch()
    seen.page.goto((site / "by-hand.html").as_uri())
    seen.page.wait_for_load_state("networkidle")
    seen.page.click("#here")
    assert "By hand" in seen.page.inner_text("h1")
    # The browser tells of what it was about to ask for, and then that the policy did not let it.
    asked = [line.removeprefix("asked ") for line in seen.trouble if line.startswith("asked ")]
    assert {f"failed to load {url}: csp" for url in asked} <= set(seen.trouble)
    assert not [line for line in seen.trouble if line.startswith("ran")]


def test_the_explorer_searches_and_filters(site: Path, watch: Watcher) -> None:
    """Words narrow the list, an outcome narrows it, more can be shown."""
    seen = watch()
    seen.page.goto((site / "validation/cases.html").as_uri())
    seen.page.wait_for_selector(".ov-cases tbody tr")
    assert "331 of 331 tests" in seen.page.inner_text(".ov-tools + .ov-count")
    assert seen.page.locator(".ov-cases tbody tr").count() == 50
    seen.page.get_by_role("searchbox").fill("plain 299")
    assert "1 of 331 tests" in seen.page.inner_text(".ov-tools + .ov-count")
    seen.page.get_by_role("searchbox").fill("")
    seen.page.get_by_label("Outcome").select_option(label="passed")
    assert "300 of 331 tests" in seen.page.inner_text(".ov-tools + .ov-count")
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
    assert seen.page.locator("details:has(.ov-output)").count() == 31
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
