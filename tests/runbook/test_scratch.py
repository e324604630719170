"""The scratch copy is a copy, ends with all that runs in it, and tells after a kill whose it was."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from overt.runbook.place import Place
from overt.runbook.scratch import clean, find_leftovers, remove, scratch_copy, tree_digests
from overt.system.strays import MARK


@pytest.fixture
def temp(tmp_path: Path) -> Path:
    """A folder for scratch copies."""
    made = tmp_path / "temp"
    made.mkdir()
    return made


def start_in(scratch: Place) -> subprocess.Popen[bytes]:
    """Start a process that left the group, as a step may."""
    argv = [sys.executable, "-c", "print(flush=True); input()"]
    running = subprocess.Popen(
        argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={MARK: scratch.mark}, start_new_session=True
    )
    assert running.stdout is not None
    running.stdout.readline()
    return running


def test_the_content_is_copied_never_the_link(project: Path, temp: Path, tmp_path: Path) -> None:
    """Writing through a copied link would reach what it points to."""
    (tmp_path / "real").write_text("real")
    (project / "link").symlink_to(tmp_path / "real")
    with scratch_copy(project, ["lamp", "link"], runbook="lamp", temp=temp, start_ns=1) as scratch:
        (scratch.project / "link").write_text("changed")
        assert sorted(path.name for path in scratch.project.iterdir()) == ["lamp", "link"]
    assert (tmp_path / "real").read_text() == "real"


def test_whatever_still_runs_ends_with_it(project: Path, temp: Path) -> None:
    """Also when the rehearsal ends by an error."""

    def fail() -> subprocess.Popen[bytes]:
        with scratch_copy(project, [], runbook="r", temp=temp, start_ns=1) as scratch:
            started.append(start_in(scratch))
            raise LookupError

    started: list[subprocess.Popen[bytes]] = []
    with pytest.raises(LookupError):
        fail()
    with started[0] as running:
        assert running.wait(5) == -9
    assert list(temp.iterdir()) == []


def test_a_living_rehearsal_is_no_leftover(project: Path, temp: Path) -> None:
    """Two people may rehearse at once; neither cleans up the other's."""
    with scratch_copy(project, [], runbook="r", temp=temp, start_ns=1):
        assert find_leftovers(project, temp) == []


def leave(project: Path, temp: Path) -> Place:
    """Leave a scratch copy as a kill does: the folder stays, the lock is gone."""
    with scratch_copy(project, ["lamp"], runbook="lamp", temp=temp, start_ns=7, keep=True) as scratch:
        pass
    (scratch.home.parent / "kept.json").rename(scratch.home.parent / "rehearsal.json")
    return scratch


def test_a_killed_rehearsal_is_found_with_what_runs_in_it(project: Path, temp: Path) -> None:
    """And cleaned: processes first, then the folder."""
    scratch = leave(project, temp)
    with start_in(scratch) as running:
        [leftover] = find_leftovers(project, temp)
        assert (leftover.folder, leftover.runbook, leftover.start_ns) == (scratch.home.parent, "lamp", 7)
        assert leftover.processes == (running.pid,)
        assert clean(leftover)
        assert running.wait(5) == -9
    assert find_leftovers(project, temp) == []


def test_what_another_project_left_is_left_alone(project: Path, temp: Path, tmp_path: Path) -> None:
    """So is a folder that only looks like ours, and one whose marker names another folder."""
    other = tmp_path / "other"
    other.mkdir()
    scratch = leave(project, temp)
    assert find_leftovers(other, temp) == []
    moved = temp / "overt-rehearsal-elsewhere"
    scratch.home.parent.rename(moved)
    (temp / "overt-rehearsal-x").mkdir()
    (temp / "overt-rehearsal-x" / "rehearsal.json").write_text("{")
    assert find_leftovers(project, temp) == []


def test_what_was_made_read_only_is_removed_too(temp: Path) -> None:
    """A step may lock a folder."""
    inner = temp / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "file").write_text("x")
    inner.chmod(0o500)
    (temp / "a").chmod(0o500)
    assert remove(temp / "a")


def test_the_state_of_a_tree_is_names_modes_links_and_contents(tmp_path: Path) -> None:
    """Each difference shows; what Python caches does not."""
    (tmp_path / "a").write_text("x")
    (tmp_path / "a").chmod(0o644)
    (tmp_path / "l").symlink_to("a")
    os.mkfifo(tmp_path / "pipe")
    first = tree_digests(tmp_path)
    assert sorted(first) == ["a", "l", "pipe"]
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_text("x")
    assert tree_digests(tmp_path) == first
    (tmp_path / "a").chmod(0o755)
    assert tree_digests(tmp_path)["a"] != first["a"]
    (tmp_path / "l").unlink()
    (tmp_path / "l").symlink_to("b")
    assert tree_digests(tmp_path)["l"] == "link b"
