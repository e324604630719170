"""Whatever a history holds, the difference is read exactly."""

from __future__ import annotations

import json
import os

import pytest

from overt.cli.review_rules import checklist_json
from overt.model import OvertError
from overt.review import blobs
from overt.review.checklist import review
from overt.review.context import Context
from overt.review.markdown import to_markdown
from overt.review.read_changes import read_changes
from overt.review.rules import all_rules
from overt.review.span import read_span
from overt.system.git import git


def told(changes) -> list[tuple[str, str, str, int | None, int | None]]:
    return [(file.status, file.old_path, file.path, file.added, file.deleted) for file in changes.files]


def test_every_sort_of_change_is_told(repository) -> None:
    """Added, modified, deleted, renamed, retyped, binary, executable, empty."""
    text = "".join(f"line {number}\n" for number in range(20))
    repository.commit({"old.py": text, "gone.py": "x\n", "same.py": "a\nb\nc\n", "kind": "x\n", "run.sh": "#!\n"})
    (repository.root / "kind").unlink()
    (repository.root / "kind").symlink_to("same.py")
    (repository.root / "run.sh").chmod(0o755)
    (repository.root / "old.py").rename(repository.root / "new.py")
    repository.commit({"gone.py": None, "same.py": "a\nB\nc\nd\n", "logo.png": b"\x89PNG\0\xff", "empty.py": ""})
    changes = repository.changes()
    assert told(changes) == [
        ("A", "", "empty.py", 0, 0),
        ("D", "gone.py", "gone.py", 0, 1),
        ("T", "kind", "kind", 1, 1),
        ("A", "", "logo.png", None, None),
        ("R", "old.py", "new.py", 0, 0),
        ("M", "run.sh", "run.sh", 0, 0),
        ("M", "same.py", "same.py", 2, 1),
    ]
    assert changes.lines["same.py"] == {2, 4}
    assert changes.lines["new.py"] == frozenset()
    assert changes.head_names == ("empty.py", "kind", "logo.png", "new.py", "run.sh", "same.py")
    same = changes.files[-1]
    assert (changes.before(same), changes.after(same)) == (b"a\nb\nc\n", b"a\nB\nc\nd\n")
    assert [file.exists for file in changes.files] == [True, False, False, True, True, True, True]


@pytest.mark.parametrize(
    "name",
    ["new\nline.py", "tab\there.py", 'quote".py', "grüße/日本.py", "-rf.py", "a b.py", "back\\slash.py", "\nM\tx.py"],
)
def test_names_of_any_shape_arrive_whole(repository, name: str) -> None:
    """Also those that hold what separates entries, and those that look like an option."""
    repository.commit({"a.py": "x = 1\n"})
    repository.commit({name: "y = 2\ndiff --git a/x b/x\n@@ -1 +1 @@\n"})
    changes = repository.changes()
    assert told(changes) == [("A", "", name, 3, 0)]
    assert changes.lines == {name: {1, 2, 3}}
    assert changes.after(changes.files[0]) == b"y = 2\ndiff --git a/x b/x\n@@ -1 +1 @@\n"


def test_a_name_that_is_no_text_is_read_and_reviewed(repository) -> None:
    """Its bytes survive."""
    repository.commit({"a.py": "x = 1\n"})
    repository.commit({os.fsdecode(b"\xff.py"): "import threading\n"})
    changes = repository.changes()
    assert [os.fsencode(file.path) for file in changes.files] == [b"\xff.py"]
    checklist = review(Context(repository.root, changes), all_rules())
    assert checklist.items
    assert "`?.py`" in to_markdown(checklist).encode().decode()
    assert json.loads(checklist_json(checklist))["files"] == 1


def test_the_span_begins_where_the_sides_parted(repository) -> None:
    """What happened on the main branch meanwhile is not part of the change."""
    repository.commit({"a.py": "1\n"})
    repository.git("checkout", "-q", "-b", "work")
    repository.commit({"b.py": "2\n"})
    repository.git("checkout", "-q", "main")
    repository.commit({"c.py": "3\n"})
    for given in ("main...work", "main..work", "work"):
        assert [file.path for file in repository.changes(given).files] == ["b.py"]


def test_the_work_tree_is_looked_at_when_asked(repository) -> None:
    """Changed and new files count, ignored ones do not."""
    repository.commit({"a.py": "x = 1\n", ".gitignore": "*.log\n"})
    repository.write({"a.py": "x = 2\n", "b.py": "y = 1\ny = 2\n", "c.log": "no\n", "d.bin": b"\0"})
    changes = read_changes(repository.root, read_span(repository.root, base="HEAD", dirty=True))
    assert told(changes) == [("M", "a.py", "a.py", 1, 1), ("A", "", "b.py", 2, 0), ("A", "", "d.bin", None, None)]
    assert changes.after(changes.files[0]) == b"x = 2\n"
    assert changes.after(changes.files[1]) == b"y = 1\ny = 2\n"
    assert changes.lines["b.py"] == {1, 2}
    assert changes.span.shown.endswith("...work tree")


def test_a_submodule_has_no_content(repository, make_repository) -> None:
    """Its hash names a commit of another repository."""
    other = make_repository("other")
    other.commit({"x.py": "x = 1\n"})
    repository.commit({"a.py": "x = 1\n"})
    repository.git("submodule", "add", "-q", str(other.root), "sub")
    repository.commit()
    repository.git("config", "diff.submodule", "log")
    changes = repository.changes()
    sub = next(file for file in changes.files if file.path == "sub")
    assert (sub.exists, changes.after(sub)) == (False, None)
    assert changes.lines[".gitmodules"] == {1, 2, 3}
    assert review(Context(repository.root, changes), all_rules()).items


def test_a_folder_of_a_repository_can_be_the_project(repository) -> None:
    """Files outside it do not count, and paths are its own."""
    repository.commit({"shop/a.py": "x = 1\n", "other/b.py": "x = 1\n"})
    repository.commit({"shop/a.py": "x = 2\n", "other/b.py": "x = 2\n"})
    inside = repository.root / "shop"
    changes = read_changes(inside, read_span(inside, "HEAD~1...HEAD"))
    assert [file.path for file in changes.files] == ["a.py"]
    assert changes.head_names == ("a.py",)


def test_nothing_of_the_repository_is_run(repository) -> None:
    """External diffs and text conversions that it asks for stay unused."""
    ran = repository.root / "ran"
    for key in ("diff.external", "diff.mine.command", "diff.mine.textconv", "core.fsmonitor"):
        repository.git("config", key, f"touch {ran}; cat")
    repository.commit({".gitattributes": "*.py diff=mine\n", "a.py": "x = 1\n"})
    repository.commit({"a.py": "x = 2\n"})
    ran.unlink(missing_ok=True)
    changes = repository.changes()
    assert changes.lines == {"a.py": {1}}
    assert not ran.exists()


@pytest.mark.parametrize(
    "given",
    ["--upload-pack=touch ran", "--output=ran...HEAD", "HEAD...--output=ran", "-n", "HEAD\n--output=ran", "\x1b[2J"],
)
def test_a_name_that_looks_like_an_option_is_refused(repository, given: str) -> None:
    """git never sees it as one."""
    repository.commit({"a.py": "x = 1\n"})
    with pytest.raises(OvertError, match="is no name of a commit"):
        read_span(repository.root, given, base="" if ".." in given else "HEAD")
    assert sorted(path.name for path in repository.root.iterdir()) == [".git", "a.py"]


def test_a_shallow_clone_says_what_to_do(repository, tmp_path) -> None:
    """The commit where the sides parted is not there: exit 2, with the remedy."""
    repository.commit({"a.py": "1\n"})
    repository.git("checkout", "-q", "-b", "work")
    repository.commit({"b.py": "2\n"})
    repository.git("checkout", "-q", "main")
    repository.commit({"c.py": "3\n"})
    clone = tmp_path / "clone"
    repository.git("clone", "-q", "--depth", "1", "--no-single-branch", f"file://{repository.root}", str(clone))
    with pytest.raises(OvertError, match="too shallow") as caught:
        read_span(clone, "origin/main...origin/work")
    assert "git fetch --unshallow" in caught.value.hint
    assert caught.value.exit == 2


def test_histories_without_a_common_commit_are_told(repository) -> None:
    """Not taken for a shallow clone."""
    repository.commit({"a.py": "1\n"})
    repository.git("checkout", "-q", "--orphan", "lone")
    repository.commit({"b.py": "2\n"})
    with pytest.raises(OvertError, match="no commit in common"):
        read_span(repository.root, "main...lone")


@pytest.mark.parametrize(
    ("given", "base", "message"),
    [("absent", "main", "there is no commit 'absent' here"), ("a...b", "main", "a base is named twice")],
)
def test_wrong_names_are_told(repository, given: str, base: str, message: str) -> None:
    """With what to do."""
    repository.commit({"a.py": "1\n"})
    with pytest.raises(OvertError, match=message) as caught:
        read_span(repository.root, given, base=base)
    assert caught.value.hint


def test_a_folder_outside_git_is_told(tmp_path) -> None:
    """A review needs a history."""
    with pytest.raises(OvertError, match="is in no git repository"):
        read_span(tmp_path)


def test_contents_of_many_files_are_read_in_few_calls(repository, monkeypatch) -> None:
    """Not one program for each file."""
    names = [f"src/m{number}.py" for number in range(300)]
    repository.commit(dict.fromkeys(names, "x = 1\n"))
    repository.commit({name: f"x = {name!r}\n" for name in names})
    calls = []
    monkeypatch.setattr(blobs, "git", lambda *given, **how: calls.append(given) or git(*given, **how))
    changes = repository.changes()
    assert [changes.after(file) for file in changes.files] == [
        f"x = {file.path!r}\n".encode() for file in changes.files
    ]
    assert len(calls) == 2
