"""Learner code is bounded, whatever it does, and what it did is reported."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from overt.training.records import CheckAbout
from overt.training.runner import Limits, printed, run_checks, run_together

ONE = CheckAbout("is_one", "It gives 1.")
OTHER = CheckAbout("is_int", "It gives a whole number.")


@pytest.fixture
def checks(tmp_path: Path) -> Path:
    """Two checks of a function `work`."""
    path = tmp_path / "checks.py"
    path.write_text(
        "def check_is_one(answer):\n    assert answer.load().work() == 1, 'it is not 1'\n\n\n"
        "def check_is_int(answer):\n    assert type(answer.load().work()) is int, 'it is no int'\n"
    )
    return path


def test_each_check_is_told_by_itself(checks: Path) -> None:
    """One passes, the other says what it saw."""
    first, second = run_checks(b"def work():\n    return 2\n", checks, [ONE, OTHER])
    assert (first.ok, first.name, first.about, first.message) == (False, "is_one", "It gives 1.", "it is not 1")
    assert (second.ok, second.message) == (True, "")


def test_checks_may_be_given_from_here(checks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of a project's own track is named relative to the project, in which its commands are given."""
    monkeypatch.chdir(checks.parent)
    seen = run_checks(b"def work():\n    return 1\n", Path(checks.name), [ONE, OTHER])
    assert [one.message for one in seen] == ["", ""]


def test_an_error_names_the_line_of_the_answer(checks: Path) -> None:
    """Not the line of the check, which the learner never sees."""
    [result] = run_checks(b"def work():\n    x = 1\n    return x / 0\n", checks, [ONE])
    assert result.message == "line 3: ZeroDivisionError: division by zero"


def test_an_assertion_of_the_answer_names_its_line(checks: Path) -> None:
    """One of a check says what the answer does instead, and needs none."""
    [result] = run_checks(b"def work():\n    assert 1 == 2, 'never'\n", checks, [ONE])
    assert result.message == "line 2: AssertionError: never"


def test_a_name_that_is_missing_is_told(checks: Path) -> None:
    """In the words of the task, which says what to keep; another module's lack is told as Python does."""
    [result] = run_checks(b"def play():\n    return 1\n", checks, [ONE])
    assert result.message == "your file has no 'work', which is used from outside: keep that name"
    [result] = run_checks(b"import os\n\n\ndef work():\n    return os.absent\n", checks, [ONE])
    assert result.message == "line 5: AttributeError: module 'os' has no attribute 'absent'"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (b"def work(:\n", "line 1: invalid syntax"),
        (b"import absent_thing\n", "line 1: ModuleNotFoundError: No module named 'absent_thing'"),
        (b"import sys; sys.exit(0)\n", "it ends the whole program"),
        (b"import os; os._exit(0)\n", "it ended the process with exit status 0 before the check was over"),
        (b"data = bytearray(10**11)\n", "it needs more memory than an answer may have"),
        (b"data = []\nwhile True: data.append(bytes(10**7))\n", "it needs more memory than an answer may have"),
        (b"import os; os.fork()\n", "starting processes (os.fork)"),
        (b"import subprocess; subprocess.Popen(['true'])\n", "starting processes (subprocess.Popen)"),
        (b"import os; os.kill(os.getppid(), 9)\n", "ending processes (os.kill)"),
        (b"open('../results', 'w')\n", "writing outside its folder"),
        (b"import os; os.remove('../order.json')\n", "changing something outside its folder"),
        (
            b"import os\ntry: os.mkdir('/tmp/x')\nexcept Exception: pass\n",
            "changing something outside its folder: /tmp/x",
        ),
        (b"import socket; socket.socket().connect(('127.0.0.1', 9))\n", "using the network"),
        (b"with open('big', 'wb') as f:\n    while True: f.write(bytes(10**6))\n", "File too large"),
        (b"print('x' * 10**7)\n", "it prints 10,000,001 bytes; at most 200,000 are read"),
        (b"\x00\xff", "source code string cannot contain null bytes"),
    ],
)
def test_what_an_answer_may_not_do_is_bounded_and_reported(source: bytes, told: str, checks: Path) -> None:
    """Loops, memory, processes, files outside, the network, endless output: the answer fails, nothing else does."""
    [result] = run_checks(source, checks, [ONE, OTHER], limits=Limits(seconds=20.0))
    assert result.name == "it_loads"
    assert told in result.message
    assert len(result.output) <= 2000


def test_every_limit_is_in_force(checks: Path) -> None:
    """Memory, time, size of a file, open files, processes; and none of it can be taken back."""
    names = ("AS", "CPU", "FSIZE", "NOFILE", "NPROC", "CORE")
    source = f"import resource as r\nprint([r.getrlimit(getattr(r, 'RLIMIT_' + name)) for name in {names}])\n"
    shown, trouble = printed(source.encode(), limits=Limits(seconds=30.0, memory=10**9))
    seen = dict(zip(names, ast.literal_eval(shown), strict=True))
    assert (trouble, seen["AS"], seen["CPU"], seen["CORE"]) == ("", (10**9, 10**9), (31, 31), (0, 0))
    assert all(soft == hard and 0 < soft <= 2_000_000 for soft, hard in (seen["FSIZE"], seen["NOFILE"], seen["NPROC"]))


@pytest.mark.parametrize("source", [b"while True: pass\n", b"import time; time.sleep(60)\n"])
def test_what_never_ends_is_ended(source: bytes, checks: Path) -> None:
    """Busy or idle, the time limit ends it."""
    [result] = run_checks(source, checks, [ONE], limits=Limits(seconds=0.5))
    assert "is there a loop that never ends?" in result.message


def test_a_process_that_slips_out_is_ended(checks: Path) -> None:
    """Past the interpreter and out of the group, it is found by the mark in its environment."""
    source = b"""
import ctypes, os, time
if ctypes.CDLL(None).fork() == 0:
    os.setsid()
    os.close(1)
    os.close(2)
    time.sleep(60)
"""
    [result] = run_checks(source, checks, [ONE])
    assert result.message == "it leaves processes behind; they were ended"


def test_printing_a_gigabyte_is_bounded(checks: Path) -> None:
    """It is cut, not stored; the time limit ends it if the reader is slow."""
    source = b"import sys\nline = 'x' * 10**6\nfor _ in range(1000): sys.stdout.write(line)\n"
    [result] = run_checks(source, checks, [ONE], limits=Limits(seconds=10.0))
    assert "it prints 1,000,000,000 bytes" in result.message or "did not end" in result.message
    assert len(result.output) <= 2000


def test_an_answer_may_write_in_its_own_folder(checks: Path) -> None:
    """A file beside the answer harms nobody."""
    source = b"def work():\n    open('notes', 'w').write('1')\n    return int(open('notes').read())\n"
    assert [result.ok for result in run_checks(source, checks, [ONE])] == [True]


def test_an_answer_sees_nothing_of_our_environment(checks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It runs isolated: no variable of the caller reaches it."""
    monkeypatch.setenv("DEPLOY_TOKEN", "open-sesame")
    assert printed(b"import os; print(os.environ.get('DEPLOY_TOKEN'))") == ("None", "")


def test_checks_run_together_see_what_earlier_ones_left(checks: Path, tmp_path: Path) -> None:
    """That is what makes a solution with leftovers fail, which each check alone would let pass."""
    source = b"import sys\n\n\ndef work():\n    sys.seen = getattr(sys, 'seen', 0) + 1\n    return sys.seen\n"
    assert all(result.ok for result in run_checks(source, checks, [ONE, OTHER]))
    together = run_together(source, checks, [OTHER, ONE])
    assert [(result.name, result.ok) for result in together] == [
        ("it_loads", True),
        ("is_int", True),
        ("is_one", False),
    ]


def test_nothing_is_left_behind(checks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of the answer is removed, also when the answer made it read-only inside."""
    temp = tmp_path / "temp"
    temp.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temp))
    run_checks(b"open('x', 'w').close()\n\n\ndef work():\n    return 1\n", checks, [ONE])
    assert list(temp.iterdir()) == []
