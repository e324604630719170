"""Answers that do harm, by mistake or on purpose: told in clear words and bounded; nothing of the learner's is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from overt.cli.main import main
from overt.training.progress import Entry, Progress, read_progress, write_progress

Make = Callable[..., Path]
RIGHT = "def open_door():\n    return 1\n"

FORGED = """
import gc, os
for name in os.listdir("/proc/self/fd"):
    try:
        os.write(int(name), b'{"end": "it_is_one", "message": ""}\\n')
    except OSError:
        pass
def open_door():
    return 2
"""
NESTED = FORGED.replace("""b'{"end": "it_is_one", "message": ""}\\n'""", "b'[' * 60000 + b'\\\\n'")
CHECKER = """
import overt.training.probes as probes
def open_door():
    return 1
probes.Answer.load = lambda self: None
"""
CODE = """
import sys
def open_door():
    frame = sys._getframe()
    while frame.f_code.co_name != "check_it_is_one":
        frame = frame.f_back
    frame.f_globals["check_it_stays_one"].__code__ = (lambda answer: None).__code__
    return 1
"""
READS = """
import pathlib, sys
def open_door():
    frame = sys._getframe()
    while not frame.f_code.co_filename.endswith("checks.py"):
        frame = frame.f_back
    try:
        return len(pathlib.Path(frame.f_code.co_filename).with_name("solution.py").read_text())
    except PermissionError:
        return 1
"""
DAEMON = """
import ctypes, os, time
for _ in range(20):
    if ctypes.CDLL(None).fork() == 0:
        os.setsid()
        os.closerange(0, 64)
        time.sleep(600)
def open_door():
    return 1
"""
UNSHOWN = """
class Odd(Exception):
    def __str__(self):
        raise RuntimeError
def open_door():
    raise Odd
"""
DEEP = "import os\nwhile True:\n    os.mkdir('d')\n    os.chdir('d')\n"
KEPT = """
kept = []
for size in (10**7, 10**5, 10**3, 10):
    try:
        while True:
            kept.append(bytes(size))
    except MemoryError:
        pass
"""
LOCKED = "import os\nif not os.path.exists('d'):\n    os.makedirs('d/e')\n    os.chmod('d', 0)\n" + RIGHT

ANSWERS = {
    "a forked child": ("import os\nwhile True: os.fork()\n", "starting processes (os.fork)"),
    "twenty daemons": (DAEMON, "it leaves processes behind; they were ended"),
    "memory": ("x = [bytes(10**7) for _ in range(10**6)]\n", "it needs more memory than an answer may have"),
    "memory that is kept": (KEPT, "it needs more memory than an answer may have"),
    "writes elsewhere": ("open({elsewhere!r}, 'w')\n", "writing outside its folder"),
    "a database elsewhere": ("import sqlite3; sqlite3.connect({elsewhere!r})\n", "changing something outside"),
    "many files": ("for n in range(10**6): open(f'{{n}}', 'w').close()\n", "making more than 200 files"),
    "a deep folder": (DEEP, "making more than 200 files"),
    "kills its parent": ("import os\nos.kill(os.getppid(), 9)\n", "ending processes (os.kill)"),
    "kills its group": ("import os\nos.killpg(0, 9)\n", "ending processes (os.killpg)"),
    "deletes the progress": ("import os\nos.remove({progress!r})\n", "changing something outside its folder"),
    "closes everything": ("import os\nos.closerange(0, 256)\n", "it closes files that are not its own"),
    "takes the place of a closed file": (
        "import os\nos.closerange(0, 64)\nfor _ in range(64): os.open('x', os.O_WRONLY | os.O_CREAT)\n",
        "it closes files that are not its own",
    ),
    "ends at once": ("import os\nos._exit(0)\n", "it ended the process with exit status 0"),
    "ends at the end": ("import atexit, os\natexit.register(os._exit, 4)\n" + RIGHT, "with exit status 4 after the"),
    "system exit": ("raise SystemExit(0)\n", "it ends the whole program (sys.exit)"),
    "interrupt": ("def open_door():\n    raise KeyboardInterrupt\n", "line 2: it raises KeyboardInterrupt"),
    "kills itself": ("import signal\nsignal.raise_signal(9)\n", "ended by signal 9 (SIGKILL)"),
    "forges the result": (FORGED, "it writes into the results of its own check"),
    "writes what breaks the reader": (NESTED, "it writes into the results of its own check"),
    "replaces the checker": (CHECKER, "it changes what checks it: overt.training.probes.Answer.load"),
    "replaces a built-in": (RIGHT + "import builtins\nbuiltins.sum = max\n", "changes what checks it: builtins.sum"),
    "rewrites a check": (CODE, "it changes what checks it: checks.check_it_stays_one"),
    "reads the solution": (READS, "reading what it is checked with"),
    "an error that cannot be shown": (UNSHOWN, "line 6: Odd: Odd, which cannot be shown"),
    "terminal codes": ("raise ValueError('\\x1b[2Jgone\\x07')\n", "line 1: ValueError: gone"),
    "loosens its limits": ("import resource as r\nr.setrlimit(r.RLIMIT_AS, (-1, -1))\n", "changing its own limits"),
}


def processes_in(folder: Path) -> list[str]:
    """Return the processes that were started for an answer below a folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if f"TMPDIR={folder}".encode() in (entry / "environ").read_bytes():
                found.append(entry.name)
        except OSError:
            continue
    return found


@pytest.mark.parametrize("kind", ANSWERS)
def test_harm_is_told_and_bounded(
    kind: str, make_track: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The answer fails with the reason; progress, other files and other processes are as they were."""
    folder, temp, elsewhere = tmp_path / "learner", tmp_path / "temp", tmp_path / "elsewhere"
    temp.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temp))
    write_progress(folder, Progress(entries={"other": Entry(attempts=3, passed_ns=7)}))
    source, told = ANSWERS[kind]
    names = {"{elsewhere!r}": repr(str(elsewhere)), "{progress!r}": repr(str(folder / "progress.json"))}
    for mark, value in names.items():
        source = source.replace(mark, value)
    (folder / "01_doors.py").write_text(source.replace("{{n}}", "{n}"))
    asked = ["train", "-C", str(tmp_path), "--folder", str(folder), "--track", str(make_track()), "--json"]
    assert main([*asked, "check", "1"]) == 1
    messages = [check["message"] for check in json.loads(capsys.readouterr().out)["checks"]]
    assert any(told in message for message in messages), messages
    entries = {"other": Entry(attempts=3, passed_ns=7), "01-doors": Entry(attempts=1)}
    progress, trouble = read_progress(folder)
    assert (progress.entries, trouble) == (entries, "")
    assert sorted(path.name for path in folder.iterdir()) == ["01_doors.py", "progress.json"]
    assert not elsewhere.exists()
    assert list(temp.iterdir()) == []
    assert processes_in(temp) == []


def test_a_folder_that_was_locked_is_removed(
    make_track: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What an answer may do in its own folder, it may do; nothing of it stays."""
    temp = tmp_path / "temp"
    temp.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temp))
    (tmp_path / "overt-training").mkdir()
    (tmp_path / "overt-training/01_doors.py").write_text(LOCKED)
    assert main(["train", "-C", str(tmp_path), "--track", str(make_track()), "check"]) == 0
    assert "Passed" in capsys.readouterr().out
    assert list(temp.iterdir()) == []
