"""Which files belong to a project, and what changes their digest."""

import inspect
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.system.atomic import write_atomic, write_if_changed
from overt.system.files import digest_files, matches, project_files, select
from overt.system.git import git_state


def plant(root: Path, *names: str) -> None:
    """Write small files."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)


def git(root: Path, *arguments: str) -> None:
    """Run git in a folder."""
    identity = {
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@b",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@b",
    }
    subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, env={**os.environ, **identity})


def test_without_git_tool_folders_are_left_out(tmp_path: Path) -> None:
    """A project unpacked from an archive has no list of its files."""
    plant(tmp_path, "src/a.py", ".venv/lib/x.py", "src/__pycache__/a.pyc", "p.egg-info/PKG-INFO", "setup.cfg")
    assert project_files(tmp_path) == ["setup.cfg", "src/a.py"]


def test_a_loop_of_links_does_not_trap_the_walk(tmp_path: Path) -> None:
    """A hostile tree costs bounded time."""
    plant(tmp_path, "a.py")
    (tmp_path / "again").symlink_to(tmp_path)
    assert project_files(tmp_path) == ["a.py"]


def test_with_git_ignored_files_are_left_out_and_new_ones_are_in(tmp_path: Path) -> None:
    """What a developer is about to add already counts."""
    git(tmp_path, "init", "-q")
    plant(tmp_path, "kept.py", "new file é.py", "built.o")
    (tmp_path / ".gitignore").write_text("*.o\n")
    git(tmp_path, "add", "kept.py")
    assert project_files(tmp_path) == [".gitignore", "kept.py", "new file é.py"]


def test_the_state_of_a_repository_says_commit_and_dirt(tmp_path: Path) -> None:
    """A changed work tree is never taken for its commit."""
    assert git_state(tmp_path).commit == ""
    git(tmp_path, "init", "-q")
    plant(tmp_path, "a.py")
    git(tmp_path, "add", "a.py")
    git(tmp_path, "commit", "-qm", "one")
    clean = git_state(tmp_path)
    (tmp_path / "a.py").write_text("changed")
    dirty = git_state(tmp_path)
    assert len(clean.commit) == 40
    assert (clean.dirty, clean.diff_sha256) == (False, "")
    assert (dirty.dirty, dirty.commit) == (True, clean.commit)
    assert len(dirty.diff_sha256) == 64


@pytest.mark.parametrize(
    ("path", "pattern", "expected"),
    [
        ("src/a.py", "src", True),
        ("src/a.py", "src/", True),
        ("srcs/a.py", "src", False),
        ("a/b/c.py", "**/*.py", True),
        ("c.py", "**/*.py", True),
        ("a/b/c.py", "*.py", False),
        ("a/b/c.py", "a/*/c.py", True),
        ("a/b/d/c.py", "a/*/c.py", False),
        ("a/b+c.py", "a/b+c.py", True),
        ("a/bbc.py", "a/b+c.py", False),
        ("abc", "a?c", True),
    ],
)
def test_globs(path: str, pattern: str, expected: bool) -> None:
    """A pattern means what it means to git."""
    assert matches(path, [pattern]) is expected


def test_a_pattern_can_take_away() -> None:
    """An exclamation mark takes files out of the selection."""
    assert select(["src/a.py", "src/made.py"], ["src", "!src/made.py"]) == ["src/a.py"]


def test_the_digest_sees_content_names_and_absence(tmp_path: Path) -> None:
    """Nothing that a suite was measured on changes unseen."""
    plant(tmp_path, "a", "b")
    before = digest_files(tmp_path, ["a", "b"])
    assert digest_files(tmp_path, ["b", "a"]) == before
    (tmp_path / "a").write_text("other")
    changed = digest_files(tmp_path, ["a", "b"])
    (tmp_path / "a").unlink()
    assert len({before, changed, digest_files(tmp_path, ["a", "b"]), digest_files(tmp_path, ["b"])}) == 4


def test_a_failed_write_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    """Half a file is never seen."""
    target = tmp_path / "file"
    write_atomic(target, b"old")
    with pytest.raises(TypeError):
        write_atomic(target, "not bytes")  # type: ignore[arg-type]
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_equal_bytes_are_not_written_again(tmp_path: Path) -> None:
    """A watcher stays quiet when nothing changed."""
    assert write_if_changed(tmp_path / "f", b"1")
    assert not write_if_changed(tmp_path / "f", b"1")
    assert write_if_changed(tmp_path / "f", b"2")


@given(st.text(), st.text())
def test_any_text_is_a_pattern(path: str, pattern: str) -> None:
    """No pattern is an error."""
    assert matches(path, [pattern]) in {True, False}


def test_a_replaced_file_keeps_its_mode(tmp_path: Path) -> None:
    """A private file stays private, a script stays one."""
    private = tmp_path / "private"
    private.write_text("old")
    private.chmod(0o600)
    write_atomic(private, b"new")
    assert (private.read_text(), private.stat().st_mode & 0o777) == ("new", 0o600)


def test_a_link_to_itself_is_no_file(tmp_path: Path) -> None:
    """A file that can never be opened is not listed, and does not end the walk."""
    plant(tmp_path, "a.md")
    (tmp_path / "self.md").symlink_to("self.md")
    assert project_files(tmp_path) == ["a.md"]


def test_folders_deeper_than_the_stack_are_walked(tmp_path: Path) -> None:
    """Nesting beyond Python's recursion limit ends in no traceback, and files beside it are found."""
    plant(tmp_path, "z.md", "/".join(["d"] * 400) + "/a.md")
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 200)
    try:
        found = project_files(tmp_path)
    finally:
        sys.setrecursionlimit(limit)
    assert [name.rpartition("/")[2] for name in found] == ["a.md", "z.md"]
