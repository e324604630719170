"""Cobertura XML."""

from __future__ import annotations

from pathlib import Path

import pytest

from overt.evidence.importers.coverage import read_coverage

REPORT = Path(__file__).with_name("fixtures").joinpath("cobertura.xml").read_text()


@pytest.fixture
def read(tmp_path):
    def reading(text):
        (tmp_path / "coverage.xml").write_text(text)
        return read_coverage(tmp_path / "coverage.xml", suite="cov", root=tmp_path)

    return reading


def test_coverage_is_counted_from_its_lines(read):
    """Not taken from the rates of the header, which may say what they like."""
    imported = read(REPORT.replace('line-rate="0.75"', 'line-rate="1.0"'))
    assert not imported.problems
    assert [(one.name, one.value, one.unit) for one in imported.records] == [
        ("coverage.lines", 750_000, "ppm"),
        ("coverage.lines_hit", 3, "count"),
        ("coverage.lines_total", 4, "count"),
        ("coverage.branches", 500_000, "ppm"),
        ("coverage.branches_hit", 1, "count"),
        ("coverage.branches_total", 2, "count"),
    ]
    assert imported.records[0].id == "measure:cov:coverage.lines"


def test_a_file_in_two_classes_counts_once(read):
    """Inner classes repeat the lines of their file; a line hit anywhere is hit."""
    twice = '<class filename="A.java"><lines><line number="1" hits="0"/></lines></class>' * 2
    again = '<class filename="A.java"><lines><line number="1" hits="1"/></lines></class>'
    records = read(f"<coverage><packages>{again}{twice}</packages></coverage>").records
    assert [(one.name, one.value) for one in records][1:] == [("coverage.lines_hit", 1), ("coverage.lines_total", 1)]


def test_nearly_all_is_not_all(read):
    """A share is rounded down: 999,999 ppm are not a million."""
    lines = "".join(f'<line number="{number}" hits="{number > 1:d}"/>' for number in range(1, 3_000))
    value = read(f'<coverage><class filename="a"><lines>{lines}</lines></class></coverage>').records[0].value
    assert value == 2_998 * 1_000_000 // 2_999


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        (REPORT[:-20], "is truncated"),
        ('<coverage line-rate="1.0" lines-valid="900" lines-covered="900"/>', "lists no line"),
        ("<testsuites/>", "is not Cobertura XML: its root element is 'testsuites'"),
        ('<coverage><class filename="a"><line number="x" hits="1"/></class></coverage>', "without number or hits"),
        ('<!DOCTYPE c [<!ENTITY a "b">]><coverage/>', "declares entities"),
    ],
)
def test_what_measures_nothing_is_a_problem(read, text, words):
    """A header alone, a cut and another format are named."""
    imported = read(text)
    assert imported.records == ()
    assert words in imported.problems[0].message
