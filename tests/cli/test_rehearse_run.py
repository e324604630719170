"""`overt rehearse run`: for real, in a declared environment, with a person at the terminal."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from overt.cli.rehearse import main
from overt.model import OvertError

TOML = '[project]\nname = "theatre"\n\n[environments.stage]\nfolder = "live"\n'
RUNBOOK = """\
---
id: lamp
owner: stage
risk: high
---
# Switch the lamp on

- [ ] Tell the audience. <!-- manual id=tell -->

```bash { .step id=on timeout=60 }
echo on > lamp
while test -e slow; do sleep 0.1; done
```
```bash { .check for=on timeout=60 }
grep -q on lamp
```
```bash { .undo for=on timeout=60 confirm="the light" }
echo off > lamp
```
"""


@pytest.fixture
def theatre(tmp_path: Path) -> Path:
    """A project with an environment and a runbook."""
    (tmp_path / "runbooks").mkdir()
    (tmp_path / "live").mkdir()
    (tmp_path / "overt.toml").write_text(TOML)
    (tmp_path / "runbooks/lamp.md").write_text(RUNBOOK)
    (tmp_path / "live/lamp").write_text("off\n")
    return tmp_path


def run(root: Path, *arguments: str) -> int:
    """Run the verb and return its exit status."""
    return main(["run", "lamp", "-C", str(root), "--environment", "stage", "--by", "ann", *arguments])


def lamp(root: Path) -> str:
    """Return what the lamp of the environment is like."""
    return (root / "live/lamp").read_text().strip()


def test_from_begin_to_end_and_back(theatre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Status tells each state of it; a second begin is possible only when the first is through."""
    assert run(theatre, "--status") == 0
    assert "nothing is begun" in capsys.readouterr().out
    assert run(theatre, "--yes", "--done", "tell=at eight") == 0
    assert "through: 1 step carried out in stage" in capsys.readouterr().out
    assert lamp(theatre) == "on"
    assert run(theatre, "--status") == 0
    shown = capsys.readouterr().out
    assert ", through\n" in shown
    assert "by ann  at eight" in shown
    with pytest.raises(OvertError, match="or all of it is through"):
        run(theatre, "--resume")
    assert run(theatre, "--undo", "--yes", "--done", "tell", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["taken_back"], told["environment"], lamp(theatre)) == ("proved", True, "stage", "off")
    with pytest.raises(OvertError, match="is begun in stage"):
        run(theatre, "--undo")


def test_nobody_to_ask_is_no_agreement(theatre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a terminal nothing runs that has to be agreed to."""
    with pytest.raises(OvertError, match="nobody can be asked here"):
        run(theatre)
    with pytest.raises(OvertError, match="nobody can be asked here"):
        run(theatre, "--yes")
    assert lamp(theatre) == "off"


def test_a_text_that_has_changed_is_not_gone_on_with(theatre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The steps that were done may be others than those that are read now; the way back stays."""
    path = theatre / "runbooks/lamp.md"
    path.write_text(RUNBOOK.replace("grep -q on", "grep -q green"))
    assert run(theatre, "--yes", "--done", "tell") == 1
    assert "--undo" in capsys.readouterr().err
    with pytest.raises(OvertError, match="is not through"):
        run(theatre, "--yes")
    path.write_text(RUNBOOK)
    with pytest.raises(OvertError, match="its text has changed"):
        run(theatre, "--resume", "--yes")
    path.write_text(RUNBOOK.replace("id=on", "id=onn").replace("for=on", "for=onn"))
    with pytest.raises(OvertError, match="on of it is not in the runbook any more"):
        run(theatre, "--undo", "--yes")
    path.write_text(RUNBOOK)
    assert run(theatre, "--undo", "--yes", "--done", "tell") == 0
    assert lamp(theatre) == "off"


def command(root: Path, *arguments: str) -> list[str]:
    """Return the command as a shell would start it."""
    given = ["rehearse", "run", "lamp", "-C", str(root), "--environment", "stage", *arguments]
    return [sys.executable, "-m", "overt", *given]


def test_a_kill_leaves_word_of_what_was_begun(theatre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The step may have been done or not; going on asks about it."""
    (theatre / "live/slow").touch()
    (theatre / "runbooks/lamp.md").write_text(RUNBOOK.replace("risk: high", "risk: low"))
    with subprocess.Popen(
        command(theatre, "--yes", "--done", "tell"), stdout=subprocess.PIPE, start_new_session=True
    ) as started:
        journal = theatre / ".overt/runbooks/lamp@stage.json"
        while not (journal.exists() and b'"begun"' in journal.read_bytes()):
            assert started.poll() is None
        os.kill(started.pid, signal.SIGKILL)
        started.wait()
    (theatre / "live/slow").unlink()
    assert run(theatre, "--status") == 0
    assert "on                           begun" in capsys.readouterr().out
    with pytest.raises(OvertError, match="nothing is known of its end"):
        run(theatre, "--resume")
    assert run(theatre, "--resume", "--yes") == 0
    assert lamp(theatre) == "on"


def talk(root: Path, answers: str, *arguments: str) -> tuple[int, str]:
    """Run the command at a terminal with a person who has typed ahead."""
    here, there = pty.openpty()
    try:
        os.write(here, answers.encode())
        with subprocess.Popen(
            command(root, *arguments), stdin=there, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process:
            shown = process.communicate(timeout=120)[0].decode()
    finally:
        os.close(here)
        os.close(there)
    return process.returncode, shown


def test_a_person_is_asked_in_words(theatre: Path) -> None:
    """The environment of a high risk is typed in; what is taken away is shown; a task is noted."""
    assert talk(theatre, "live\n")[0] == 2
    status, shown = talk(theatre, "stage\ny\nat eight\n")
    assert (status, lamp(theatre)) == (0, "on"), shown
    assert "by hand: Tell the audience." in shown
    status, shown = talk(theatre, "stage\nn\n", "--undo")
    assert (status, lamp(theatre)) == (1, "on"), shown
    assert "  | echo off > lamp" in shown
    assert "the light. Go on? [y/N]" in shown
    assert "was not agreed to" in shown
