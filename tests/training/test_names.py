"""A track that was written on one system can be worked through on another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PureWindowsPath

import pytest

from overt.model import OvertError, Problems
from overt.training.names import answer_name, clashes, impossible
from overt.training.track import load_track

Make = Callable[..., Path]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("wrong/aux.py", "device"),
        ("wrong/Com1.x.py", "device"),
        ("nul .py", "device"),
        ("a:b.py", "':'"),
        ("a\\b.py", r"'\\'"),
        ("what?.md", "'?'"),
        ("tab\t.md", r"'\t'"),
        ("folder./a.md", "ends with a dot"),
        ("name /a.md", "ends with a dot or a blank"),
    ],
)
def test_a_name_that_windows_cannot_have_is_told(path: str, told: str) -> None:
    """Wherever in the path it stands."""
    assert told in impossible(path)


@pytest.mark.parametrize("path", ["01-ticket-desk/wrong/always_one.py", "com/lpt/console.py", "a.b.c", "com0.md"])
def test_other_names_are_fine(path: str) -> None:
    """Also those that only look like a device."""
    assert impossible(path) == ""


@pytest.mark.parametrize("name", ["", "..", ".hidden", "../up", r"..\up", "C:up", "a/b", r"\\host\share", "con", "x:y"])
def test_an_answer_never_leaves_the_folder(name: str) -> None:
    """Whatever a progress file that came from elsewhere calls an exercise."""
    with pytest.raises(OvertError, match="is no name of an exercise"):
        answer_name(name)


def test_our_own_track_is_possible_everywhere() -> None:
    """Each path of it is one for Windows, short enough, and stays different when case does not count."""
    track = load_track()
    paths = [
        f"{item.name}/{path.relative_to(item.folder).as_posix()}"
        for item in track.items
        for path in item.folder.rglob("*")
        if "__pycache__" not in path.parts
    ]
    assert [path for path in paths if impossible(path) or len(path) > 80] == []
    assert list(clashes(paths)) == []
    answers = [answer_name(exercise.name) for exercise in track.exercises]
    assert [PureWindowsPath("C:/learner", name).name for name in answers] == answers
    assert list(clashes(answers)) == []


def test_a_track_that_cannot_exist_everywhere_is_told(make_track: Make) -> None:
    """Before somebody with another system finds out."""
    with pytest.raises(Problems) as caught:
        load_track(make_track({"wrong/aux.py": "def open_door():\n    return 3\n", "Task.md": "# Doors\n"}))
    told = [problem.message for problem in caught.value.problems]
    assert "cannot exist everywhere: 'aux.py' is the name of a device on Windows" in told
    assert "differs from Task.md in small and capital letters only, which some systems take for one" in told
