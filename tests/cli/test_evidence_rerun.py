"""`overt evidence verify --rerun`, as a user types it, in a repository of its own."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from overt.cli.main import main
from overt.evidence.ledger import open_ledger
from overt.evidence.records import Rerun

CAMPAIGN = """
[project]
name = "shop"
python = "{python}"
sources = ["*.py"]
[suites.unit]
kind = "pytest"
args = ["-p", "no:randomly"]
[suites.never]
kind = "command"
command = ["true"]
"""
TESTS = """
import pathlib
def test_a(): pass
def test_b(): assert not pathlib.Path(".overt/breaks").exists()
"""


def git(root, *arguments):
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments]
    subprocess.run(command, cwd=root, check=True, capture_output=True)


@pytest.fixture
def overt(tmp_path, capsys, monkeypatch):
    """Run overt in a committed project and return exit status, output and errors."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    root = tmp_path / "shop"
    root.mkdir()
    (root / "overt.toml").write_text(CAMPAIGN.format(python=sys.executable))
    (root / "test_a.py").write_text(TESTS)
    (root / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider\n")
    (root / ".gitignore").write_text(".overt/\n__pycache__/\n")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "all")

    def run(verb: str, *arguments: str, where=root):
        status = main([verb, "-C", str(where), *arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    run.root = root
    return run


def again(overt, *arguments, **where):
    return overt("evidence", "verify", *arguments, "--rerun", "unit", **where)


def test_a_rerun_that_agrees_is_recorded_as_the_grade(overt):
    """The second run holds what it was compared with, and `verify` says so from then on."""
    assert overt("validate", "--suite", "unit")[0] == 0
    (first,) = open_ledger(overt.root).runs
    status, out, _ = again(overt)
    assert status == 0
    assert f"re-run agrees: unit came to the same 2 observations as in {first.name}" in out
    second, _ = open_ledger(overt.root).runs
    (found,) = second.of(Rerun)
    assert (found.of, found.seal, found.agrees) == (first.name, first.manifest.seal, True)
    status, out, _ = overt("evidence", "verify", "--json")
    assert status == 0
    assert [one["grades"] for one in json.loads(out)["runs"]] == [{"unit": "re-run"}, {"unit": "self-reported"}]
    assert "re-run: unit" in overt("evidence", "verify")[1]


def test_a_rerun_that_differs_says_where(overt):
    """With the status of something that does not hold."""
    overt("validate", "--suite", "unit")
    (overt.root / ".overt/breaks").touch()
    status, out, _ = again(overt)
    assert status == 1
    assert "  test test_a.py::test_b: passed, and failed now" in out
    status, out, _ = again(overt, open_ledger(overt.root).runs[1].name, "--json")
    assert (status, json.loads(out)["agrees"]) == (1, False)


def test_a_work_tree_that_differs_is_refused_with_a_way_out(overt, tmp_path):
    """And in a work tree of that commit the same run can be compared with, by its folder."""
    overt("validate", "--suite", "unit")
    (first,) = open_ledger(overt.root).runs
    (overt.root / "test_a.py").write_text(TESTS + "def test_c(): pass\n")
    status, _, err = again(overt)
    assert status == 3
    assert "the work tree has changes" in err
    git(overt.root, "commit", "-q", "-a", "-m", "more")
    status, _, err = again(overt)
    assert (status, "git worktree add ../again" in err) == (3, True)
    assert len(open_ledger(overt.root).runs) == 1
    git(overt.root, "worktree", "add", "-q", str(tmp_path / "again"), first.manifest.subject.commit)
    assert again(overt, str(first.folder), where=tmp_path / "again")[0] == 0


def test_what_cannot_be_compared_is_not_run(overt):
    """A suite that no run has, no suite of the campaign, a damaged run, several runs."""
    overt("validate", "--suite", "unit")
    (first,) = open_ledger(overt.root).runs
    assert overt("evidence", "verify", "--rerun", "never")[0] == 3
    assert overt("evidence", "verify", "--rerun", "unti")[0] == 3
    assert again(overt, first.name, str(first.folder.parent))[0] == 0  # one and the same run
    again(overt)
    assert again(overt, str(first.folder.parent))[0] == 2
    path = first.folder / "records/1-of-1.jsonl"
    path.write_bytes(path.read_bytes().replace(b"passed", b"failed"))
    status, _, err = again(overt, first.name)
    assert (status, "was edited" in err) == (3, True)
