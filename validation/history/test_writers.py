"""Programs that add to one history at once, some of them killed: nothing is lost, doubled or swallowed."""

from __future__ import annotations

import random
import signal
import subprocess
import sys

from overt.evidence.history_file import HISTORY, parse_history, read_history, remember
from overt.evidence.ledger import open_ledger
from overt.evidence.manifest import Host, Inputs, Plan, PlannedSuite, Subject
from overt.evidence.records import SuiteRun, TestCase
from overt.evidence.redact import Redactor
from overt.evidence.writer import RunWriter
from overt.system.clock import SystemClock

RUNS, WRITERS, KILLED = 40, 4, 8
HOST = Host(system="Linux", machine="x86_64", python="3.12", implementation="CPython", cores=2)
PROGRAM = """
import sys
from pathlib import Path
from overt.evidence.history_file import remember
from overt.evidence.ledger import open_ledger

root, step = Path(sys.argv[1]), int(sys.argv[2])
runs = open_ledger(root).runs
print("ready", flush=True)
for run in runs[step:] + runs[:step]:
    remember(root, [run])
    print(run.name, flush=True)
"""


def _record(root):
    planned = PlannedSuite(name="unit", suite_kind="pytest", inputs=Inputs(patterns=("src",), files=0, sha256="00"))
    for number in range(RUNS):
        with RunWriter.start(
            root / ".overt/runs",
            plan=Plan(suites=(planned,)),
            subject=Subject(project="shop", commit="c0ffee"),
            host=HOST,
            clock=SystemClock(),
            redactor=Redactor({}),
        ) as writer:
            name = f"tests/test_{number % 7}.py::test_a"
            writer.add(TestCase(id=f"test:unit:{name}", suite="unit", name=name, outcome="passed"))
            writer.add(SuiteRun(id="suite:unit", suite="unit", status="completed"))


def test_writers_that_are_killed_harm_nobody(tmp_path):
    """Whatever a program has said it added is there; in the end every run is there once."""
    _record(tmp_path)
    chance = random.Random(3)
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(tmp_path), str(7 * number)], stdout=subprocess.PIPE, text=True
        )
        for number in range(WRITERS)
    ]
    said: set[str] = set()
    for number, program in enumerate(programs):
        assert program.stdout is not None
        with program.stdout as lines:
            for line in lines:
                said.add(line.strip())
                if number < WRITERS // 2 and len(said) > KILLED and chance.random() < 0.2:
                    program.send_signal(signal.SIGKILL)
        program.wait()
    said.discard("ready")
    there = {entry.run for entry in read_history(tmp_path).entries}
    assert said <= there
    remember(tmp_path, open_ledger(tmp_path).runs)
    data = (tmp_path / HISTORY).read_bytes()
    history = parse_history(data, HISTORY)
    assert len(history.entries) == RUNS
    assert sum(b'"line":"suite"' in line for line in data.split(b"\n") if line.endswith(b"}")) == RUNS
    assert len(history.damage) <= WRITERS // 2
