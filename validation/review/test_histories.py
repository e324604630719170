"""Of every sort of history, the checklist says what a reviewer ought to be told."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from overt.cli.review_rules import checklist_json
from overt.model import OvertError
from overt.review.checklist import Checklist, review
from overt.review.context import Context
from overt.review.markdown import to_markdown
from overt.review.read_changes import read_changes
from overt.review.rules import all_rules
from overt.review.sarif import to_sarif
from overt.review.span import read_span

from .histories import HISTORIES, SHOP, History
from .repository import Repository

GROUPS = ("refuted", "open", "proved", "unchecked")


def checklist_of(root: Path, span: str) -> Checklist:
    """Review a range, running nothing."""
    changes = read_changes(root, read_span(root, span))
    return review(Context(root, changes, "nothing", os.environ), all_rules())


def groups(checklist: Checklist) -> dict[str, set[str]]:
    """Return the ids of the items by their group."""
    return {group: {item.id for item in checklist.items if item.group == group} for group in GROUPS}


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.name)
def test_a_history_has_its_items(history: History, tmp_path: Path) -> None:
    """The items that are named, in their states; every other one does not apply. Each form can be made."""
    repository = Repository(tmp_path / "shop")
    repository.commit(SHOP)
    span = history.make(repository) or "HEAD~1...HEAD"
    checklist = checklist_of(repository.root, span)
    expected = {group: set(getattr(history, group).split()) for group in GROUPS}
    expected["unchecked"] |= {"evidence-is-fresh"}
    expected["proved"] -= expected["refuted"]
    assert groups(checklist) == expected
    rules = all_rules()
    json.loads(checklist_json(checklist)), json.loads(to_sarif(checklist, rules))
    assert to_markdown(checklist).encode().startswith(b"<!-- overt:review -->\n")


def test_an_empty_difference_has_no_item(tmp_path: Path) -> None:
    """A commit that changes nothing proves nothing."""
    repository = Repository(tmp_path / "shop")
    repository.commit(SHOP)
    repository.commit()
    checklist = checklist_of(repository.root, "HEAD~1...HEAD")
    assert (checklist.items, int(checklist.exit)) == ((), 3)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda repository: None, "there is no commit 'HEAD' here"),
        (lambda repository: repository.commit(SHOP), "there is no commit 'HEAD~1' here"),
    ],
    ids=["unborn branch", "first commit"],
)
def test_where_nothing_was_before_it_is_told(tmp_path: Path, make, told: str) -> None:
    """Exit 2, with what to do."""
    repository = Repository(tmp_path / "shop")
    make(repository)
    with pytest.raises(OvertError, match=told) as caught:
        checklist_of(repository.root, "HEAD~1...HEAD" if "~1" in told else "HEAD...HEAD")
    assert (caught.value.exit, bool(caught.value.hint)) == (2, True)


def test_a_bare_repository_can_be_reviewed(tmp_path: Path) -> None:
    """What lies in no folder could not run, and nothing crashes."""
    repository = Repository(tmp_path / "shop")
    repository.commit(SHOP)
    repository.commit({"README.md": "# Bare\n"})
    repository.git("clone", "-q", "--bare", str(repository.root), str(tmp_path / "bare"))
    found = groups(checklist_of(tmp_path / "bare", "HEAD~1...HEAD"))
    assert found["refuted"] == set()
    assert {"no-secrets", "small-enough"} <= found["proved"]
