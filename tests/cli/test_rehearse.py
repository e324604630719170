"""`overt rehearse` from the command line to the ledger."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from overt.campaign import load
from overt.cli.main import main
from overt.evidence.facts import gather
from overt.evidence.ledger import open_ledger
from overt.evidence.records import Rehearsal, SuiteRun
from overt.system.files import project_files
from overt.testing import wait_for

LAMP = """\
---
id: lamp
owner: stage
---
# Switch the lamp on

```bash { .step id=on timeout=5 }
echo on > lamp
```

```bash { .check for=on timeout=5 }
grep -q on lamp
```

```bash { .undo for=on timeout=5 }
echo off > lamp
```
"""


@pytest.fixture
def theatre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one runbook, and a folder for temporary files of its own."""
    root = tmp_path / "theatre"
    (root / "runbooks").mkdir(parents=True)
    (root / "lamp").write_text("off\n")
    (root / "runbooks" / "lamp.md").write_text(LAMP)
    temp = tmp_path / "temp"
    temp.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temp))
    monkeypatch.setenv("TMPDIR", str(temp))
    return root


def test_a_rehearsal_is_shown_and_recorded(theatre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The ledger holds what was seen, on what, and the shell is told that it holds."""
    assert main(["rehearse", "-C", str(theatre), "--all"]) == 0
    shown = capsys.readouterr().out
    assert "ok    step      on" in shown
    assert "1 of 1 proved" in shown
    run = open_ledger(theatre).latest("rehearsal")
    assert run is not None
    assert run.damage == ()
    [suite] = run.manifest.plan.suites
    assert (suite.suite_kind, suite.at_least) == ("rehearsal", 1)
    assert suite.inputs.patterns == ("lamp", "runbooks/lamp.md")
    assert suite.inputs.files == 2
    [record] = run.of(Rehearsal)
    assert (record.runbook, record.changed, record.restored, record.reason) == ("lamp", True, True, "")
    assert [ended.status for ended in run.of(SuiteRun)] == ["completed"]


def test_evidence_goes_stale_with_the_text_and_with_age(theatre: Path) -> None:
    """What was rehearsed then says nothing about another text, or about today."""
    page = theatre / "runbooks" / "lamp.md"
    page.write_text(LAMP.replace("owner: stage", "owner: stage\nrehearse_every: 30d"))
    assert main(["rehearse", "-C", str(theatre), "lamp"]) == 0

    def proved(*, later_ns: int = 0) -> tuple[object, str]:
        files = project_files(theatre)
        now_ns = open_ledger(theatre).runs[0].manifest.created_ns + later_ns
        facts = gather(theatre, load(theatre).campaign, open_ledger(theatre), files=files, now_ns=now_ns)
        fact = facts.get("rehearsals.lamp.proved")
        return fact.value, fact.state.value

    assert proved() == (True, "proved")
    assert proved(later_ns=31 * 86400 * 10**9) == (True, "stale")
    page.write_text(page.read_text() + "\nOne more word.\n")
    assert proved() == (True, "stale")


def test_a_refuted_runbook_says_why_and_exits_1(theatre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The reason stands under the steps, with its line."""
    (theatre / "runbooks" / "lamp.md").write_text(LAMP.replace("echo off > lamp", "true"))
    assert main(["rehearse", "-C", str(theatre), "lamp"]) == 1
    shown = capsys.readouterr().out
    assert "refuted: runbooks/lamp.md:15: undo 'undo-on' restores nothing" in shown
    assert "0 of 1 proved" in shown


def test_json_is_one_document(theatre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Another program reads the same observations."""
    assert main(["rehearse", "-C", str(theatre), "runbooks/lamp.md", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["runbook"], one["state"]) for one in told["rehearsals"]] == [("lamp", "proved")]
    assert told["rehearsals"][0]["run"] == open_ledger(theatre).runs[0].name


def test_a_plan_runs_nothing(theatre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It shows the order and what the runbook lacks; lacking something exits 1."""
    assert main(["rehearse", "-C", str(theatre), "lamp", "--plan"]) == 0
    shown = capsys.readouterr().out
    assert [line.split()[0] for line in shown.splitlines()[1:5]] == ["before", "step", "check", "undo"]
    assert shown.endswith("0 findings; nothing was run\n")
    assert not (theatre / ".overt").exists()
    (theatre / "runbooks" / "lamp.md").write_text(LAMP.replace(" timeout=5 }\necho on", " }\nrm -rf lamp; echo on"))
    assert main(["rehearse", "-C", str(theatre), "lamp", "--plan", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [finding["rule"] for finding in told["findings"]] == ["RB103", "RB105"]
    assert [block["as"] for block in told["plan"][0]["blocks"]] == ["before", "step", "check", "undo"]


def test_a_plan_tells_what_the_runbook_names_that_is_not_there(
    theatre: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever follows it at night would find out then; what is there is no finding."""
    named = "\nSee [the plan](plan.md), `runbooks/lamp.md` and `overt rehearse --plam`.\n"
    (theatre / "runbooks" / "lamp.md").write_text(LAMP + named)
    assert main(["rehearse", "-C", str(theatre), "lamp", "--plan"]) == 1
    shown = capsys.readouterr().out
    found = [line for line in shown.splitlines() if "RB108" in line]
    line = len(LAMP.splitlines()) + 2
    assert len(found) == 2
    assert found[0].startswith(f"runbooks/lamp.md:{line}:")
    assert "plan.md" in found[0]
    assert "--plam" in found[1]
    assert "2 findings; nothing was run" in shown


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["lmap"], 2, "there is no runbook 'lmap' (did you mean 'lamp'?)"),
        ([], 2, "no runbook named (name one of lamp, or --all)"),
        (["--al"], 2, "unrecognized arguments: --al"),
    ],
)
def test_a_wrong_command_line_is_told(
    theatre: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, told: str
) -> None:
    """With the nearest name, or what to do."""
    assert main(["rehearse", "-C", str(theatre), *arguments]) == status
    assert told in capsys.readouterr().err


def test_a_broken_runbook_is_told_with_all_its_errors(theatre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2, each error with its line, nothing rehearsed."""
    (theatre / "runbooks" / "lamp.md").write_text(
        LAMP.replace(".check for=on", ".chek for=on").replace("for=on t", "for=off t")
    )
    assert main(["rehearse", "-C", str(theatre), "--all"]) == 2
    told = capsys.readouterr().err
    assert "runbooks/lamp.md:11: unknown role 'chek' (did you mean 'check'?)" in told
    assert "runbooks/lamp.md:15: undo for 'off', which is not there" in told
    assert not (theatre / ".overt").exists()


def test_no_runbook_at_all_is_never_green(theatre: Path) -> None:
    """Nothing rehearsed proves nothing."""
    (theatre / "runbooks" / "lamp.md").unlink()
    assert main(["rehearse", "-C", str(theatre), "--all"]) == 3


def test_a_kept_scratch_copy_is_no_leftover(theatre: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever asked for it need not be told of it."""
    assert main(["rehearse", "-C", str(theatre), "lamp", "--keep"]) == 0
    [kept] = (tmp_path / "temp").iterdir()
    assert (kept / "project" / "lamp").read_text() == "off\n"
    assert f"the scratch copy stays in {kept / 'project'}" in capsys.readouterr().out
    assert main(["rehearse", "-C", str(theatre), "lamp"]) == 0
    assert "was killed" not in capsys.readouterr().err
    assert kept.exists()


def test_a_killed_rehearsal_is_told_by_the_next_and_can_be_cleaned(
    theatre: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """After kill -9 the scratch copy and the running step are found, named and removed; the ledger opens."""
    hanging = LAMP.replace("echo on > lamp", "echo on > lamp; echo $$ > pid; sleep 60").replace(
        "timeout=5", "timeout=60"
    )
    (theatre / "runbooks" / "lamp.md").write_text(hanging)
    temp = tmp_path / "temp"
    argv = [sys.executable, "-m", "overt", "rehearse", "-C", str(theatre), "lamp"]
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL, env={**os.environ, "TMPDIR": str(temp)}) as running:
        wait_for(lambda: list(temp.glob("overt-rehearsal-*/project/pid")), timeout=20)
        running.send_signal(signal.SIGKILL)
    ledger = open_ledger(theatre)
    assert ledger.damage == ()
    assert [run.manifest.state for run in ledger.runs] == ["running"]
    (theatre / "runbooks" / "lamp.md").write_text(LAMP)
    assert main(["rehearse", "-C", str(theatre), "lamp"]) == 0
    told = capsys.readouterr().err
    [left] = temp.iterdir()
    assert f"its scratch copy is still in {left}" in told
    assert "of its processes still run" in told
    assert "overt rehearse --clean" in told
    assert main(["rehearse", "-C", str(theatre), "--clean"]) == 0
    assert capsys.readouterr().out == f"removed {left}\n"
    assert list(temp.iterdir()) == []
    assert main(["rehearse", "-C", str(theatre), "--clean"]) == 0
    assert capsys.readouterr().out == "nothing was left behind\n"


def test_a_declared_environment_is_rehearsed_in_only_when_it_says_so(
    theatre: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And only a runbook that says what its state is; the evidence names the environment."""
    (theatre / "live").mkdir()
    (theatre / "live/lamp").write_text("off\n")
    declared = '[project]\nname = "theatre"\n\n[environments.stage]\nfolder = "live"\n'
    (theatre / "overt.toml").write_text(declared)
    there = ["rehearse", "-C", str(theatre), "lamp", "--environment", "stage"]
    assert main(there) == 2
    assert "does not allow rehearsals" in capsys.readouterr().err
    (theatre / "overt.toml").write_text(declared + "rehearse = true\n")
    assert main(there) == 2
    assert "nothing says what its state is" in capsys.readouterr().err
    state = "```bash { .state id=lit timeout=5 }\ncat lamp\n```\n"
    (theatre / "runbooks/lamp.md").write_text(LAMP + state)
    assert main(there) == 0
    [record] = open_ledger(theatre).runs[0].of(Rehearsal)
    assert (record.environment, record.changed, record.restored) == ("stage", True, True)
    assert (theatre / "live/lamp").read_text() == "off\n"
    assert main(["rehearse", "-C", str(theatre), "lamp", "--environment", "stag"]) == 2
    assert "did you mean 'stage'" in capsys.readouterr().err
