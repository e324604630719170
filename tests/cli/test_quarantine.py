"""Quarantine, as a user of `overt validate` sees it."""

from __future__ import annotations

import json

import pytest

from overt.cli.main import main
from overt.evidence.history_file import read_history

TESTS = "def test_good():\n    assert 1 + 1 == 2\n\n\ndef test_bad():\n    assert 1 + 1 == 3\n"
TOML = """
[project]
name = "shop"
packages = ["shop"]

[suites.unit]
kind = "pytest"
args = ["tests", "-p", "no:randomly"]

[[quarantine]]
test = "tests/test_shop.py::test_bad"
reason = "counts with another clock"
owner = "ann"
until = {until}
issue = "shop#12"

[[quarantine]]
test = "tests/test_shop.py::test_gone"
reason = "was flaky"
owner = "bob"
until = 9999-12-31

[[quarantine]]
test = "tests/test_shop.py::test_good"
reason = "was flaky"
owner = "bob"
until = 9999-12-31
"""


@pytest.fixture
def validate(tmp_path, capsys):
    """Run the suite of a shop whose failing test is in quarantine until a day."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/__init__.py").write_text("")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_shop.py").write_text(TESTS)

    def run(until: str, *arguments: str):
        (tmp_path / "overt.toml").write_text(TOML.format(until=until))
        status = main(["validate", "-C", str(tmp_path), *arguments])
        return status, capsys.readouterr().out

    return run


def test_quarantine_is_said_loudly(validate):
    """With reason, owner, date and issue; an entry without a test and one whose test passes are told."""
    status, out = validate("9999-12-31")
    assert status == 0
    assert "QUARANTINE: 1 test failed and refute nothing, for now:\n  unit: tests/test_shop.py::test_bad\n" in out
    assert "      counts with another clock (overt.toml:10)\n      ann mends it until 9999-12-31: shop#12\n" in out
    assert "overt.toml:17: no test of these suites is named tests/test_shop.py::test_gone" in out
    assert "overt.toml:23: tests/test_shop.py::test_good is in quarantine and passed" in out
    status, out = validate("9999-12-31", "--json")
    document = json.loads(out)
    assert [one["where"] for one in document["quarantine"]] == ["overt.toml:10"]
    assert (document["suites"][0]["state"], document["suites"][0]["counts"]["passed"]) == ("proved", 1)


def test_the_run_is_remembered_without_quarantine(validate, tmp_path):
    """As it was measured; the line stands in the history when the command has ended."""
    validate("9999-12-31")
    (entry,) = read_history(tmp_path).entries
    assert (entry.suite, entry.outcome) == ("unit", "refuted")
    assert entry.tests == {"tests/test_shop.py::test_bad": "f"}


def test_past_its_day_quarantine_is_over(validate):
    """Exit 1, with the line of the entry."""
    status, out = validate("2001-01-01")
    assert status == 1
    assert "QUARANTINE" not in out
    status, out = validate("2001-01-01", "--json")
    assert (
        "overt.toml:10: the quarantine of tests/test_shop.py::test_bad ended" in json.loads(out)["suites"][0]["reason"]
    )
