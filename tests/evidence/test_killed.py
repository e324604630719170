"""A writer killed without warning, really."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import overt
from overt.evidence.ledger import open_ledger
from overt.evidence.records import TestCase
from overt.evidence.summary import summarise
from overt.model import State

SCRIPT = """
import os, signal, sys
from pathlib import Path
from overt.evidence.manifest import Host, Inputs, Plan, PlannedSuite, Subject
from overt.evidence.records import TestCase
from overt.evidence.redact import Redactor
from overt.evidence.writer import RunWriter
from overt.system.clock import SystemClock

wanted, point = int(sys.argv[2]), sys.argv[3]
seen = 0

def die(event, arguments):
    # Audit events come just before the system call: the kill lands between two of them.
    global seen
    if event in {"open", "os.rename", "os.mkdir", "os.remove"} and any(".overt" in str(one) for one in arguments):
        seen += 1
        if seen == wanted:
            os.kill(os.getpid(), signal.SIGKILL)

if point == "call":
    sys.addaudithook(die)
planned = PlannedSuite(name="unit", suite_kind="pytest", inputs=Inputs(patterns=("src",), files=0, sha256="00"))
host = Host(system="Linux", machine="x86_64", python="3.12", implementation="CPython", cores=2)
store, subject = Path(sys.argv[1]) / ".overt/runs", Subject(project="shop")
writer = RunWriter.start(store, plan=Plan(suites=(planned,)), subject=subject, host=host, clock=SystemClock(),
                         redactor=Redactor({}))
for number in range(5):
    blob = writer.blob(b"output %d" % number)
    writer.add(TestCase(id=f"test:unit:{number}", suite="unit", name=str(number), outcome="passed", output_blob=blob))
    if point == "record" and number + 1 == wanted:
        os.kill(os.getpid(), signal.SIGKILL)
writer.close()
print(seen)
"""


def _run(root: Path, number: int, point: str) -> subprocess.CompletedProcess[str]:
    source = str(Path(overt.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": source}
    arguments = [sys.executable, "-c", SCRIPT, str(root), str(number), point]
    return subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("written", [1, 3, 5])
def test_a_kill_between_records_loses_none_that_was_written(tmp_path, written):
    """Every record whose `add` had returned is there, and nothing counts as proved."""
    assert _run(tmp_path, written, "record").returncode == -signal.SIGKILL
    ledger = open_ledger(tmp_path)
    run = ledger.latest("unit")
    assert not ledger.damage
    assert run is not None
    assert [record.name for record in run.of(TestCase)] == [str(number) for number in range(written)]
    assert not run.damage
    assert any("never closed" in note.message for note in run.notes)
    assert summarise(run, run.manifest.plan.suites[0]).verdict.state is State.UNCHECKED


def test_a_kill_at_any_call_to_the_system_leaves_a_ledger_that_opens(tmp_path):
    """At each open, rename, mkdir and remove of a whole run in turn: no damage, and what was written is there."""
    calls = int(_run(tmp_path / "whole", 0, "call").stdout)
    assert calls > 20
    states = set()
    for number in range(1, calls + 1):
        root = tmp_path / str(number)
        assert _run(root, number, "call").returncode == -signal.SIGKILL
        ledger = open_ledger(root)
        assert not ledger.damage, number
        for run in ledger.runs:
            assert not run.damage, number
            states.add(run.manifest.state)
            names = [record.name for record in run.of(TestCase)]
            assert names == [str(one) for one in range(len(names))]
            for case in run.of(TestCase):
                assert run.blob(case.output_blob) == f"output {case.name}".encode()
    assert "running" in states


def test_the_same_project_can_be_measured_again(tmp_path):
    """What a killed run left does not stand in the way of the next one."""
    _run(tmp_path, 3, "record")
    assert _run(tmp_path, 0, "none").returncode == 0
    ledger = open_ledger(tmp_path)
    assert [run.manifest.state for run in ledger.runs] == ["closed", "running"]
    latest = ledger.latest("unit")
    assert latest is not None
    assert not latest.damage
