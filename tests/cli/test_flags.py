"""`overt flags` shows and changes what overt.toml declares."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from overt.cli.main import main

TOML = """
[project]
name = "shop"

[flags.new-registry]
owner = "core"
purpose = "the shared registry"
created = "2026-11-22"
until = "2999-12-31"

[flags.new-cache]
owner = "core"
purpose = "the shared cache"
created = "2020-01-01"
until = "2020-12-31"
default = true

[[stages]]
number = 1
name = "registry"
flags = ["new-registry"]

[[stages]]
number = 2
name = "cache"
flags = ["new-cache"]
risk = "high"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Give a project with two flags and two stages."""
    (tmp_path / "overt.toml").write_text(TOML)
    return tmp_path


class Command:
    """Runs `overt flags` in a project and remembers what it printed."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._root, self._capsys = root, capsys

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        status = main(["flags", *arguments, "-C", str(self._root)])
        return int(status), *self._capsys.readouterr()

    def json(self, *arguments: str) -> Any:
        return json.loads(self(*arguments, "--json")[1])


@pytest.fixture
def command(project: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(project, capsys)


def test_list_shows_every_flag(command: Command) -> None:
    """Value, owner and date; a flag past its date is said to be."""
    status, shown, _ = command("list")
    assert status == 0
    lines = [line.split() for line in shown.splitlines()]
    assert lines[1][:5] == ["new-registry", "off", "core", "until", "2999-12-31"]
    assert "past its date, 2020-12-31: take it out" in shown
    assert [flag["value"] for flag in command.json("list")] == [False, True]


def test_changes_are_kept_with_who_and_why(command: Command) -> None:
    """set, rollout and reset; the history shows each of them."""
    assert command("set", "new-registry", "on", "--by", "ann", "--reason", "measured")[1] == (
        "new-registry: default -> on\n"
    )
    assert command("rollout", "new-registry", "25", "--by", "bob")[1] == "new-registry: on -> 25 %\n"
    assert command("reset", "new-registry", "--by", "bob")[1] == "new-registry: 25 % -> default\n"
    history = command.json("history", "new-registry")
    assert [(change["by"], change["new"], change["reason"]) for change in history] == [
        ("ann", True, "measured"),
        ("bob", 25.0, ""),
        ("bob", None, ""),
    ]
    assert command("history")[1].count("new-registry") == 3
    assert command("history", "new-cache")[1] == "new-cache was never changed.\n"


def test_show_tells_everything_about_one(command: Command) -> None:
    """As text and as JSON; without --by it is the user who changed it."""
    command("rollout", "new-registry", "12.5", "--reason", "first look")
    _, shown, _ = command("show", "new-registry")
    assert "12.5 %" in shown
    assert ": first look" in shown
    state = command.json("show", "new-registry")
    assert (state["value"], state["percentage"], state["enabled"]) == (12.5, 12.5, False)
    assert state["changed"]["by"]


def test_stages_go_forward_and_back(command: Command) -> None:
    """Status says where it stands; a stage that is not ready is refused unless forced."""
    assert "Stage 1 is ready" in command("status")[1]
    assert command("advance", "1", "--percentage", "50")[1] == "stage 0 -> stage 1 at 50 %\n"
    status, shown, _ = command("advance", "2")
    assert (status, "Stage 2 is not ready, nothing was changed" in shown) == (1, True)
    assert command.json("status")["flags"] == {"new-registry": 50.0, "new-cache": True}
    assert command("advance", "2", "--force", "--reason", "known to be good")[0] == 0
    assert command("rollback", "0", "--reason", "slow")[1] == "stage 2 -> stage 0: everything is off\n"
    document = command.json("status")
    assert (document["stage"], document["next"], document["flags"]["new-cache"]) == (0, 1, False)
    assert [move["kind"] for move in document["history"]] == ["advance", "advance", "rollback"]
    assert [check["name"] for check in document["checks"] if not check["ok"]] == ["rollbacks"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["show", "new-regisrty"], "did you mean 'new-registry'?"),
        (["rollout", "new-cache", "101"], "from 0 to 100"),
        (["advance", "7"], "there is no stage 7"),
        (["rollback", "2"], "use advance_to to go on"),
        (["set", "new-cache", "perhaps"], "invalid choice"),
        ([], "required"),
    ],
)
def test_mistakes_are_told_and_change_nothing(command: Command, arguments: list[str], message: str) -> None:
    """Exit 2, one line, what to do."""
    status, shown, complaint = command(*arguments)
    assert (status, shown) == (2, "")
    assert message in complaint
    assert command.json("history") == []


def test_a_project_without_flags_is_told_how_to_declare_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is made in it."""
    (tmp_path / "overt.toml").write_text('[project]\nname = "shop"\n')
    assert main(["flags", "list", "-C", str(tmp_path)]) == 2
    assert "[flags.NAME]" in capsys.readouterr().err
    assert not (tmp_path / ".overt").exists()


@pytest.mark.parametrize("how", ["deleted", "damaged"])
def test_everything_goes_off_also_without_the_store(project: Path, command: Command, how: str) -> None:
    """`rollback 0` says what could not be read; a damaged file is kept; what was on by default is off, too."""
    command("advance", "2", "--force", "--by", "ann")
    store = project / ".overt/flags.sqlite"
    for path in store.parent.glob("flags.sqlite*"):
        path.unlink()
    if how == "damaged":
        store.write_bytes(b"nothing")
    status, shown, _ = command("rollback", "0", "--by", "bob", "--reason", "fire")
    assert (status, "everything is off" in shown) == (0, True)
    assert ("could not be read: the flag store" in shown) is (how == "damaged")
    assert [flag["value"] for flag in command.json("list")] == [False, False]
    assert store.with_name("flags.sqlite-damaged").exists() is (how == "damaged")
    assert command("rollback", "2")[0] == 2


def test_a_damaged_store_is_told(project: Path, command: Command) -> None:
    """Exit 3: it could not be checked."""
    (project / ".overt").mkdir()
    (project / ".overt" / "flags.sqlite").write_bytes(b"no database " * 200)
    status, _, complaint = command("list")
    assert (status, "is damaged" in complaint) == (3, True)
