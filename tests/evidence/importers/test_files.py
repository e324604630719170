"""Result files whose format nobody named."""

from __future__ import annotations

import pytest

from overt.evidence.importers import guess_format, read_results
from overt.model import Exit, OvertError


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("<testsuites/>", "junit"),
        ('\ufeff<?xml version="1.0"?><!-- c -->\n<testsuite/>', "junit"),
        ("<coverage/>", "coverage-xml"),
        ('{"version": "2.1.0", "runs": []}', "sarif"),
        ('{"results": {"tests": []}}', "ctrf"),
        ('{"results": [{"command": "true"}]}', "hyperfine"),
        ('{"results": {}, "result_columns": ["result"], "stats": [-Infinity, NaN]}', "asv"),
        ('{"benchmarks": [], "version": "1.0"}', "pyperf"),
        ('{"benchmarks": [], "machine_info": {}}', "pytest-benchmark"),
    ],
)
def test_the_format_is_told_by_the_content(tmp_path, text, wanted):
    """Not by the name of the file."""
    (tmp_path / "file.txt").write_text(text)
    assert guess_format(tmp_path / "file.txt") == wanted


@pytest.mark.parametrize("text", ["", "hello", "<html/>", "{}", "{", "<a"])
def test_anything_else_is_refused(tmp_path, text):
    """With the file's name and exit status 3."""
    (tmp_path / "file.txt").write_text(text)
    with pytest.raises(OvertError) as caught:
        guess_format(tmp_path / "file.txt", "out/file.txt")
    assert caught.value.exit is Exit.UNCHECKED
    assert str(caught.value).startswith("out/file.txt")


def test_reading_turns_refusals_into_problems(tmp_path):
    """A file that cannot be understood is a problem of that file."""
    (tmp_path / "file.txt").write_text("hello")
    for name in ("file.txt", "missing.xml"):
        imported = read_results(tmp_path / name, suite="s", root=tmp_path)
        assert imported.records == ()
        assert imported.problems[0].where is not None
        assert imported.problems[0].where.path == name


def test_a_named_format_is_not_guessed(tmp_path):
    """A file of another format is named as such."""
    (tmp_path / "file.txt").write_text("<coverage/>")
    imported = read_results(tmp_path / "file.txt", suite="s", root=tmp_path, result_format="junit")
    assert "is not JUnit XML" in imported.problems[0].message


def test_a_format_that_does_not_exist_is_an_error(tmp_path):
    """With the nearest one."""
    with pytest.raises(OvertError, match=r"no format 'junt' \(did you mean 'junit'"):
        read_results(tmp_path / "x", suite="s", root=tmp_path, result_format="junt")
