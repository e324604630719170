"""A run is planned first, recorded as it goes, and never better than what was measured."""

import json
import sys
import threading
import time
import venv
from collections.abc import Iterable
from pathlib import Path

import pytest

from overt.evidence.records import AnyRecord, Collected, CommandRun
from overt.evidence.writer import RunWriter
from overt.model import OvertError, State
from overt.validate import worker
from overt.validate.context import Ending
from overt.validate.watcher import Silent

from .conftest import Project, alive, cases_of, end_of, state_of


class Heard(Silent):
    """A watcher that remembers, and acts when a suite begins."""

    def __init__(self, cancel: threading.Event | None = None, on_test: str = "") -> None:
        self.heard: list[tuple[str, str]] = []
        self._cancel, self._on_test = cancel, on_test

    def started(self, suite: str) -> None:
        self.heard.append(("started", suite))

    def current(self, suite: str, test: str) -> None:
        self.heard.append(("current", test))
        if self._cancel and self._on_test and self._on_test in test:
            self._cancel.set()

    def seen(self, suite: str, record: AnyRecord) -> None:
        self.heard.append(("seen", record.id))

    def ended(self, suite: str, ending: Ending, duration_ns: int) -> None:
        self.heard.append(("ended", suite))


def test_a_green_suite_is_proved_with_its_figures(project: Project) -> None:
    """Tests that pass leave a closed run, planned with what it was measured on."""
    project.write("test_a.py", "import pytest\ndef test_a(): pass\n@pytest.mark.skip\ndef test_b(): pass\n")
    heard = Heard()
    done = project.run(watcher=heard)
    (summary,) = done.summaries
    assert (summary.verdict.state, summary.counts.passed, summary.counts.skipped) == (State.PROVED, 1, 1)
    assert (done.run.manifest.state, done.run.damage, done.interrupted) == ("closed", (), False)
    (planned,) = done.run.manifest.plan.suites
    assert planned.inputs.files == 2
    assert cases_of(done)["test_a.py::test_a"].path == "test_a.py"
    assert heard.heard[0] == ("started", "unit")
    assert ("current", "test_a.py::test_a") in heard.heard
    assert heard.heard[-1] == ("ended", "unit")


def test_the_plan_is_on_disk_before_anything_runs(project: Project) -> None:
    """The test itself finds the hashed plan, in a run that is still going."""
    project.write(
        "test_a.py",
        "import json, pathlib\n"
        "def test_a():\n"
        "    (head,) = pathlib.Path('.overt/runs').glob('*/manifest.json')\n"
        "    told = json.loads(head.read_text())\n"
        "    assert (told['state'], len(told['plan_sha256'])) == ('running', 64)\n"
        "    assert told['plan']['suites'][0]['name'] == 'unit'\n",
    )
    assert state_of(project.run()) == "proved"


NEVER_A_PASS = {
    "no test": ("", "unchecked"),
    "skipped only": ("import pytest\n@pytest.mark.skip\ndef test_a(): pass\n", "unchecked"),
    "exits in the middle": (
        "import os\ndef test_a(): pass\ndef test_b(): os._exit(0)\ndef test_c(): pass\n",
        "unchecked",
    ),
    "exits in the middle with status 1": (
        "import os\ndef test_a(): pass\ndef test_b(): os._exit(1)\ndef test_c(): pass\n",
        "unchecked",
    ),
    "segfault": ("import os, signal\ndef test_a(): pass\ndef test_b(): os.kill(os.getpid(), 11)\n", "unchecked"),
    "stopped": (
        "import pytest\ndef test_a(): pass\ndef test_b(): pytest.exit('enough')\ndef test_c(): pass\n",
        "unchecked",
    ),
    "stopped with status 0": (
        "import pytest\ndef test_a(): pass\ndef test_b(): pytest.exit('enough', returncode=0)\ndef test_c(): pass\n",
        "unchecked",
    ),
    "killed at exit": (
        "import atexit, os\ndef test_a(): atexit.register(os.kill, os.getpid(), 11)\n",
        "unchecked",
    ),
    "fails": ("def test_a(): pass\ndef test_b(): assert 0\n", "refuted"),
    "breaks after": ("import pytest\n@pytest.fixture\ndef f():\n    yield\n    1/0\ndef test_a(f): pass\n", "refuted"),
    "cannot be collected": ("import no_such_module\n", "refuted"),
}


@pytest.mark.parametrize("probe", NEVER_A_PASS)
def test_what_did_not_wholly_pass_is_never_proved(project: Project, probe: str) -> None:
    """Each way of not passing has its state, and the run is closed all the same."""
    text, expected = NEVER_A_PASS[probe]
    project.write("test_probe.py", text)
    done = project.run()
    assert state_of(done) == expected
    assert (done.run.manifest.state, done.run.damage) == ("closed", ())


def test_fewer_tests_than_asked_for_are_not_enough(project: Project) -> None:
    """`at-least` guards against a suite that quietly shrinks."""
    project.campaign('[suites.unit]\nkind = "pytest"\nat-least = 3\n')
    project.write("test_a.py", "def test_a(): pass\ndef test_b(): pass\n")
    done = project.run()
    assert state_of(done) == "unchecked"
    assert "at least 3" in done.summaries[0].verdict.reason


def test_a_crash_names_the_test_that_ran_and_what_is_missing(project: Project) -> None:
    """The reason says where to look."""
    project.write("test_a.py", NEVER_A_PASS["exits in the middle"][0])
    done = project.run()
    assert end_of(done).status == "crashed"
    assert "while test_a.py::test_b ran" in end_of(done).reason
    assert "2 of 3 tests left no result" in end_of(done).reason
    assert done.summaries[0].counts.missing == 2


def test_a_status_of_1_without_a_failed_test_is_not_green(project: Project) -> None:
    """A plugin that fails the session, as a coverage threshold does, counts."""
    project.write("conftest.py", "def pytest_sessionfinish(session): session.exitstatus = 1\n")
    project.write("test_a.py", "def test_a(): pass\n")
    assert state_of(project.run()) == "refuted"


def test_a_failure_that_was_not_recorded_is_noticed(project: Project) -> None:
    """When pytest counts more failures than the recorder saw, the record cannot be relied on."""
    project.write(
        "conftest.py",
        "def pytest_sessionfinish(session):\n"
        "    session.config.pluginmanager.get_plugin('terminalreporter').stats['failed'] = [None]\n",
    )
    project.write("test_a.py", "def test_a(): pass\n")
    done = project.run(environment={"PYTEST_ADDOPTS": "--no-summary"})
    assert (state_of(done), end_of(done).status) == ("unchecked", "crashed")
    assert "counted 1 failures, of which 0 were recorded" in end_of(done).reason


def test_a_python_without_pytest_says_how_to_install_it(project: Project) -> None:
    """The suite could not run, which is neither a pass nor a failure."""
    venv.create(project.root / ".venv", with_pip=False, symlinks=True)
    project.write("overt.toml", '[suites.unit]\nkind = "pytest"\n')
    done = project.run()
    assert (end_of(done).status, state_of(done)) == ("unable", "unchecked")
    assert "install it: .venv/bin/python -m pip install pytest" in end_of(done).reason


def test_an_interpreter_that_is_not_there_is_named(project: Project) -> None:
    """A wrong path in the campaign is told with the path."""
    project.write("overt.toml", '[project]\npython = "no/such/python"\n[suites.unit]\nkind = "pytest"\n')
    done = project.run()
    assert end_of(done).status == "unable"
    assert "no/such/python" in end_of(done).reason


def test_arguments_that_pytest_refuses_are_told(project: Project) -> None:
    """A typing error in `args` is not a failed test."""
    project.campaign('[suites.unit]\nkind = "pytest"\nargs = ["--no-such-option"]\n')
    done = project.run()
    assert end_of(done).status == "unable"
    assert "--no-such-option" in done.run.blob(_command(done.run.records).output_blob).decode()


def _command(records: tuple[AnyRecord, ...]) -> CommandRun:
    (command,) = [record for record in records if isinstance(record, CommandRun)]
    return command


def test_a_suite_that_hangs_is_ended_with_its_grandchildren(project: Project) -> None:
    """Past the limit nothing of it lives on, not even what left its process group."""
    look = (
        "import pathlib; pids = pathlib.Path('pids').read_text().split();"
        "states = [pathlib.Path(f'/proc/{pid}/stat') for pid in pids];"
        "assert all(not s.exists() or s.read_text().rpartition(')')[2].split()[0] in 'ZX' for s in states)"
    )
    project.campaign(
        '[suites.unit]\nkind = "pytest"\ntimeout = 2.0\n'
        f'[suites.after]\nkind = "command"\ncommand = {json.dumps([sys.executable, "-c", look])}\n'
    )
    project.write(
        "test_a.py",
        "import pathlib, subprocess, sys\n"
        "def test_a(): pass\n"
        "def test_hangs():\n"
        "    near = subprocess.Popen(['sleep', '300'])\n"
        "    far = subprocess.Popen(['sleep', '300'], start_new_session=True)\n"
        "    pathlib.Path('pids').write_text(f'{near.pid} {far.pid}')\n"
        "    near.wait()\n",
    )
    done = project.run()
    end = end_of(done)
    assert (end.status, state_of(done)) == ("timeout", "unchecked")
    assert "while test_a.py::test_hangs ran" in end.reason
    assert end.duration_ns < 10 * 10**9
    assert [pid for pid in (project.root / "pids").read_text().split() if alive(int(pid))] == []
    assert cases_of(done)["test_a.py::test_a"].outcome == "passed"
    # They were gone before the next suite began, not only when the run had ended.
    assert state_of(done, "after") == "proved"


def test_an_interrupt_closes_the_run_and_says_what_did_not_run(project: Project) -> None:
    """What ran is there, what was running is interrupted, what had not begun is not run."""
    project.campaign('[suites.unit]\nkind = "pytest"\n[suites.later]\nkind = "command"\ncommand = ["true"]\n')
    project.write("test_a.py", "import time\ndef test_a(): pass\ndef test_long(): time.sleep(60)\n")
    cancel = threading.Event()
    done = project.run(watcher=Heard(cancel, on_test="test_long"), cancel=cancel)
    assert (done.interrupted, done.run.manifest.state, done.run.damage) == (True, "interrupted", ())
    assert (end_of(done).status, end_of(done, "later").status) == ("interrupted", "not-run")
    assert {summary.verdict.state for summary in done.summaries} == {State.UNCHECKED}
    assert cases_of(done)["test_a.py::test_a"].outcome == "passed"


def test_after_the_first_failure_nothing_more_begins(project: Project) -> None:
    """With `--fail-fast` the rest of the tests and of the suites is left out, and said to be."""
    project.campaign('[suites.unit]\nkind = "pytest"\n[suites.later]\nkind = "command"\ncommand = ["true"]\n')
    project.write("test_a.py", "def test_a(): assert 0\ndef test_b(): pass\n")
    done = project.run(fail_fast=True)
    assert [summary.verdict.state for summary in done.summaries] == [State.REFUTED, State.UNCHECKED]
    assert list(cases_of(done)) == ["test_a.py::test_a"]
    assert "--fail-fast" in end_of(done, "later").reason


def test_a_run_keeps_the_list_of_its_inputs(project: Project) -> None:
    """Later it can be told which of them changed."""
    project.campaign('[suites.unit]\nkind = "command"\ncommand = ["true"]\ninputs = ["*.py"]\n')
    project.write("a.py", "x = 1\n")
    done = project.run()
    (planned,) = done.run.manifest.plan.suites
    assert done.run.blob(planned.inputs.sha256).decode().split(" ")[1:] == ["a.py\n"]


@pytest.mark.parametrize(("at_most", "state"), [(1, State.PROVED), (0, State.UNCHECKED)])
def test_a_finding_that_is_allowed_is_no_failure(project: Project, at_most: int, state: State) -> None:
    """`--fail-fast` goes on past a linter that finds no more than it may."""
    project.campaign(
        f'[suites.unit]\nkind = "lint"\ncommand = ["ruff", "check", "."]\nat-most = {at_most}\n'
        '[suites.later]\nkind = "command"\ncommand = ["true"]\n'
    )
    project.write("a.py", "import os\n")
    done = project.run(fail_fast=True)
    assert done.summaries[1].verdict.state is state
    expected = (State.PROVED, "1 finding, at most 1 allowed") if at_most else (State.REFUTED, "1 new finding")
    assert (done.summaries[0].verdict.state, done.summaries[0].verdict.reason) == expected


def test_without_it_the_other_suites_run(project: Project) -> None:
    """One failing suite does not keep the next from being measured."""
    project.campaign(
        '[suites.a]\nkind = "command"\ncommand = ["false"]\n[suites.b]\nkind = "command"\ncommand = ["true"]\n'
    )
    assert [s.verdict.state for s in project.run().summaries] == [State.REFUTED, State.PROVED]


def test_two_suites_at_once_do_not_mix(project: Project) -> None:
    """Each waits for the other, so both must run at the same time; each has its own tests only."""
    meet = (
        "import pathlib, time\n"
        "def test_{me}():\n"
        "    pathlib.Path('{me}').touch()\n"
        "    until = time.monotonic() + 30\n"
        "    while not pathlib.Path('{other}').exists():\n"
        "        assert time.monotonic() < until\n"
        "        time.sleep(0.01)\n"
    )
    project.write("left/test_left.py", meet.format(me="one", other="two"))
    project.write("right/test_right.py", meet.format(me="two", other="one"))
    project.campaign(
        '[suites.left]\nkind = "pytest"\nargs = ["left"]\n[suites.right]\nkind = "pytest"\nargs = ["right"]\n'
    )
    done = project.run(parallel=2)
    assert [summary.verdict.state for summary in done.summaries] == [State.PROVED, State.PROVED]
    assert list(cases_of(done, "left")) == ["left/test_left.py::test_one"]
    assert list(cases_of(done, "right")) == ["right/test_right.py::test_two"]


def test_loud_strange_and_secret_output_is_harmless(project: Project) -> None:
    """Ten megabytes, bytes that are no text, terminal codes and a token: kept small, plain and without the token."""
    token = "ghp_" + "Ab1" * 12
    project.write(
        "test_a.py",
        "import os, pytest\n"
        f"TOKEN = {token[:4]!r} + {token[4:]!r}\n"
        "def test_loud():\n"
        "    print('x ' * 5_000_000, TOKEN); os.write(1, b'\\xff\\xfe\\x1b[31m'); assert 0, TOKEN\n"
        "@pytest.mark.parametrize('x', ['<script>alert(1)</script>', '\\x1b[2J', '\\udfff', TOKEN])\n"
        "def test_named(x): pass\n",
    )
    done = project.run(environment={"DEPLOY_PASSWORD": "correct-horse-battery"})
    assert done.run.damage == ()
    assert (done.summaries[0].counts.failed, done.summaries[0].counts.passed) == (1, 4)
    assert done.summaries[0].counts.missing == 0
    written = b"".join(path.read_bytes() for path in done.run.folder.rglob("*") if path.is_file())
    assert token.encode() not in written
    assert b"\x1b" not in written
    assert len(written) < 1_200_000
    written.decode("utf-8")
    case = cases_of(done)["test_a.py::test_loud"]
    assert b"bytes left out" in done.run.blob(case.output_blob)


def test_secrets_of_the_environment_stay_out(project: Project) -> None:
    """The value of a variable that looks secret, the user's or the suite's, is in no file of the run."""
    project.campaign(
        '[suites.unit]\nkind = "command"\nenv = {API_TOKEN = "suite-secret-value"}\n'
        'command = ["sh", "-c", "echo $API_TOKEN $DEPLOY_PASSWORD"]\n'
    )
    done = project.run(environment={"DEPLOY_PASSWORD": "correct-horse-battery", "API_TOKEN": "user-secret-value"})
    assert state_of(done) == "proved"
    written = b"".join(path.read_bytes() for path in done.run.folder.rglob("*") if path.is_file())
    assert b"suite-secret" not in written
    assert b"correct-horse" not in written


def test_shards_together_run_every_test_once(project: Project) -> None:
    """Parts share the digest of their plan, a whole suite runs in one of them, and each part is judged by itself."""
    project.campaign(
        '[suites.unit]\nkind = "pytest"\nat-least = 5\n[suites.a]\nkind = "command"\ncommand = ["true"]\n'
        '[suites.b]\nkind = "command"\ncommand = ["true"]\n'
    )
    project.write("test_a.py", "".join(f"def test_{number}(): pass\n" for number in range(5)))
    parts = [project.run(shard=f"{number}/2") for number in (1, 2)]
    assert len({part.run.manifest.plan_sha256 for part in parts}) == 1
    assert [[s.name for s in part.summaries] for part in parts] == [["unit", "a"], ["unit", "b"]]
    assert {s.verdict.state for part in parts for s in part.summaries} == {State.PROVED}
    names = [name for part in parts for name in cases_of(part)]
    assert sorted(names) == [f"test_a.py::test_{number}" for number in range(5)]
    ids = [record.id for part in parts for record in part.run.records]
    assert len(ids) == len(set(ids))


def test_slow_tests_are_left_out_visibly(project: Project) -> None:
    """A test that is not run counts as skipped, never as gone."""
    project.write("pytest.ini", "[pytest]\nmarkers = slow\n")
    project.write("test_a.py", "import pytest\ndef test_a(): pass\n@pytest.mark.slow\ndef test_b(): assert 0\n")
    done = project.run(skip_slow=True)
    assert (state_of(done), done.summaries[0].counts.skipped) == ("proved", 1)
    assert cases_of(done)["test_a.py::test_b"].message == "left out: marked slow"


def test_what_was_going_to_run_is_recorded_before_the_first_result(project: Project) -> None:
    """The order of the file shows it: names, then results."""
    project.write("test_a.py", "def test_a(): pass\n")
    heard = Heard()
    done = project.run(watcher=heard)
    seen = [name for event, name in heard.heard if event == "seen"]
    assert seen[:2] == ["collected:unit", "test:unit:test_a.py::test_a"]
    (collected,) = done.run.of(Collected)
    assert done.run.blob(collected.names_blob) == b"test_a.py::test_a"


def test_an_error_of_our_own_ends_the_run_and_is_raised(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is nobody's verdict: it is raised, and the run is closed as interrupted."""

    def full(_writer: RunWriter, _records: Iterable[AnyRecord]) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(worker.RunWriter, "add_all", full)
    project.write("test_a.py", "def test_a(): pass\n")
    project.campaign('[suites.unit]\nkind = "pytest"\n[suites.long]\nkind = "command"\ncommand = ["sleep", "60"]\n')
    began = time.monotonic()
    with pytest.raises(OSError, match="No space left"):
        project.run(parallel=2)
    assert time.monotonic() - began < 30


def test_there_must_be_something_to_run(project: Project) -> None:
    """No suite, or a name that no suite has, is a mistake of the user."""
    project.campaign("")
    with pytest.raises(OvertError, match="no suite to run"):
        project.run()
    project.campaign('[suites.unit]\nkind = "pytest"\n')
    with pytest.raises(OvertError, match="there is no suite 'unti'") as caught:
        project.run(suites=("unti",))
    assert "did you mean 'unit'?" in caught.value.problems[0].hint


def test_the_interpreter_of_the_project_comes_first_on_the_path(project: Project) -> None:
    """Tools beside the project's Python are found without activating anything."""
    project.campaign('[suites.unit]\nkind = "command"\ncommand = ["sh", "-c", "echo $PATH"]\n')
    done = project.run()
    path = done.run.blob(_command(done.run.records).output_blob).decode().split(":")
    assert path[0] == str(Path(sys.executable).parent)
