"""The case explorer in a real browser, with as many tests as large projects have."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest

from overt.evidence.records import TestCase
from overt.site.pages.cases import OUTCOMES, data, in_columns

pytestmark = pytest.mark.browser
PAGE = b"""<!doctype html><meta charset="utf-8"><title>Cases</title><link rel="stylesheet" href="../overt/overt.css">
<main><div id="ov-cases"></div></main><script src="../overt/overt.js"></script>"""
TESTS = 100_000


def _case(number: int) -> TestCase:
    name = f"tests/area_{number % 40}/test_{number % 1000}.py::test_behaviour[{number}]"
    bad = number % 1000 == 7
    return TestCase(
        id=f"test:unit:{name}",
        suite="unit",
        name=name,
        outcome="failed" if bad else "passed",
        duration_ns=number * 20_000,
        message=f"assert {number} is None" if bad else "",
        detail=f"assert {number} is None\nwhere {number} is <b>odd</b>" if bad else "",
    )


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page with the explorer of very many tests, and of a second small suite."""
    folder = tmp_path_factory.mktemp("explorer")
    other = TestCase(id="test:ui:tests/a b.py::test_x#1", suite="ui", name="tests/a b.py::test_x#1", outcome="skipped")
    some = [_case(number) for number in range(TESTS)]
    bad, good = ([case for case in some if (case.outcome == "failed") is wanted] for wanted in (True, False))
    counted = dict.fromkeys(OUTCOMES, 0) | {"failed": len(bad), "skipped": 1, "passed": len(good)}
    suites = (*[0] * len(bad), 1, *[0] * len(good))
    told = in_columns(("Unit tests", "Pages"), ("unit", "ui"), (*bad, other, *good), suites, counted)
    found = {
        f"overt/{name}": files("overt.site.assets").joinpath(name).read_bytes() for name in ("overt.js", "overt.css")
    }
    for path, content in {**data(told), **found, "validation/page.html": PAGE}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return (folder / "validation/page.html").as_uri()


@pytest.fixture
def seen(address: str, watch: Callable[..., Any]) -> Any:
    """The explorer, opened."""
    opened = watch()
    opened.page.goto(address)
    opened.page.wait_for_selector(".ov-cases tbody tr")
    return opened


def answer(page: Any) -> str:
    """What the explorer says that it found."""
    return str(page.inner_text(".ov-tools + .ov-count"))


def test_each_filter_narrows_and_all_of_them_together(seen: Any) -> None:
    """Outcome, suite, file, time and words, alone and at once."""
    page = seen.page
    assert answer(page) == "100,001 of 100,001 tests"
    page.get_by_label("Outcome").select_option(label="failed")
    assert answer(page) == "100 of 100,001 tests"
    page.get_by_label("Outcome").select_option(label="every outcome")
    page.get_by_label("Suite").select_option(label="Pages")
    assert answer(page) == "1 of 100,001 tests"
    page.get_by_label("Suite").select_option(label="Unit tests")
    page.get_by_label("File").fill("area_7/TEST_7.py")
    assert answer(page) == "100 of 100,001 tests"
    page.get_by_label("Time").select_option(label="1 s and more")
    assert answer(page) == "50 of 100,001 tests"
    page.get_by_role("searchbox", name="Search").fill("[99007]")
    assert answer(page) == "1 of 100,001 tests"
    page.get_by_role("searchbox", name="Search").fill("test_8.py::test_behaviour[99007]")
    assert answer(page) == "0 of 100,001 tests"
    page.get_by_role("searchbox", name="Search").fill("test_7.py::test_behaviour[99007]")
    assert answer(page) == "1 of 100,001 tests"
    assert seen.trouble == []


def test_the_slowest_come_first_when_asked(seen: Any) -> None:
    """The order is by time, over all tests, not only those that are shown."""
    seen.page.get_by_label("Order").select_option(label="slowest first")
    assert "test_behaviour[99999]" in seen.page.inner_text(".ov-cases tbody tr:first-child")
    assert seen.page.inner_text(".ov-cases tbody tr:first-child td:last-child") == "2.00 s"


def test_one_test_has_an_address_of_its_own(seen: Any, address: str) -> None:
    """A link leads to it and opens it; from there the way back to all is one button."""
    page = seen.page
    page.get_by_role("searchbox", name="Search").fill("[3007]")
    page.locator(".ov-row").click()
    page.get_by_role("link", name="Link to this test").click()
    assert page.url.endswith("#case=unit/tests/area_7/test_7.py::test_behaviour%5B3007%5D")
    page.wait_for_function("document.querySelector('.ov-count').textContent.includes('the address names')")
    page.goto("about:blank")
    page.goto(f"{address}#case=unit/tests/area_7/test_7.py::test_behaviour%5B3007%5D")
    page.wait_for_function(
        "(document.querySelector('.ov-output') || {}).textContent?.includes('where 3007 is <b>odd</b>')"
    )
    assert page.locator(".ov-row").count() == 1
    page.get_by_role("button", name="Show every test").click()
    assert answer(page) == "100,001 of 100,001 tests"
    assert "#" not in page.url
    assert seen.trouble == []


def test_an_address_may_hold_anything_and_name_nothing(seen: Any, address: str) -> None:
    """Spaces and signs of a name survive; an unknown or broken one is said to be unknown."""
    page = seen.page
    for hash_, wanted in (
        ("#case=ui/tests/a%20b.py::test_x%231", "1 of 100,001 tests, the one that the address names"),
        ("#case=unit/tests/gone.py::test_x", "There is no test of that name in these results."),
        ("#case=unit/%E0%A4%A", "There is no test of that name in these results."),
        ("#failures", "100,001 of 100,001 tests"),
    ):
        page.goto("about:blank")
        page.goto(address + hash_)
        page.wait_for_function("wanted => document.querySelector('.ov-count')?.textContent === wanted", arg=wanted)
    assert seen.trouble == []


def test_it_is_used_with_the_keyboard_alone(seen: Any) -> None:
    """Tab reaches the fields, arrows go from test to test, Enter opens one and closes it."""
    page = seen.page
    page.get_by_role("searchbox", name="Search").fill("[1007")
    page.locator(".ov-row").first.focus()
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.textContent") == "test_behaviour[1007]"
    page.keyboard.press("Enter")
    page.wait_for_selector(".ov-output")
    assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "true"
    page.keyboard.press("Enter")
    assert page.locator(".ov-output").count() == 0
    page.get_by_role("searchbox", name="Search").fill("behaviour")
    page.locator(".ov-row").first.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("[...document.querySelectorAll('.ov-row')].indexOf(document.activeElement)") == 1
