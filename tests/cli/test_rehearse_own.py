"""The runbooks of this project hold."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest

from overt.campaign import load
from overt.cli.main import main
from overt.evidence.records import Rehearsal
from overt.model import State
from overt.runbook import Runbook, load_all
from overt.runbook.rehearse import rehearsal_verdict, rehearse
from overt.runbook.session import Surroundings
from overt.system.clock import SystemClock
from overt.system.files import project_files

ROOT = Path(__file__).parents[2]
FILES = project_files(ROOT)
FOUND = load_all(ROOT, load(ROOT, files=FILES).campaign, FILES)


def test_they_can_be_read_and_lack_nothing() -> None:
    """At least one, without problem or finding."""
    assert FOUND.runbooks
    assert FOUND.problems == ()
    assert FOUND.findings == ()


def run(runbook: Runbook, temp: Path) -> Rehearsal:
    """Carry a runbook out, and back, in a scratch copy of this repository."""
    around = Surroundings(root=ROOT, files=FILES, environment=os.environ, temp=temp, clock=SystemClock())
    return rehearse(runbook, around)


@pytest.mark.parametrize(
    "runbook", [one for one in FOUND.runbooks if not one.of("service")], ids=lambda runbook: runbook.id
)
def test_it_rehearses_green(runbook: Runbook, tmp_path: Path) -> None:
    """Carried out and taken back."""
    verdict = rehearsal_verdict(run(runbook, tmp_path))
    assert verdict.state is State.PROVED, verdict.reason


def test_the_operational_runbook_is_what_the_stages_say(capsys: pytest.CaptureFixture[str]) -> None:
    """The command line that stands in it writes it as it is."""
    path = ROOT / "docs/how-to/runbooks/roll-out-the-clean-up.md"
    made = re.search(r"`overt (flags runbook [^`]*) -o [^`]*`", path.read_text())
    assert made
    assert main([*shlex.split(made[1]), "-C", str(ROOT)]) == 0
    printed, kept = capsys.readouterr().out, path.read_text()
    assert printed.replace(made[1], "") == kept.replace(f"{made[1]} -o docs/how-to/runbooks/{path.name}", "")


@pytest.mark.timeout(900)
def test_no_order_failed_while_everything_was_turned_on_and_off(tmp_path: Path) -> None:
    """The shop under load told figures, and the last of them says so."""
    record = next(run(runbook, tmp_path) for runbook in FOUND.runbooks if runbook.id == "roll-out-the-clean-up")
    figures = {figure.name: figure.value for step in record.steps for figure in step.figures}
    assert rehearsal_verdict(record).state is State.PROVED, record.reason
    assert figures["failed"] == 0
    assert figures["requests"] > 10_000
