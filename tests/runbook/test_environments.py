"""Runbooks are carried out for real only where the project says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from overt.campaign.records import EnvironmentTable
from overt.model import OvertError
from overt.runbook.environments import declared, place_in
from overt.runbook.parse import parse_runbook
from overt.runbook.place import Place

STAGE = EnvironmentTable(folder="live", env=("COLOUR=green", "TOKEN"), runbooks=("lamp",))


def test_an_environment_that_is_not_declared_is_refused() -> None:
    """With the nearest one, or how to declare it."""
    assert declared("stage", {"stage": STAGE}) is STAGE
    for name, known, hint in (
        ("stge", {"stage": STAGE}, "did you mean 'stage'"),
        ("stage", {}, "[environments.stage]"),
        ("", {"stage": STAGE}, "of overt.toml: stage"),
        ("", {}, "none is declared"),
    ):
        with pytest.raises(OvertError) as caught:
            declared(name, known)
        assert hint in str(caught.value.hint)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with the folder of its environment."""
    (tmp_path / "live").mkdir()
    return tmp_path


def found(root: Path, good: str, environment: EnvironmentTable, caller: dict[str, str]) -> Place:
    """Return where the runbook would run."""
    runbook = parse_runbook("lamp.md", good.replace("owner: stage", "owner: stage\nenv: [COLOUR, WARM=1]"))
    return place_in(root, environment, runbook, caller, temporary=root / "tmp", mark="m")


def test_blocks_run_in_its_folder_in_the_home_of_the_caller(root: Path, good: str) -> None:
    """What the runbook needs may come from the environment."""
    place = found(root, good, STAGE, {"TOKEN": "t", "HOME": "/home/ann"})
    assert (place.project, place.home) == ((root / "live").resolve(), Path("/home/ann"))
    assert place.variables == STAGE.env


def test_what_is_missing_is_told_before_anything_runs(root: Path, good: str) -> None:
    """A variable, the folder, and that this runbook is not for this place."""
    with pytest.raises(OvertError, match="not set: TOKEN"):
        found(root, good, STAGE, {"HOME": "/"})
    with pytest.raises(OvertError, match="the folder of the environment is not there"):
        found(root, good, EnvironmentTable(folder="cellar"), {"COLOUR": "red"})
    with pytest.raises(OvertError, match="'lamp' may not be carried out in this environment"):
        found(root, good, EnvironmentTable(runbooks=("organ",)), {"COLOUR": "red"})
