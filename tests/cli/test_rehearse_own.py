"""The runbooks of this project hold."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from overt.campaign import load
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


@pytest.mark.parametrize("runbook", FOUND.runbooks, ids=lambda runbook: runbook.id)
def test_it_rehearses_green(runbook: Runbook, tmp_path: Path) -> None:
    """Carried out and taken back in a scratch copy of this repository."""
    around = Surroundings(root=ROOT, files=FILES, environment=os.environ, temp=tmp_path, clock=SystemClock())
    verdict = rehearsal_verdict(rehearse(runbook, around))
    assert verdict.state is State.PROVED, verdict.reason
