"""A team lead adds exercises to an adopted project, and its people take them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from overt.cli.main import main
from overt.training.scaffold import UNWRITTEN


@pytest.fixture
def project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A small project that overt was set up for."""
    (tmp_path / "src/shop").mkdir(parents=True)
    (tmp_path / "src/shop/__init__.py").write_text("def total(bills: list[int]) -> int:\n    return sum(bills)\n")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_shop.py").write_text(
        "from shop import total\n\n\ndef test_it():\n    assert total([1]) == 1\n"
    )
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'shop'\nversion = '1'\n")
    assert main(["init", "-C", str(tmp_path)]) == 0
    capsys.readouterr()
    return tmp_path


def adopt(project: Path, *lines: str) -> None:
    """Say in the project's configuration where its exercises are."""
    with (project / "overt.toml").open("a") as stream:
        stream.write("\n[training]\n" + "\n".join(lines) + "\n")


def write(folder: Path) -> None:
    """Write what the scaffold leaves open."""
    for path in folder.rglob("*"):
        if path.is_file():
            path.write_text(path.read_text().replace(UNWRITTEN, "About bills:"))


def run(project: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object]]:
    status = main(["train", "-C", str(project), *arguments, "--json"])
    return status, json.loads(capsys.readouterr().out)


def names(told: dict[str, object]) -> list[str]:
    rows = told["items"]
    assert isinstance(rows, list)
    return [row["name"] for row in rows]


def test_exercises_of_a_project_take_the_place_of_ours(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Begun, written, held against themselves, recorded, and offered to whoever works in the project."""
    adopt(project, 'path = "training"')
    assert run(project, capsys, "dev", "new", "open-bills")[0] == 0
    assert run(project, capsys, "dev", "new", "who-pays", "--quiz")[0] == 0
    status, told = run(project, capsys, "dev", "check")
    assert status == 1
    assert str(told).count("is still to be written") == 6
    write(project / "training")
    status, told = run(project, capsys, "dev", "check")
    assert (status, bool(told["run"])) == (0, True)
    status, told = run(project, capsys, "list")
    assert (status, names(told)) == (0, ["01-open-bills", "02-who-pays"])
    assert names(run(project, capsys, "--track", "overt", "list")[1])[0] == "01-ticket-desk"
    solution = (project / "training/01-open-bills/solution.py").read_text()
    assert run(project, capsys, "next")[1]["next"] == "01-open-bills"
    (project / "overt-training/01_open_bills.py").write_text(solution)
    assert run(project, capsys, "check")[0] == 0
    assert run(project, capsys, "quiz", "--answer", "2")[0] == 0
    assert run(project, capsys, "next")[1] == {"next": None}


def test_exercises_of_a_project_may_stand_behind_ours(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Then they are numbered on, may need what ours teach, and are the only ones that the project checks."""
    adopt(project, 'path = "training"', "beside = true")
    main(["train", "-C", str(project), "dev", "new", "open-bills"])
    folder = project / "training/21-open-bills"
    write(folder)
    card = (folder / "exercise.toml").read_text()
    (folder / "exercise.toml").write_text(card.replace("needs = []", 'needs = ["owner", "span"]'))
    capsys.readouterr()
    status, told = run(project, capsys, "dev", "check", "--no-record")
    assert (status, [one["exercise"] for one in told["exercises"]]) == (0, ["21-open-bills"])  # type: ignore[attr-defined]
    status, told = run(project, capsys, "list")
    assert (status, len(names(told)), names(told)[-1]) == (0, 21, "21-open-bills")
    tracks = [row["track"] for row in told["items"]]  # type: ignore[attr-defined]
    assert (tracks[0], tracks[-1]) == ("overt", "training")


def test_a_number_that_may_be_two_is_asked_back(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The whole name tells which."""
    adopt(project, 'path = "training"')
    main(["train", "-C", str(project), "dev", "new", "open-bills"])
    with (project / "overt.toml").open("a") as stream:
        stream.write("beside = true\n")
    assert main(["train", "-C", str(project), "hint", "1"]) == 2
    assert "'1' may be 01-ticket-desk or 01-open-bills" in capsys.readouterr().err
    assert main(["train", "-C", str(project), "hint", "01-open-bills"]) == 0


def test_an_exercise_that_was_changed_is_checked_again(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A start without the defect is no start."""
    adopt(project, 'path = "training"')
    main(["train", "-C", str(project), "dev", "new", "open-bills"])
    folder = project / "training/01-open-bills"
    write(folder)
    (folder / "start.py").write_text((folder / "solution.py").read_text())
    capsys.readouterr()
    status, told = run(project, capsys, "dev", "check")
    assert status == 1
    assert "the start passes a_new_counter_starts_at_one" in str(told)
    assert "the linter does not find OV202 in the start" in str(told)
