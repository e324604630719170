"""Every kind of page at two widths, in light and dark: to be seen, named, in order, and within the screen."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import axe_playwright_python
import pytest

from overt.site.build import build

pytestmark = pytest.mark.browser
Watcher = Callable[..., Any]
WIDTHS = (1440, 390)
TOML = """
[suites.unit]
kind = "import"
files = ["results.xml"]
format = "junit"

[suites.hidden]
kind = "hidden-state"

[suites.never]
kind = "import"
files = ["absent.xml"]
format = "junit"

[claims.passing]
text = "Every test passes"
expect = "suites.unit.failed == 0"
"""
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
"""The rules of axe-core: contrast, names, headings, landmarks, places, what the keyboard reaches."""

FAULTS = """
async () => {
  const article = document.querySelector('article'), found = [];
  // What is loaded over the network cannot be read again from disk; it is on the page already.
  const told = await axe.run(document, {resultTypes: ['violations'], preload: false});
  for (const rule of told.violations)
    for (const node of rule.nodes) found.push(`${rule.id}: ${node.html.slice(0, 160)}`);
  if (!told.passes.length) found.push('nothing was looked at');
  const ids = [...document.querySelectorAll('[id]')].map(element => element.id);
  for (const link of article.querySelectorAll('a[href^="#"]'))
    if (!ids.includes(decodeURIComponent(link.hash.slice(1)))) found.push(`leads nowhere: ${link.hash}`);
  const beyond = document.documentElement.scrollWidth - innerWidth;
  if (beyond > 0) found.push(`${beyond} pixels beyond the screen`);
  return found;
}
"""
"""What is wrong with a page, in words."""


@pytest.fixture(scope="module")
def pages(
    shared_project: Callable[..., Path], junit: Callable[..., str], run_suites: Callable[[Path], None]
) -> dict[str, str]:
    """One page of each kind of a built site: its path to its address."""
    long = "a_name_without_any_place_to_break_it_" * 4
    held = {"results.xml": junit((long, "test_a", "test_b"), ("test_fails",)), "docs/claims.md": "# Held\n\nText.\n"}
    held["src/shop/state.py"] = '"""State."""\n\nSEEN: dict[str, int] = {}\n\n\ndef see() -> None:\n    SEEN["a"] = 1\n'
    root = shared_project(held, TOML)
    run_suites(root)
    build(root, strict=False)
    site = root / "site"
    chosen = sorted((site / "validation").rglob("*.html"))
    chosen += [site / "index.html", *sorted((site / "code").rglob("*.html")), site / "rules/OV202.html"]
    chosen += sorted((site / "rules").glob("index.html")) + sorted((site / "training").glob("*.html"))[:2]
    return {path.relative_to(site).as_posix(): path.as_uri() for path in chosen}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_page_can_be_seen_named_and_reached(pages: dict[str, str], watch: Watcher, scheme: str) -> None:
    """Contrast, names, headings, places, and nothing beyond the edge of the screen, wide and narrow."""
    assert {"index.html", "validation/index.html", "validation/claims.html", "code/architecture.html"} <= set(pages)
    seen = watch(scheme=scheme)
    faults: dict[str, list[str]] = {}
    for name, address in pages.items():
        seen.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        seen.page.goto(address)
        seen.page.evaluate(AXE.read_text("utf-8"))
        if name == "validation/cases.html":
            seen.page.wait_for_selector(".ov-cases tbody tr")
        for width in WIDTHS:
            seen.page.set_viewport_size({"width": width, "height": 900})
            seen.page.wait_for_function(f"innerWidth === {width}")
            # Tables are wrapped in one frame, and made reachable in the next.
            seen.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            if found := seen.page.evaluate(FAULTS):
                faults[f"{name} at {width}"] = found
    assert not faults, json.dumps(faults, indent=1)
    assert seen.trouble == []


def test_each_page_of_the_report_begins_with_its_verdict(pages: dict[str, str]) -> None:
    """State, sentence and what it was measured on stand before everything else, method and limits at the end."""
    plain = {"validation/cases.html", "validation/review.html", "validation/slowest.html"}
    for name, address in pages.items():
        if (name.startswith("validation/") and name not in plain) or name == "code/architecture.html":
            article = Path(unquote(urlsplit(address).path)).read_text("utf-8").partition("<article")[2]
            begin, _, rest = article.partition("</h1>")[2].partition('class="ov-lead')
            assert rest, name
            assert not re.search(r"<(?:p|h2|table|ul)\b", begin), name
            assert 'class="ov-measured"' in rest[:1200], name
            assert ">Method and limits<" in rest, name
