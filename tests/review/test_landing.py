"""What a CI job has reviewed: since the base that the service names, or what the clone can tell, or nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from overt.model import Exit, OvertError
from overt.review.landing import find_landing

ZEROS = "0" * 40


@pytest.fixture
def history(repository):
    """Four commits."""
    return repository, [repository.commit({"a.py": f"x = {number}\n"}) for number in range(4)]


def event(folder: Path, told: object) -> dict[str, str]:
    path = folder / f"event{len(list(folder.glob('event*')))}.json"
    path.write_text(told if isinstance(told, str) else json.dumps(told))
    return {"GITHUB_EVENT_PATH": str(path)}


def test_the_base_that_a_service_names_is_taken(history, tmp_path: Path) -> None:
    """Of a pull request, of a push, of a merge request, and by hand before all."""
    repository, commits = history
    for environment in (
        event(tmp_path, {"pull_request": {"base": {"sha": commits[1]}}}),
        event(tmp_path, {"before": commits[1]}),
        {"CI_MERGE_REQUEST_DIFF_BASE_SHA": commits[1], "CI_COMMIT_BEFORE_SHA": ZEROS},
        {"CI_COMMIT_BEFORE_SHA": commits[1]},
        {**event(tmp_path, {"before": commits[2]}), "OVERT_REVIEW_BASE": commits[1]},
    ):
        found = find_landing(repository.root, environment)
        assert (found.span.base, found.span.head, found.known) == (commits[1], commits[3], True)


@pytest.mark.parametrize("told", ["[", "[1]", {"before": ["x"]}, {"pull_request": "x"}, {"before": ZEROS}, "[" * 9999])
def test_an_event_that_names_nothing_is_no_dead_end(history, tmp_path: Path, told: object) -> None:
    """What cannot be read is passed over, and the guess is called one."""
    repository, commits = history
    found = find_landing(repository.root, event(tmp_path, told))
    assert (found.span.base, found.known) == (commits[2], False)


def test_what_was_pushed_last_is_not_all_of_a_pull_request(history, tmp_path: Path) -> None:
    """Where its base is not in the clone, its former head does not stand in for it."""
    repository, commits = history
    told = {"pull_request": {"base": {"sha": "1" * 40}}, "before": commits[1]}
    found = find_landing(repository.root, event(tmp_path, told))
    assert (found.span.base, found.known) == (commits[2], False)


def test_what_the_main_branch_lacks_is_what_lands(history, make_repository) -> None:
    """All of it, however many commits; once it has landed, nothing says since when."""
    repository, commits = history
    clone = make_repository("clone")
    clone.git("remote", "add", "origin", str(repository.root))
    clone.git("fetch", "-q", "origin")
    clone.git("checkout", "-q", "-b", "work", "origin/main")
    assert not find_landing(clone.root, {}).known
    clone.commit({"a.py": "x = 8\n"})
    clone.commit({"a.py": "x = 9\n"})
    found = find_landing(clone.root, {})
    assert (found.span.base, found.since, found.known) == (commits[3], "origin/main", True)


def test_a_clone_that_lacks_the_base_says_so(history, make_repository) -> None:
    """The named base is told to be missing; with one commit nothing can be reviewed, which is not proved either."""
    repository, commits = history
    shallow = make_repository("shallow")
    for depth in ("2", "1"):
        folder = shallow.root / depth
        shallow.git("clone", "-q", "--depth", depth, f"file://{repository.root}", str(folder))
    environment = {"CI_COMMIT_BEFORE_SHA": commits[0]}
    found = find_landing(shallow.root / "2", environment)
    assert (found.span.base, found.known) == (commits[2], False)
    assert [told.partition(":")[0] for told in found.passed_over] == ["what was there before the push"]
    with pytest.raises(OvertError) as caught:
        find_landing(shallow.root / "1", environment)
    assert caught.value.exit is Exit.UNCHECKED
    assert caught.value.message.startswith("nothing was reviewed: what was there before the push: there is no commit")
    assert "fetch-depth: 0" in caught.value.hint


def test_outside_a_repository_and_before_its_first_commit_nothing_can_be_reviewed(tmp_path: Path, repository) -> None:
    """Both are told, and neither is a crash."""
    for folder in (tmp_path, repository.root):
        with pytest.raises(OvertError, match="nothing was reviewed") as caught:
            find_landing(folder, {})
        assert caught.value.exit is Exit.UNCHECKED


@pytest.mark.parametrize("name", ["--upload-pack=touch ran", "a\nb", "no-such"])
def test_a_hostile_base_is_no_option_of_git(history, name: str) -> None:
    """It is passed over, with the reason."""
    repository, _ = history
    found = find_landing(repository.root, {"OVERT_REVIEW_BASE": name})
    assert not found.known
    assert found.passed_over[0].startswith("OVERT_REVIEW_BASE: ")
