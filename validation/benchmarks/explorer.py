"""How long the case explorer takes to answer a search, in Chromium, with 100,000 test cases.

Run it with `python validation/benchmarks/explorer.py`. The data is what `report_scale.py` makes of its corpus, the page
is a bare one with the script and the style that sites ship. Each search is timed inside the page by `performance.now`,
from the moment the field or the filter has changed until the answer is laid out; it is wall time, so that another
program on the machine counts. Every search runs several times; the figure of each is its median, and the slowest of
these is held against the limit.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))  # its neighbour is no package
from report_scale import pages, record, write_corpus

LIMIT_MS = 200.0
"""The longest that an answer may take."""

SEARCHES: tuple[dict[str, str], ...] = (
    *({"Search": words} for words in ("c", "cart", "test_", "token 17", "cart total refund", "99_999", "zzz", "A-B")),
    *(
        {"Search": words}
        for words in ("area_07", "test_module", "not on this system", "assert 17", "testcart::test_cart")
    ),
    {"Outcome": "failed"},
    {"Outcome": "passed"},
    {"Outcome": "skipped", "Search": "order"},
    {"Time": "1 s and more"},
    {"Order": "slowest first"},
    {"Order": "slowest first", "Search": "page", "Time": "100 ms and more"},
    {"File": "area_1"},
    {"File": "area_03", "Search": "login", "Outcome": "passed"},
    {},
)
"""What is asked: by label of a field or a filter, what it is set to; everything else is as at first."""

_PAGE = """<!doctype html><meta charset="utf-8"><title>Cases</title><link rel="stylesheet" href="../overt/overt.css">
<main class="md-typeset"><div id="ov-cases"></div></main><script src="../overt/overt.js"></script>"""

_ASK = """
([wanted, first]) => {
  const labels = [...document.querySelectorAll(".ov-tools label")];
  const controls = Object.fromEntries(labels.map(label => [label.firstChild.textContent, label.lastElementChild]));
  const value = (control, text) => control.tagName === "INPUT" ? text
    : text === "" ? "" : [...control.options].find(option => option.textContent === text).value;
  const set = (label, text) => {
    const control = controls[label], next = value(control, text);
    if (control.value === next) { return 0; }
    control.value = next;
    const began = performance.now();
    control.dispatchEvent(new Event(control.tagName === "INPUT" ? "input" : "change", {bubbles: true}));
    document.body.getBoundingClientRect();
    return performance.now() - began;
  };
  for (const [label, text] of Object.entries(first)) { set(label, text); }
  const took = Object.entries(wanted).map(([label, text]) => set(label, text));
  if (!took.length) { took.push(set("Search", "q"), set("Search", "")); }
  return [Math.max(...took), document.querySelector(".ov-tools + .ov-count").textContent];
}
"""
_FIRST = {"Search": "", "File": "", "Outcome": "every outcome", "Time": "any time", "Order": "outcome, then name"}


def write_site(folder: Path, tests: int) -> Path:
    """Write the data of so many tests and a page that shows them; return its path."""
    from overt.site import assets

    write_corpus(folder / "results.xml", tests)
    record(folder)
    pages(folder)
    (folder / "out/overt").mkdir(exist_ok=True)
    for name in ("overt.js", "overt.css"):
        shipped = Path(assets.__path__[0]) / name
        (folder / "out/overt" / name).write_bytes(shipped.read_bytes())
    page = folder / "out/validation/page.html"
    page.write_text(_PAGE)
    return page


def measure(page: Path, rounds: int, browser: str) -> tuple[float, list[dict[str, Any]]]:
    """Return the milliseconds from the start of the page to the first list, and a figure for each search."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        tab = chromium.new_page()
        tab.goto(page.as_uri())
        tab.wait_for_selector(".ov-cases tbody tr")
        loaded = tab.evaluate("performance.now()")
        found = []
        for search in SEARCHES:
            asked = [tab.evaluate(_ASK, [search, _FIRST]) for _ in range(rounds)]
            times = [took for took, _ in asked]
            found.append({"search": search, "ms": statistics.median(times), "most": max(times), "answer": asked[0][1]})
        chromium.close()
    return loaded, found


def main() -> int:
    """Measure, tell the figures, and exit 1 when an answer takes longer than the limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tests", type=int, default=100_000, help="how many test cases (default: 100000)")
    parser.add_argument("--rounds", type=int, default=5, help="how often each search runs (default: 5)")
    parser.add_argument("--browser", default="/usr/bin/chromium", help="the browser (default: /usr/bin/chromium)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        loaded, found = measure(write_site(Path(folder), options.tests), options.rounds, options.browser)
    slowest = max(one["ms"] for one in found)
    if options.json:
        told = {
            "tests": options.tests,
            "loaded_ms": loaded,
            "slowest_ms": slowest,
            "limit_ms": LIMIT_MS,
            "searches": found,
        }
        print(json.dumps(told))
    else:
        for one in found:
            print(f"{one['ms']:8.1f} ms, at most {one['most']:6.1f}   {one['answer']:28} {one['search']}")
        print(
            f"{options.tests} tests: shown after {loaded:.0f} ms, slowest answer {slowest:.1f} ms (limit {LIMIT_MS:g})"
        )
    return 1 if slowest > LIMIT_MS else 0


if __name__ == "__main__":
    sys.exit(main())
