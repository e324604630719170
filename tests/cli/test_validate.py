"""`overt validate` on small real projects: what it says, how it ends, and what a kill leaves."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from overt.cli.main import main
from overt.evidence.ledger import open_ledger
from overt.evidence.reader import open_run
from overt.evidence.records import SuiteRun, TestCase
from overt.evidence.summary import summarise
from overt.model import Exit, State

WAITS = """
import os, pathlib, time
def test_a(): pass
def test_waits():
    pathlib.Path("waiting").write_text(str(os.getpid()))
    until = time.monotonic() + 60
    while not pathlib.Path("go").exists() and time.monotonic() < until:
        time.sleep(0.01)
def test_z(): pass
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project with a green suite of tests and a command that fails."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_a.py").write_text("def test_a(): pass\n")
    campaign(
        tmp_path,
        '[suites.unit]\nkind = "pytest"\ntitle = "Tests"\n'
        '[suites.types]\nkind = "command"\nrequired = false\ncommand = ["sh", "-c", "echo a.py:1: bad; exit 4"]\n',
    )
    return tmp_path


def campaign(root: Path, suites: str) -> None:
    """Write overt.toml; the tests run in the interpreter that runs this."""
    (root / "overt.toml").write_text(f'[project]\npython = "{sys.executable}"\n{suites}')


def start(root: Path, *arguments: str) -> "subprocess.Popen[str]":
    """Start `overt validate` in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "overt", "validate", *arguments],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def alive(pid: int) -> bool:
    """Tell whether a process is there and not merely waiting to be reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except FileNotFoundError:
        return False


def until(condition: Callable[[], object]) -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_green_suite_ends_with_0_and_says_what_is_next(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Figures, the place of the evidence and the next command are there."""
    assert main(["validate", "--suite", "unit"]) == Exit.PROVED
    said = capsys.readouterr().out
    assert "proved" in said
    assert "1 passed" in said
    (run,) = open_ledger(shop).runs
    assert f"Evidence: .overt/runs/{run.name}" in said
    assert "Next:     overt build" in said


def test_a_failure_ends_with_1_and_names_what_to_run_again(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each failing test has its file, line, message and a command that runs just it; that command works."""
    (shop / "test_b.py").write_text("def test_b():\n    assert 1 == 2\n")
    assert main(["validate"]) == Exit.REFUTED
    said = capsys.readouterr().out
    assert "unit: test_b.py:1  test_b.py::test_b: assert 1 == 2" in said
    again = f"{sys.executable} -m pytest test_b.py::test_b"
    assert again in said
    assert subprocess.run(again.split(), cwd=shop, capture_output=True, check=False).returncode == 1
    assert "types: exited 4: a.py:1: bad" in said


def test_what_could_not_run_ends_with_3(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No test, and a program that is not there, are neither green nor red."""
    (shop / "test_a.py").write_text("")
    campaign(shop, '[suites.unit]\nkind = "pytest"\n[suites.tool]\nkind = "command"\ncommand = ["no-such-tool"]\n')
    assert main(["validate"]) == Exit.UNCHECKED
    said = capsys.readouterr().out
    assert said.count("? unchecked") == 2
    assert "no-such-tool could not be started" in said
    assert said.endswith("once it can run; overt build --no-strict shows what was not measured\n")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--suite", "unti"], "there is no suite 'unti' (did you mean 'unit'?)"),
        (["--parallel", "0"], "'0' is not a number from 1 to 64"),
        (["--parallel", "two"], "'two' is not a number from 1 to 64"),
        (["--shard", "3/2"], "'3/2' is not a shard"),
        (["--durations", "x.json"], "no part was asked for"),
        (["--performance-only"], "no suite measures performance"),
        (["--performance-only", "--suite", "unit"], "exclude each other"),
        (["--no-such-option"], "unrecognized arguments"),
        (["-C", "no/such/folder"], "there is no folder"),
    ],
)
def test_a_mistake_of_the_user_ends_with_2(
    shop: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
) -> None:
    """It is named, and nothing is written."""
    assert main(["validate", *arguments]) == Exit.USAGE
    assert complaint in capsys.readouterr().err
    assert not (shop / ".overt").exists()


def test_an_empty_selection_ends_with_2(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing to run is not everything passed."""
    campaign(shop, "")
    assert main(["validate"]) == Exit.USAGE
    assert "there is no suite to run" in capsys.readouterr().err


def test_the_list_runs_nothing(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """People get lines, programs get JSON, and no evidence is made up."""
    assert main(["validate", "--list"]) == Exit.PROVED
    said = capsys.readouterr().out
    assert "unit   pytest   Tests" in said
    assert "optional" in said
    assert main(["validate", "--list", "--json", "--suite", "unit"]) == Exit.PROVED
    (suite,) = json.loads(capsys.readouterr().out)["suites"]
    assert (suite["name"], suite["kind"], suite["runs"]) == ("unit", "pytest", "pytest")
    assert not (shop / ".overt").exists()


def test_only_suites_that_measure_performance(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They are known by their name."""
    suites = ("performance", "performance-registry", "performed")
    campaign(shop, "".join(f'[suites.{name}]\nkind = "command"\ncommand = ["true"]\n' for name in suites))
    assert main(["validate", "--performance-only", "--json"]) == Exit.PROVED
    told = json.loads(capsys.readouterr().out)
    assert [suite["name"] for suite in told["suites"]] == ["performance", "performance-registry"]


def test_flags_choose_the_state_that_suites_run_in(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One state takes the place of the suite; the matrix is all there is; nothing that depends on it is a mistake."""
    assert main(["validate", "--flags", "on"]) == Exit.USAGE
    assert "is declared for flags 'on'" in capsys.readouterr().err
    campaign(shop, '[suites.unit]\nkind = "pytest"\nflags = ["on", "off"]\n[suites.more]\nkind = "pytest"\n')
    (shop / "test_a.py").write_text("def test_a(record_property): record_property('overt.flags', 'cart')\n")
    assert main(["validate", "--list", "--flags", "matrix", "--json"]) == Exit.PROVED
    listed = json.loads(capsys.readouterr().out)["suites"]
    assert [row["name"] for row in listed] == ["unit", "unit@on", "unit@off", "more"]
    assert [row["flags"] for row in listed] == [["on", "off"], [], [], []]
    assert main(["validate", "--flags", "off", "--json", "--suite", "unit"]) == Exit.PROVED
    assert [(row["name"], row["flags"]) for row in json.loads(capsys.readouterr().out)["suites"]] == [
        ("unit@off", "off")
    ]
    assert main(["validate", "--flags", "of"]) == Exit.USAGE
    assert "'of'" in capsys.readouterr().err


def test_json_is_one_document_with_everything(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """States, figures, reasons and recommendations, and nothing beside the document."""
    assert main(["validate", "--json"]) == Exit.REFUTED
    told = json.loads(capsys.readouterr().out)
    assert {suite["name"]: suite["state"] for suite in told["suites"]} == {"unit": "proved", "types": "refuted"}
    assert told["suites"][0]["counts"]["passed"] == 1
    assert told["exit"] == 1
    assert told["recommendations"][0]["command"] == "sh -c 'echo a.py:1: bad; exit 4'"
    assert open_run(Path(told["folder"])).name == told["run"]


def test_a_part_of_a_run_says_that_it_is_one(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A green part is not the whole: the next step is to join it with the others."""
    assert main(["validate", "--shard", "1/1", "--suite", "unit"]) == Exit.PROVED
    assert "Next:     overt build" in capsys.readouterr().out
    assert main(["validate", "--shard", "2/2", "--suite", "types"]) == Exit.UNCHECKED
    assert "no part of" in capsys.readouterr().out
    assert main(["validate", "--shard", "1/2", "--suite", "types"]) == Exit.REFUTED
    assert "overt evidence merge, with the other parts of this run (this is 1/2)" in capsys.readouterr().out


def test_verbose_tells_each_test_and_each_failure_in_full(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is asked for is there, and without it is not."""
    (shop / "test_a.py").write_text("def test_a(): pass\ndef test_b():\n    x = 41\n    assert x == 42\n")
    main(["validate", "--suite", "unit", "--verbose"])
    said = capsys.readouterr().out
    assert "passed  test_a.py::test_a" in said
    assert "    x = 41\n" in said
    main(["validate", "--suite", "unit"])
    said = capsys.readouterr().out
    assert "passed  test_a.py::test_a" not in said
    assert "failed  test_a.py::test_b" in said
    assert "x = 41\n" not in said


def test_strange_names_do_not_reach_the_terminal_as_codes(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A name cannot clear the screen."""
    (shop / "conftest.py").write_text(
        "def pytest_collection_modifyitems(items):\n    items[0]._nodeid = 'test_a.py::\\x1b[2J\\nodd'\n"
    )
    (shop / "test_a.py").write_text("def test_a(): assert 0, '\\x1b[2J'\n")
    main(["validate", "--suite", "unit", "--verbose"])
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_a_closed_ledger_and_ends_with_3(shop: Path, number: signal.Signals) -> None:
    """What ran is recorded, what did not is said, and the tests are ended."""
    (shop / "test_a.py").write_text(WAITS)
    running = start(shop)
    until((shop / "waiting").exists)
    running.send_signal(number)
    said, _ = running.communicate(timeout=30)
    assert running.returncode == Exit.UNCHECKED
    assert "The run was interrupted" in said
    assert "Traceback" not in said
    (run,) = open_ledger(shop).runs
    assert (run.manifest.state, run.damage) == ("interrupted", ())
    ends = {end.suite: end.status for end in run.of(SuiteRun)}
    assert ends == {"unit": "interrupted", "types": "not-run"}
    assert [case.name for case in run.of(TestCase)] == ["test_a.py::test_a"]


def _begun(root: Path) -> bool:
    return any((root / ".overt/runs").glob("*/manifest.json"))


def _first_record(root: Path) -> bool:
    return any(path.stat().st_size for path in (root / ".overt/runs").glob("*/records/*.jsonl"))


MOMENTS = {
    "at once": lambda root: True,
    "when the plan is there": _begun,
    "at the first record": _first_record,
    "in a test": lambda root: (root / "waiting").exists(),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_kill_at_any_moment_leaves_a_ledger_that_opens(shop: Path, moment: str) -> None:
    """Nothing that was killed counts as measured, and what had finished a moment before is there."""
    (shop / "test_a.py").write_text(WAITS)
    running = start(shop)
    try:
        until(lambda: MOMENTS[moment](shop))
        if moment == "in a test":
            until(lambda: any("test_a.py::test_a" in r.id for run in open_ledger(shop).runs for r in run.records))
        running.send_signal(signal.SIGKILL)
        running.wait()
        if moment == "in a test":
            # Nobody says go: the tests are ended because their overt is gone.
            until(lambda: not alive(int((shop / "waiting").read_text())))
    finally:
        (shop / "go").touch()
        running.communicate()
    ledger = open_ledger(shop)
    assert ledger.damage == ()
    for run in ledger.runs:
        assert (run.manifest.state, run.damage) == ("running", ())
        verdicts = [summarise(run, planned).verdict for planned in run.manifest.plan.suites]
        assert {verdict.state for verdict in verdicts} == {State.UNCHECKED}
        assert all("never closed" in verdict.reason for verdict in verdicts)
    if moment == "in a test":
        assert [case.name for case in ledger.runs[0].of(TestCase)] == ["test_a.py::test_a"]
    # The next run is not hindered by what the killed one left.
    assert main(["validate", "--suite", "unit", "--json"]) == Exit.PROVED


def test_handlers_of_signals_are_put_back(shop: Path) -> None:
    """A program that calls the verb keeps its own."""
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    main(["validate", "--suite", "unit", "--json"])
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)] == before


def test_on_a_terminal_lines_are_live_and_gone_in_the_end(shop: Path) -> None:
    """A pseudo-terminal gets moving lines with the suite, and keeps only the report."""
    import pty

    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100", "LINES": "30"}
    running = subprocess.Popen(
        [sys.executable, "-m", "overt", "validate", "--suite", "unit"],
        cwd=shop,
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env=environment,
    )
    os.close(follower)
    seen = b""
    while True:
        try:
            chunk = os.read(leader, 65536)
        except OSError:
            break
        if not chunk:
            break
        seen += chunk
    os.close(leader)
    assert running.wait() == Exit.PROVED
    assert b"running" in seen
    assert b"\x1b[2K" in seen
    assert "✔ proved".encode() in seen
