"""Answers that do the worst they can, at a terminal: bounded, told, and nothing of the learner's is lost."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from overt.training.track import load_track

from .learner import Learner
from .terminal import CTRL_C

Open = Callable[..., Learner]
FIRST = load_track().exercises[0]

LOOP = "while True:\n    pass\n"
ASLEEP = "import time\n\n\nclass TicketDesk:\n    def take(self):\n        time.sleep(10**6)\n"
GIGABYTE = "import sys\nline = 'x' * 10**6\nfor _ in range(1000):\n    sys.stdout.write(line)\n"
THREAD = "import threading\nthreading.Thread(target=threading.Event().wait).start()\n" + FIRST.solution
KILLER = "import ctypes, os, time\nctypes.CDLL(None).kill(os.getppid(), 9)\ntime.sleep(10**6)\n"


def started_for_answers(folder: Path) -> list[int]:
    """Return the processes that were started for an answer, by the temporary folder that they were given."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if f"TMPDIR={folder}/".encode() in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return [number for number in found if number != os.getpid()]


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (LOOP, r"it_loads: it did not end within \d+ s: is there a loop"),
        (ASLEEP, r"a_desk_counts_up: it did not end .* a_new_desk_starts_at_one: not tried, since a_desk_counts_up"),
        (GIGABYTE, r"it_loads: it prints 1,000,000,000 bytes|it_loads: it did not end"),
        (THREAD, r"it does not end: a thread or an exit function of it goes on"),
    ],
    ids=["loop", "asleep", "a gigabyte", "a thread that stays"],
)
def test_what_does_not_end_is_ended(open_terminal: Open, tmp_path: Path, answer: str, told: str) -> None:
    """After one limit, not one for each check; the memory of ours stays small, and the attempt counts."""
    temp = tmp_path / "temp"
    temp.mkdir()
    learner = open_terminal(TMPDIR=str(temp), columns=300)
    learner.expect("", 0, FIRST.title)
    learner.write(FIRST, answer)
    learner.terminal.run("ulimit -v 1000000")
    status, shown = learner.terminal.run("overt train check --seconds 5")
    flat = " ".join(shown.split())
    assert (status, bool(re.search(told, flat))) == (1, True), shown
    learner.expect("list", 0, "begun 01-ticket-desk")
    assert (list(temp.iterdir()), started_for_answers(temp)) == ([], [])


@pytest.mark.timeout(600)
def test_an_answer_that_kills_what_checks_it_harms_nothing_else(open_terminal: Open, tmp_path: Path) -> None:
    """Past the interpreter it can; progress and answer stay, and the answer ends by itself, since nobody is left."""
    temp = tmp_path / "temp"
    temp.mkdir()
    learner = open_terminal(TMPDIR=str(temp))
    learner.expect("", 0, FIRST.title)
    progress = tmp_path / "learner/overt-training/progress.json"
    before = progress.read_bytes()
    learner.write(FIRST, KILLER)
    status, _ = learner.terminal.run("overt train check --seconds 5")
    assert status == 128 + 9
    assert (progress.read_bytes(), learner.read(FIRST)) == (before, KILLER)
    learner.expect("list", 0, "open 01-ticket-desk")
    while started_for_answers(temp):
        time.sleep(0.5)


@pytest.mark.timeout(600)
def test_ctrl_c_ends_the_answer_too(open_terminal: Open, tmp_path: Path) -> None:
    """Pressed while the answer runs; neither it nor its folder stays."""
    temp = tmp_path / "temp"
    temp.mkdir()
    learner = open_terminal(TMPDIR=str(temp))
    learner.expect("", 0, FIRST.title)
    learner.write(FIRST, ASLEEP)
    learner.terminal.begin("overt train check --seconds 600")
    learner.terminal.await_text("checking")
    while not started_for_answers(temp):
        time.sleep(0.05)
    learner.terminal.type(CTRL_C)
    status, shown = learner.terminal.end()
    assert (status, "interrupted" in shown) == (3, True)
    assert (list(temp.iterdir()), started_for_answers(temp)) == ([], [])
