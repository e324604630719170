"""What `overt.toml` says of controls is held against itself."""

from __future__ import annotations

import pytest

from overt.campaign import load
from overt.model import Problems

COMMAND = '[suites.types]\nkind = "command"\ncommand = ["mypy"]\n'


def said(tmp_path, text):
    """Return what is wrong with an `overt.toml`, as text; empty when nothing is."""
    (tmp_path / "overt.toml").write_text(text)
    try:
        load(tmp_path, files=["overt.toml"])
    except Problems as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("control", "message"),
    [
        ('file = "a.py"', "suites.types.control has one of `file` and `text`"),
        ('text = "1 +"', "suites.types.control has one of `file` and `text`"),
        ('plant = ["test"]', "suites.types.control.plant is for suites of kind 'pytest'"),
        ('file = "../a.py"\ntext = "1 +"', "suites.types.control.file: '../a.py' leaves the repository"),
        ('plant = ["tests"]', "tests"),
    ],
)
def test_a_control_that_cannot_be_is_refused(tmp_path, control, message):
    """A defect needs a place, a place a defect, and both lie in the repository."""
    assert message in said(tmp_path, f"{COMMAND}[suites.types.control]\n{control}\n")


def test_gates_are_names_of_suites(tmp_path):
    """A misspelt one is told with the nearest that exists."""
    text = f'{COMMAND}[suites.controls]\nkind = "controls"\ngates = ["tpyes"]\n'
    assert "suites.controls: no suite is named 'tpyes'" in said(tmp_path, text)
    assert "did you mean 'types'?" in said(tmp_path, text)
    assert said(tmp_path, text.replace("tpyes", "types")) == ""


def test_a_declared_defect_is_read(tmp_path):
    """With its place and its twin."""
    text = f'{COMMAND}[suites.types.control]\nfile = "a.py"\ntext = "1 +"\ntwin = "1"\n'
    assert said(tmp_path, text) == ""
    control = load(tmp_path, files=["overt.toml"]).campaign.suites["types"].control
    assert (control.file, control.text, control.twin) == ("a.py", "1 +", "1")
