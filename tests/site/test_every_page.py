"""Every kind of page at two widths, in light and dark: to be seen, named, in order, and within the screen."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
FAULTS = """
() => {
  const article = document.querySelector('article'), found = [];
  const parts = colour => colour.match(/[\\d.]+/g).map(Number);
  const over = (top, below, share) => below.map((part, index) => part + (top[index] - part) * share);
  const chain = element => element ? [...chain(element.parentElement), element] : [];
  const ground = element => chain(element).reduce((below, one) => {
    const colour = parts(getComputedStyle(one).backgroundColor);
    return over(colour, below, colour[3] ?? 1);
  }, [255, 255, 255]);
  const light = colour => {
    const [red, green, blue] = colour.map(part => part / 255)
      .map(part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
    return .2126 * red + .7152 * green + .0722 * blue;
  };
  const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement, text = walker.currentNode.data.trim();
    if (!text || element.closest('svg, .headerlink, .md-status') || !element.checkVisibility()) continue;
    const behind = ground(element), colour = parts(getComputedStyle(element).color);
    const share = chain(element).reduce((share, one) => share * getComputedStyle(one).opacity, colour[3] ?? 1);
    const [one, other] = [light(over(colour, behind, share)), light(behind)].sort((a, b) => b - a);
    if ((one + .05) / (other + .05) < 4.5) found.push(`hard to see: ${text}`);
  }
  const named = element => element.textContent.trim() || element.labels?.length || element.title
    || element.getAttribute('aria-label') || element.querySelector('img[alt]');
  for (const element of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary'))
    if (element.checkVisibility() && !named(element)) found.push(`without a name: ${element.outerHTML}`);
  for (const image of article.querySelectorAll('img:not([alt]), img[alt=""], svg:not([aria-hidden]):not([aria-label])'))
    found.push(`without words: ${image.outerHTML.slice(0, 120)}`);
  let last = 0;
  for (const heading of article.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
    const level = Number(heading.tagName[1]);
    if (level > last + 1) found.push(`heading ${level} after ${last}: ${heading.textContent}`);
    last = level;
  }
  for (const name of ['h1', 'main', 'title'])
    if (document.querySelectorAll(`head ${name}, body :not(svg) > ${name}`).length !== 1) found.push(`not one ${name}`);
  const ids = [...document.querySelectorAll('[id]')].map(element => element.id);
  for (const id of ids.filter((id, index) => ids.indexOf(id) !== index)) found.push(`twice: #${id}`);
  for (const link of article.querySelectorAll('a[href^="#"]'))
    if (!ids.includes(decodeURIComponent(link.hash.slice(1)))) found.push(`leads nowhere: ${link.hash}`);
  for (const box of article.querySelectorAll('.md-typeset__scrollwrap, .ov-chart'))
    if (box.scrollWidth > box.clientWidth + 1 && box.tabIndex < 0) found.push(`no keyboard: ${box.className}`);
  const beyond = document.documentElement.scrollWidth - innerWidth;
  if (beyond > 0) found.push(`${beyond} pixels beyond the screen`);
  return found;
}
"""
"""What is wrong with a page, in words; foregrounds and grounds are mixed as a browser does."""


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
    chosen += [site / "index.html", *sorted((site / "code").rglob("*.html")), *sorted((site / "rules").glob("OV202*"))]
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
