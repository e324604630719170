"""A project drawn as text, and a rehearsal of a runbook in it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from overt.evidence.records import Rehearsal
from overt.runbook.parse import parse_runbook
from overt.runbook.rehearse import rehearse
from overt.runbook.session import Surroundings
from overt.system.clock import SystemClock

HEAD = "---\nid: lamp\nowner: stage\n---\n# Switch the lamp on\n"

STEP = "\n## On\n```bash { .step id=on timeout=5 }\necho on > lamp\n```\n"
CHECK = "```bash { .check for=on timeout=5 }\ngrep -q on lamp\n```\n"
UNDO = "```bash { .undo for=on timeout=5 }\necho off > lamp\n```\n"
GOOD = HEAD + STEP + CHECK + UNDO


@pytest.fixture
def good() -> str:
    """A runbook that rehearses green."""
    return GOOD


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a lamp that is off."""
    root = tmp_path / "theatre"
    root.mkdir()
    (root / "lamp").write_text("off\n")
    return root


@pytest.fixture
def around(project: Path, tmp_path: Path) -> Surroundings:
    """The project, a temporary folder of its own, and nothing else."""
    temp = tmp_path / "temp"
    temp.mkdir()
    return Surroundings(
        root=project, files=["lamp"], environment={"PATH": os.environ["PATH"]}, temp=temp, clock=SystemClock()
    )


@pytest.fixture
def rehearsed(around: Surroundings) -> Callable[..., Rehearsal]:
    """Rehearse the text of a runbook in the project."""

    def run(text: str, **changes: object) -> Rehearsal:
        return rehearse(parse_runbook("lamp.md", text), replace(around, **changes))  # type: ignore[arg-type]

    return run
