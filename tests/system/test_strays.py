"""Processes that outlive their starter are found by their mark, wherever they went."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from overt.system.strays import MARK, end_marked, group_lives, marked_processes


def test_a_marked_process_is_found_and_ended_also_in_a_session_of_its_own() -> None:
    """Leaving the group does not hide it; others are left alone."""
    argv = [sys.executable, "-c", "print(flush=True); input()"]
    mark = f"strays-{os.getpid()}"
    with (
        subprocess.Popen(
            argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={MARK: mark}, start_new_session=True
        ) as marked,
        subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={MARK: mark + "0"}) as other,
    ):
        assert marked.stdout is not None
        assert other.stdout is not None
        marked.stdout.readline()
        other.stdout.readline()
        assert marked_processes(mark) == [marked.pid]
        assert end_marked(mark) == [marked.pid]
        assert marked.wait(5) == -9
        assert other.poll() is None
        other.kill()


def test_no_list_of_processes_means_none_found(tmp_path: Path) -> None:
    """Systems without /proc find nothing rather than failing."""
    assert marked_processes("any", proc=tmp_path / "absent") == []


def test_a_group_whose_members_only_wait_to_be_reaped_does_not_live() -> None:
    """An ended child that nobody has waited for is no running process."""
    with subprocess.Popen(["true"], start_new_session=True, stdout=subprocess.PIPE) as ended:
        assert ended.stdout is not None
        ended.stdout.read()
        os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
        os.killpg(ended.pid, 0)
        assert not group_lives(ended.pid)
    assert not group_lives(ended.pid)


def test_a_group_with_a_running_member_lives() -> None:
    """Whoever waits for input still runs."""
    with subprocess.Popen(["cat"], start_new_session=True, stdin=subprocess.PIPE) as running:
        assert group_lives(running.pid)
        running.kill()
