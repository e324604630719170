"""An author begins an exercise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from overt.cli.main import main
from overt.training.scaffold import UNWRITTEN


def test_a_new_exercise_lacks_only_its_texts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its check names what is to be written and nothing else; once that is written, it is proved."""
    track = ["train", "-C", str(tmp_path), "--track", str(tmp_path / "own"), "dev"]
    assert main([*track, "new", "tea-room"]) == 0
    folder = tmp_path / "own" / "01-tea-room"
    assert str(folder) in capsys.readouterr().out
    assert main([*track, "check", "--no-record", "--json"]) == 1
    [told] = json.loads(capsys.readouterr().out)["exercises"]
    names = ["task.md", "hints.md", "why.md", "exercise.toml"]
    assert told["reason"].split("; ") == [f"{name} is still to be written" for name in names]
    for name in names:
        path = folder / name
        path.write_text(path.read_text().replace(UNWRITTEN, "Now"))
    assert main([*track, "check", "--no-record"]) == 0


def test_exercises_are_numbered_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A name is given once."""
    track = ["train", "-C", str(tmp_path), "--track", str(tmp_path / "own"), "dev", "new"]
    (tmp_path / "own" / "09-quiz").mkdir(parents=True)
    assert main([*track, "tea"]) == 0
    assert (tmp_path / "own" / "10-tea" / "start.py").exists()
    assert main([*track, "tea"]) == 2
    assert "there is an exercise '10-tea'" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["Tea", "../tea", "tea room", "-tea", "1"])
def test_a_name_that_is_no_folder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    """Nothing is written."""
    assert main(["train", "-C", str(tmp_path), "--track", str(tmp_path / "own"), "dev", "new", "--", name]) == 2
    assert "is no name for an exercise" in capsys.readouterr().err
    assert not (tmp_path / "own").exists()


def test_the_track_that_comes_with_overt_is_not_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A project needs a folder of its own."""
    assert main(["train", "-C", str(tmp_path), "dev", "new", "tea"]) == 2
    assert "no track of its own" in capsys.readouterr().err
