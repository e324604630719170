"""The page of trends is small and is made in time that grows as the history does, not faster."""

from __future__ import annotations

import sys
from types import FrameType

import pytest

from overt.evidence.history_file import HISTORY, parse_history
from overt.site.inputs import SiteInputs
from overt.site.pages.trends import trends

RUNS = (250, 500, 1000, 2000)
LIMIT = 100_000
GROWTH = 1.05
"""Most that the work for one run may be at 2,000 runs, by what it is at 500."""


def page(data: bytes) -> bytes:
    """Make the page from the file of a history."""
    return trends(SiteInputs(project="shop", history=parse_history(data, HISTORY))).encode()


class Counter:
    """Counts calls of functions, of Python and of C: the same on every machine, whatever else it does."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:
        """Count one event of the interpreter."""
        self.calls += event in {"call", "c_call"}


def work(data: bytes) -> int:
    """Return how many functions are called to make the page."""
    counter = Counter()
    before = sys.getprofile()
    sys.setprofile(counter)
    try:
        page(data)
    finally:
        sys.setprofile(before)
    return counter.calls


def test_the_work_for_one_run_does_not_grow(made, record_measure):
    """Calls are counted while the history is read and the page is made."""
    each = {runs: work(made(runs)) / runs for runs in RUNS}
    for runs, calls in each.items():
        record_measure(f"history.calls_per_run_of_{runs}", round(calls))
    assert each[2000] <= GROWTH * each[500]
    assert each[1000] <= GROWTH * each[500]
    assert each[500] <= GROWTH * each[250]


def test_the_count_would_show_work_that_grows():
    """The control: going through all earlier runs for each run doubles the work for one run."""

    def quadratic(runs: int) -> int:
        counter = Counter()
        before = sys.getprofile()
        sys.setprofile(counter)
        try:
            for run in range(runs):
                for earlier in range(run):
                    len((earlier,))
        finally:
            sys.setprofile(before)
        return counter.calls

    assert quadratic(500) / 500 > 1.9 * quadratic(250) / 250


@pytest.mark.parametrize("runs", RUNS)
def test_the_text_of_the_page_stays_small(made, runs):
    """Of what the page may have, a share is left for the theme and the navigation."""
    assert len(page(made(runs, suites=30 if runs <= 1000 else 6))) < 0.6 * LIMIT


def test_the_built_page_stays_below_100_kb(made, tmp_path, record_measure):
    """HTML of a whole build, over a thousand runs of thirty suites with twenty benchmarks and checks for leaks."""
    from overt.cli.main import main

    root = tmp_path / "shop"
    for name, text in {
        "overt.toml": '[project]\nname = "shop"\npackages = ["shop"]\n',
        "shop/__init__.py": '"""A shop."""\n',
        "docs/start.md": "# Start\n",
        "mkdocs.yml": "site_name: shop\ntheme:\n  name: material\n  font: false\nplugins:\n  - search\n  - overt\n",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / HISTORY).parent.mkdir(parents=True)
    (root / HISTORY).write_bytes(made(1000, suites=30))
    main(["build", "-C", str(root), "--no-strict"])
    built = next(path for path in (root / "site").rglob("*.html") if "trends" in path.as_posix())
    data = built.read_bytes()
    record_measure("history.trends_html", len(data), unit="bytes")
    assert b"Flaky tests" in data
    assert data.count(b"<svg") > 20
    assert len(data) < LIMIT
