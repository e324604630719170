"""Files for other tools beside the report, from the same records."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest

from overt.evidence.fact_records import Fact
from overt.evidence.facts import Facts
from overt.evidence.records import FindingSeen, Scan
from overt.model import Finding, Location, State
from overt.site.inputs import SiteInputs
from overt.site.pages import downloads
from overt.site.render import render

FOUND = FindingSeen(
    id="finding:hidden-state:a", suite="hidden-state", finding=Finding("OV202", "shared", Location("src/a.py", 3))
)
SCAN = Scan(id="scan:hidden-state:overt", suite="hidden-state", tool="overt", files=2)


def test_what_was_recorded_last_of_each_suite_is_written_for_other_tools(view, case) -> None:
    """Tests of all suites in one file, findings in another, every fact with its state; the report leads to them."""
    facts = Facts((), {"tests.passed": Fact("tests.passed", 1, "count", State.STALE, "its inputs changed")})
    suites = (
        view(case("a.py::test_one"), case("a.py::test_two", "failed")),
        view(SCAN, FOUND, name="hidden-state", kind="hidden-state"),
    )
    pages = render(SiteInputs(project="shop", suites=suites, facts=facts))
    tests = ET.fromstring(pages["validation/data/tests.junit.xml"]).iter("testcase")
    assert sorted(str(test.get("name")) for test in tests) == ["test_one", "test_two"]
    assert len(json.loads(pages["validation/data/tests.ctrf.json"])["results"]["tests"]) == 2
    [run] = json.loads(pages["validation/data/findings.sarif"])["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["OV202"]
    told = json.loads(pages["validation/data/facts.json"])["facts"]
    assert [(fact["name"], fact["value"], fact["state"]) for fact in told] == [("tests.passed", 1, "stale")]
    report = pages["validation/index.md"].decode()
    for name in ("tests.junit.xml", "tests.ctrf.json", "findings.sarif", "facts.json"):
        assert f"data/{name}" in report


def test_nothing_recorded_is_nothing_to_download() -> None:
    """No heading without a file."""
    pages = render(SiteInputs(project="shop"))
    assert "Downloads" not in pages["validation/index.md"].decode()


def test_too_many_tests_are_left_out_and_said(view, case, monkeypatch: pytest.MonkeyPatch) -> None:
    """A site is no archive: the command that writes them is named."""
    monkeypatch.setattr(downloads, "MOST_TESTS", 1)
    inputs = SiteInputs(
        project="shop",
        suites=(view(case("a"), case("b")), view(SCAN, FOUND, name="hidden-state", kind="hidden-state")),
    )
    pages = render(inputs)
    assert "validation/data/tests.junit.xml" not in pages
    assert "2 tests are too many for a page" in pages["validation/index.md"].decode()
