"""The ledger proves a commit only with complete, passing runs of that very commit."""

from __future__ import annotations

import pytest

from overt.evidence.ledger import STORE
from overt.model import State
from overt.review.checklist import review
from overt.review.context import Context
from overt.review.recorded import ended
from overt.review.rules import rule_for

TOML = '[suites.types]\nkind = "command"\ncommand = ["true"]\n'


def state(repository) -> tuple[State | None, str]:
    [item] = review(Context(repository.root, repository.changes()), [rule_for("evidence-is-fresh")]).items
    return item.state, item.reason


@pytest.fixture
def project(repository):
    """A project with one required suite and a change, nothing validated."""
    repository.commit({"overt.toml": TOML, ".gitignore": ".overt/\n", "a.py": "x = 1\n"})
    repository.commit({"a.py": "x = 2\n"})
    return repository


def test_a_passing_run_of_this_commit_proves_it(project) -> None:
    """And the same tree under another commit is as good."""
    project.leave("types", ended("types", 0))
    assert state(project) == (State.PROVED, "1 suite ran on this commit and held: types")
    project.git("commit", "-q", "--amend", "-m", "other words")
    assert state(project)[0] is State.PROVED


def test_a_failing_run_of_this_commit_refutes_it(project) -> None:
    """The newest run counts."""
    project.leave("types", ended("types", 0))
    project.leave("types", ended("types", 1))
    found, reason = state(project)
    assert found is State.REFUTED
    assert "types" in reason


def test_a_run_of_another_commit_proves_nothing(project) -> None:
    """However well it went."""
    project.leave("types", ended("types", 0))
    project.commit({"a.py": "x = 3\n"})
    found, reason = state(project)
    assert found is State.UNCHECKED
    assert reason == "no evidence of this commit for types; run: overt validate --suite types"


def test_a_run_with_uncommitted_changes_proves_nothing(project) -> None:
    """Nobody knows what it ran on."""
    project.write({"a.py": "x = 9\n"})
    project.leave("types", ended("types", 0))
    project.git("checkout", "-q", "a.py")
    assert state(project)[0] is State.UNCHECKED


def test_a_damaged_run_proves_nothing(project) -> None:
    """An edited record is found, not believed."""
    project.leave("types", ended("types", 1))
    [path] = (project.root / STORE).glob("*/records/*.jsonl")
    path.write_bytes(path.read_bytes().replace(b'"exit_code":1', b'"exit_code":0'))
    assert state(project)[0] is not State.PROVED
