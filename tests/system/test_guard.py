"""What a killed program had started does not live on."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from overt.system.guard import guarding
from overt.system.strays import MARK, end_marked, marked_processes

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc")

STARTS = """
import os, subprocess, sys, time
from overt.system.guard import guarding
with guarding(sys.argv[1]):
    children = [
        subprocess.Popen(["sleep", "300"], env={**os.environ, "OVERT_MARK": mark}, start_new_session=True)
        for mark in (sys.argv[1], sys.argv[1] + ".a", "another")
    ]
    print(*(child.pid for child in children), flush=True)
    time.sleep(300)
"""


def alive(pid: int) -> bool:
    """Tell whether a process is there and not merely waiting to be reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except FileNotFoundError:
        return False


def test_after_a_kill_the_marked_processes_end_and_no_others() -> None:
    """SIGKILL leaves us no last word; the guard has it, for what carries the mark alone."""
    mark = f"test{os.getpid()}"
    program = subprocess.Popen([sys.executable, "-c", STARTS, mark], stdout=subprocess.PIPE, text=True)
    assert program.stdout is not None
    ours, below, other = map(int, program.stdout.readline().split())
    try:
        assert marked_processes(mark) == sorted((ours, below))
        program.send_signal(signal.SIGKILL)
        program.wait()
        deadline = time.monotonic() + 20
        while (alive(ours) or alive(below)) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert [alive(ours), alive(below), alive(other)] == [False, False, True]
    finally:
        for pid in (ours, below, other):
            if alive(pid):
                os.kill(pid, signal.SIGKILL)
        program.stdout.close()


def test_without_a_kill_the_guard_is_gone_with_the_block() -> None:
    """It ends by itself and takes nothing with it that does not carry the mark."""
    child = subprocess.Popen(["sleep", "300"], env={**os.environ, MARK: "somebody-elses"})
    with guarding("nobodys"):
        pass
    assert alive(child.pid)
    assert end_marked("somebody-elses") == [child.pid]
    child.wait()
