"""`overt review` from the command line."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from overt.cli.main import main
from overt.evidence.ledger import open_ledger
from overt.evidence.records import ReviewItem
from overt.review.rules import IDS


def git(root: Path, *arguments: str) -> None:
    who = {f"GIT_{role}_{what}": "x@y.z" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, env={**os.environ, **who})


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository whose branch changes source without its test."""
    root = tmp_path / "shop"
    (root / "tests").mkdir(parents=True)
    git(root, "init", "-q", "-b", "main")
    (root / "cart.py").write_text("TAX = 1\n")
    (root / "tests" / "test_cart.py").write_text("def test_tax():\n    assert True\n")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "one")
    git(root, "checkout", "-q", "-b", "work")
    (root / "cart.py").write_text("TAX = 2\n")
    git(root, "commit", "-q", "-am", "two")
    return root


def test_a_branch_is_reviewed_against_the_main_branch(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Refuted items exit 1 and come first."""
    assert main(["review", "-C", str(shop)]) == 1
    shown = capsys.readouterr().out
    assert "## Refuted\n\n- [ ] **Source changed, so tests changed**: 1 source file changed and no test did" in shown
    assert "- [x] **No new hidden state**" in shown


def test_json_holds_every_item_with_its_proof(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same facts for another program."""
    assert main(["review", "-C", str(shop), "main...work", "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [item["id"] for item in told["items"]] == list(IDS)
    by = {item["id"]: item for item in told["items"]}
    assert by["source-has-tests"]["group"] == "refuted"
    assert by["small-enough"]["proof"]["command"].startswith("git diff ")
    assert len(by["small-enough"]["proof"]["inputs_sha256"]) == 64
    assert (told["files"], told["added"], told["deleted"]) == (1, 1, 1)


def test_the_same_range_gives_the_same_bytes(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Locally and anywhere else."""
    main(["review", "-C", str(shop)])
    first = capsys.readouterr().out
    main(["review", "-C", str(shop)])
    assert capsys.readouterr().out == first


def test_a_review_can_be_recorded(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each item with its state, for the difference between two commits."""
    assert main(["review", "-C", str(shop), "--record"]) == 1
    [run] = open_ledger(shop).runs
    assert f"recorded in run {run.name}" in capsys.readouterr().err
    assert run.damage == ()
    items = {record.item: record for record in run.of(ReviewItem)}
    always = {"no-secrets", "evidence-is-fresh", "small-enough"}
    assert set(items) == {"source-has-tests", "no-new-hidden-state", *always}
    assert items["source-has-tests"].state == "refuted"
    heads = {(record.base, record.head) for record in items.values()}
    assert [(len(base), len(head)) for base, head in heads] == [(40, 40)]


def test_one_rule_can_be_asked(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 0 when it holds."""
    assert main(["review", "-C", str(shop), "--only", "small-enough"]) == 0
    assert capsys.readouterr().out.count("- [x]") == 1


def test_an_empty_range_is_never_green(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing was reviewed, so nothing is proved."""
    assert main(["review", "-C", str(shop), "work...work"]) == 3
    assert "Nothing differs, so nothing was reviewed." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere"], "there is no commit 'nowhere' here"),
        (["--base=--upload-pack=x"], "is no name of a commit"),
        (["--only", "small-enuogh"], "did you mean 'small-enough'?"),
        (["--explain", "small"], "there is no review rule 'small'"),
        (["main...work", "--dirty"], "--dirty looks at the work tree"),
    ],
)
def test_a_wrong_command_line_is_told(
    shop: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    """Exit 2, with what to do."""
    assert main(["review", "-C", str(shop), *arguments]) == 2
    assert told in capsys.readouterr().err


def test_rules_are_listed_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """From the same declaration as the checklist."""
    assert main(["review", "--list-rules"]) == 0
    listed = capsys.readouterr().out
    assert [line.split()[0] for line in listed.splitlines()[:-1]] == list(IDS)
    assert main(["review", "--explain", "small-enough"]) == 0
    assert "reviewers skim" in capsys.readouterr().out
    assert main(["review", "--list-rules", "--json"]) == 0
    assert {rule["id"] for rule in json.loads(capsys.readouterr().out)} == set(IDS)
