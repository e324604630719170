"""`overt review --ci`: the range is found, the checklist recorded and published, and the same everywhere."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from overt.cli.main import main
from overt.evidence.ledger import open_ledger


def git(root: Path, *arguments: str) -> str:
    who = {f"GIT_{role}_{what}": "x@y.z" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    done = subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, env={**os.environ, **who})
    return done.stdout.decode().strip()


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose newest commit changes source without its test; the service names the commit before."""
    root = tmp_path / "shop"
    (root / "tests").mkdir(parents=True)
    git(root, "init", "-q", "-b", "main")
    (root / "cart.py").write_text("TAX = 1\n")
    (root / ".gitignore").write_text(".overt/\n")
    (root / "tests" / "test_cart.py").write_text("def test_tax():\n    assert True\n")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "one")
    (root / "cart.py").write_text("TAX = 2\n")
    git(root, "commit", "-q", "-am", "two")
    monkeypatch.delenv("OVERT_REVIEW_BASE", raising=False)
    monkeypatch.setenv("CI_COMMIT_BEFORE_SHA", git(root, "rev-parse", "HEAD~1"))
    return root


def test_the_range_is_reviewed_recorded_and_published(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The log names what is refuted, the whole checklist lies in a file and behind what the summary held."""
    summary = tmp_path / "summary.md"
    summary.write_text("# Before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert main(["review", "-C", str(shop), "--ci", "--fail-on", "refuted"]) == 1
    said = capsys.readouterr().out
    assert "  REFUTED: source-has-tests: " in said
    assert said.endswith("The checklist: .overt/review/checklist.md, the summary of the job\n")
    whole = (shop / ".overt/review/checklist.md").read_text()
    assert "## Refuted" in whole
    assert summary.read_text() == "# Before\n" + whole
    assert (shop / ".overt/review/comment.md").read_text() == whole
    [run] = open_ledger(shop).runs
    assert [suite.name for suite in run.manifest.plan.suites] == ["review"]
    assert not run.manifest.subject.dirty


def test_what_is_tolerated_is_told_and_does_not_fail(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A slip of the pen in its name is no tolerance."""
    arguments = ["review", "-C", str(shop), "--ci", "--fail-on", "refuted", "--tolerate"]
    assert main([*arguments, "source-has-tests"]) == 0
    assert "  told, does not fail here: source-has-tests" in capsys.readouterr().out
    assert main([*arguments, "source-has-test"]) == 2
    assert "did you mean 'source-has-tests'?" in capsys.readouterr().err


def test_a_guessed_range_fails_nothing_and_proves_nothing(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another part of what lands may bring the test."""
    monkeypatch.delenv("CI_COMMIT_BEFORE_SHA")
    for fails in ("refuted", "never"):
        assert main(["review", "-C", str(shop), "--ci", "--fail-on", fails]) == 3
        assert "UNCHECKED: nothing says since when this lands" in capsys.readouterr().out


def test_a_clone_of_one_commit_is_said_to_be_unchecked(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the log and in the summary, and nothing is recorded."""
    summary, alone = tmp_path / "summary.md", tmp_path / "alone"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{shop}", str(alone))
    assert main(["review", "-C", str(alone), "--ci", "--fail-on", "refuted"]) == 3
    assert "nothing was reviewed" in capsys.readouterr().err
    assert summary.read_text().startswith("# Review\n\nUnchecked: nothing was reviewed: ")
    assert open_ledger(alone).runs == ()


def test_a_summary_never_grows_beyond_what_the_service_shows(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One MiB; where there is no room left, nothing is added, and where it cannot be written, nothing else fails."""
    summary = tmp_path / "summary.md"
    summary.write_bytes(b"x" * 1_048_576)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert main(["review", "-C", str(shop), "--ci", "--fail-on", "never"]) == 0
    assert summary.stat().st_size == 1_048_576
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "no" / "folder.md"))
    assert main(["review", "-C", str(shop), "--ci", "--fail-on", "never"]) == 0


@pytest.mark.parametrize("wrong", [["main...HEAD"], ["--base", "main"], ["--dirty"]])
def test_a_range_beside_ci_is_refused(shop: Path, wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """One of the two would not be reviewed."""
    assert main(["review", "-C", str(shop), "--ci", *wrong]) == 2
    assert "--ci finds the range by itself" in capsys.readouterr().err


SERVICES = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_WORKSPACE": "/somewhere/else",
    "GITHUB_SHA": "0" * 40,
    "GITLAB_CI": "true",
    "CI": "true",
    "COLUMNS": "20",
    "TZ": "Pacific/Auckland",
    "LANG": "tr_TR.UTF-8",
    "LC_ALL": "tr_TR.UTF-8",
    "PYTHONHASHSEED": "7",
    "FORCE_COLOR": "1",
}


@pytest.mark.parametrize("form", ["md", "github", "json", "sarif"])
def test_a_service_and_a_laptop_get_the_same_bytes(
    shop: Path, form: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever the variables of the one say, and wherever the repository lies on the other."""
    arguments = ["review", "HEAD~1...HEAD", "--no-run", "--format", form]
    main([*arguments, "-C", str(shop)])
    here = capsys.readouterr().out
    other = shop.parent / "a folder with another name"
    git(shop.parent, "clone", "-q", str(shop), str(other))
    for name, value in SERVICES.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(other)
    main(arguments)
    assert capsys.readouterr().out == here
    assert not re.search(r"\b20\d\d-\d\d-\d\d", here)
