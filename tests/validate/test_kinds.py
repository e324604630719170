"""Commands, linters, hidden state and result files of other tools, each as a suite of its own kind."""

import json
import sys
from pathlib import Path

import pytest

from overt.evidence.records import FindingSeen, Measure, Scan
from overt.validate.kinds import runner_for
from overt.validate.kinds.ruff import is_ruff, sarif_command

from .conftest import Project, cases_of, end_of, state_of

JUNIT = '<testsuites><testsuite name="s" tests="{tests}">{cases}</testsuite></testsuites>'
PASSED = '<testcase classname="shop" name="test_a" time="0.1"/>'
SARIF = {
    "version": "2.1.0",
    "runs": [{"tool": {"driver": {"name": "peek"}}, "artifacts": [{"location": {"uri": "a.py"}}], "results": []}],
}


def toml(value: object) -> str:
    """Return a list of strings as TOML."""
    return json.dumps(value)


def writes(project: Project, name: str, text: str, *, status: int = 0) -> list[str]:
    """Return a command that writes a file and ends with a status."""
    script = f"import pathlib, sys; pathlib.Path({name!r}).write_text({text!r}); sys.exit({status})"
    return [sys.executable, "-c", script]


def test_every_kind_has_its_runner() -> None:
    """What the campaign allows can be run."""
    assert all(callable(runner_for(kind)) for kind in ("pytest", "command", "lint", "hidden-state", "import"))


@pytest.mark.parametrize(
    ("command", "state", "status"),
    [
        (["true"], "proved", "completed"),
        (["false"], "refuted", "completed"),
        (["sh", "-c", "kill -9 $$"], "refuted", "crashed"),
        (["no-such-program"], "unchecked", "unable"),
        (["sleep", "60"], "unchecked", "timeout"),
    ],
)
def test_a_command_is_judged_by_its_exit_status(project: Project, command: list[str], state: str, status: str) -> None:
    """Only 0 holds; what did not run to its end was not measured."""
    project.campaign(f'[suites.unit]\nkind = "command"\ntimeout = 0.5\ncommand = {toml(command)}\n')
    done = project.run()
    assert (state_of(done), end_of(done).status) == (state, status)


def test_ruff_is_run_as_it_is(project: Project) -> None:
    """Findings, the number of files and a clean pass come from ruff itself, whatever format was asked for."""
    project.campaign('[suites.unit]\nkind = "lint"\ncommand = ["ruff", "check", "--output-format=concise", "."]\n')
    project.write("a.py", "import os\n")
    project.write("b.py", "x = 1\n")
    done = project.run()
    (found,) = done.run.of(FindingSeen)
    (scan,) = done.run.of(Scan)
    assert (state_of(done), found.finding.rule, str(found.finding.location)) == ("refuted", "F401", "a.py:1:8")
    assert (scan.tool, scan.files) == ("ruff", 2)
    project.write("a.py", "")
    assert state_of(project.run()) == "proved"


@pytest.mark.parametrize(
    ("text", "name"), [("", "nothing.txt"), ("x = 1\n", "../elsewhere/a.py")], ids=["empty folder", "wrong folder"]
)
def test_ruff_without_a_file_proves_nothing(project: Project, text: str, name: str) -> None:
    """No finding in no file is no result."""
    project.campaign('[suites.unit]\nkind = "lint"\ncommand = ["ruff", "check", "."]\n')
    project.write(name, text)
    done = project.run()
    assert (state_of(done), end_of(done).status) == ("unchecked", "unable")
    assert "no file" in end_of(done).reason


def test_a_configuration_that_ruff_refuses_is_told(project: Project) -> None:
    """A broken linter is not a clean one."""
    project.campaign('[suites.unit]\nkind = "lint"\ncommand = ["ruff", "check", "."]\n')
    project.write("ruff.toml", "no-such-key = 1\n")
    project.write("a.py", "")
    done = project.run()
    assert end_of(done).status == "unable"
    assert "ruff exited 2" in end_of(done).reason


def test_how_ruff_is_called() -> None:
    """Options that say how to report give way to ours, all others stay."""
    command = ["python", "-m", "ruff", "check", "-o", "x", "--output-format=json", "--select", "F", "src"]
    assert sarif_command(command, ["more"], Path("/r")) == [
        *["python", "-m", "ruff", "check", "--output-format=sarif", "--output-file=/r"],
        *["--select", "F", "src", "more"],
    ]
    assert not is_ruff(["ruff"])
    assert not is_ruff(["tool", "ruff", "check"])


def test_any_tool_may_write_sarif_to_its_output(project: Project) -> None:
    """What it says on standard error does not spoil its report."""
    script = f"import sys; sys.stderr.write('working'); print({json.dumps(SARIF)!r})"
    project.campaign(f'[suites.unit]\nkind = "lint"\ncommand = {toml([sys.executable, "-c", script])}\n')
    done = project.run()
    (scan,) = done.run.of(Scan)
    assert (state_of(done), scan.tool, scan.files) == ("proved", "peek", 1)


def test_any_tool_may_write_sarif_to_a_file(project: Project) -> None:
    """The file must be of this run: one that lay there is refused."""
    command = writes(project, "out.sarif", json.dumps(SARIF))
    project.campaign(f'[suites.unit]\nkind = "lint"\nfiles = ["*.sarif"]\ncommand = {toml(command)}\n')
    assert state_of(project.run()) == "proved"
    project.campaign('[suites.unit]\nkind = "lint"\nfiles = ["*.sarif"]\ncommand = ["true"]\n')
    _age(project.root / "out.sarif")
    done = project.run()
    assert (state_of(done), end_of(done).status) == ("unchecked", "unable")
    assert "older than this run" in end_of(done).reason


@pytest.mark.parametrize("said", ["", "a.py:1: bad", '{"version": "2.1.0", "ru'], ids=["nothing", "text", "cut"])
def test_a_linter_that_writes_no_sarif_is_not_clean(project: Project, said: str) -> None:
    """Exit status 0 with an unreadable report proves nothing."""
    project.campaign(f'[suites.unit]\nkind = "lint"\ncommand = {toml(["printf", "%s", said])}\n')
    done = project.run()
    assert (state_of(done), end_of(done).status) == ("unchecked", "unable")
    assert 'kind = "command"' in end_of(done).reason


def test_hidden_state_is_found_and_counted(project: Project) -> None:
    """The linter's findings, files and lines become records."""
    project.campaign('[suites.unit]\nkind = "hidden-state"\npaths = ["src"]\n')
    project.write("src/shop/__init__.py", "import threading\n_here = threading.local()\n")
    project.write("other.py", "import threading\n_there = threading.local()\n")
    done = project.run()
    (found,) = done.run.of(FindingSeen)
    (scan,) = done.run.of(Scan)
    assert (state_of(done), found.finding.rule, found.finding.location.path) == (
        *("refuted", "OV101"),
        "src/shop/__init__.py",
    )
    assert (scan.tool, scan.files, scan.lines) == ("overt", 1, 2)
    project.write("src/shop/__init__.py", "x = 1\n")
    assert state_of(project.run()) == "proved"
    project.write("src/shop/__init__.py", "def (\n")
    assert state_of(project.run()) == "unchecked"


def test_what_other_suites_look_at_tells_of_a_table_that_imports_fill(project: Project) -> None:
    """A suite that looks at a part of the project asks the rest of it."""
    suite = '[suites.{}]\nkind = "hidden-state"\npaths = ["src/shop/{}.py"]\n'
    project.write("src/shop/__init__.py", "")
    project.write("src/shop/handlers.py", "rows = []\n\n\ndef add(row):\n    rows.append(row)\n")
    project.write("src/shop/cart.py", "from shop.handlers import add\n\nadd(1)\n")
    project.campaign(suite.format("unit", "handlers") + suite.format("rest", "cart"))
    assert [seen.finding.severity.value for seen in project.run().run.of(FindingSeen)] == ["note"]
    project.campaign(suite.format("unit", "handlers"))
    assert [seen.finding.severity.value for seen in project.run().run.of(FindingSeen)] == ["warning"]


def test_hidden_state_of_no_file_proves_nothing(project: Project) -> None:
    """A path that names nothing is not clean."""
    project.campaign('[suites.unit]\nkind = "hidden-state"\npaths = ["no/such/folder"]\n')
    assert state_of(project.run()) == "unchecked"


def _age(path: Path) -> None:
    """Make a file an hour old."""
    import os

    old = path.stat().st_mtime - 3600
    os.utime(path, (old, old))


@pytest.mark.parametrize(
    ("text", "state"),
    [
        (JUNIT.format(tests=1, cases=PASSED), "proved"),
        (JUNIT.format(tests=1, cases='<testcase name="a"><failure message="no">text</failure></testcase>'), "refuted"),
        (JUNIT.format(tests=1, cases='<testcase name="a"><skipped/></testcase>'), "unchecked"),
        (JUNIT.format(tests=0, cases=""), "unchecked"),
        (JUNIT.format(tests=5, cases=PASSED), "unchecked"),
        (JUNIT.format(tests=1, cases=PASSED)[:-20], "unchecked"),
        ('<testsuites tests="3"/>', "unchecked"),
        ("", "unchecked"),
        ("hello", "unchecked"),
    ],
    ids=["passed", "failed", "skipped only", "no test", "fewer than said", "cut", "header only", "empty", "no result"],
)
def test_a_result_file_counts_for_what_is_in_it(project: Project, text: str, state: str) -> None:
    """Only a whole file with a test that ran, and none that failed, is a pass."""
    project.campaign('[suites.unit]\nkind = "import"\nfiles = ["out/*.xml"]\n')
    project.write("out/junit.xml", text)
    assert state_of(project.run()) == state


def test_files_written_by_a_command_must_be_of_this_run(project: Project) -> None:
    """A failing command leaves yesterday's file behind; it is refused, by name."""
    text = JUNIT.format(tests=1, cases=PASSED)
    command = writes(project, "junit.xml", text)
    project.campaign(f'[suites.unit]\nkind = "import"\nfiles = ["junit.xml"]\ncommand = {toml(command)}\n')
    done = project.run()
    assert (state_of(done), list(cases_of(done))) == ("proved", ["shop::test_a"])
    _age(project.root / "junit.xml")
    project.campaign('[suites.unit]\nkind = "import"\nfiles = ["junit.xml"]\ncommand = ["true"]\n')
    done = project.run()
    assert (state_of(done), cases_of(done)) == ("unchecked", {})
    assert "junit.xml: is older than this run" in end_of(done).reason


def test_a_command_that_fails_is_not_outweighed_by_its_file(project: Project) -> None:
    """A file in which each test passed does not make a failing command green."""
    command = writes(project, "junit.xml", JUNIT.format(tests=1, cases=PASSED), status=1)
    project.campaign(f'[suites.unit]\nkind = "import"\nfiles = ["junit.xml"]\ncommand = {toml(command)}\n')
    assert state_of(project.run()) == "refuted"


def test_a_glob_that_names_nothing_says_what_to_do(project: Project) -> None:
    """No file is not measured, and the glob is named."""
    project.campaign('[suites.unit]\nkind = "import"\nfiles = ["out/*.xml"]\n')
    done = project.run()
    assert (state_of(done), end_of(done).status) == ("unchecked", "unable")
    assert "there is no file 'out/*.xml'" in end_of(done).reason


def test_several_files_of_several_formats_make_one_suite(project: Project) -> None:
    """Tests, findings and coverage come together; what `!` takes away stays out."""
    project.campaign('[suites.unit]\nkind = "import"\nfiles = ["out/*", "!out/*.txt"]\n')
    project.write("out/junit.xml", JUNIT.format(tests=1, cases=PASSED))
    project.write("out/one.sarif", json.dumps(SARIF))
    project.write("out/two.sarif", json.dumps(SARIF))
    project.write("out/notes.txt", "hello")
    project.write(
        "out/coverage.xml",
        '<coverage><packages><package><classes><class filename="a.py"><lines><line number="1" hits="1"/>'
        '<line number="2" hits="0"/></lines></class></classes></package></packages></coverage>',
    )
    done = project.run()
    measures = {measure.name: measure.value for measure in done.run.of(Measure)}
    assert (done.summaries[0].verdict.reason, measures["coverage.lines"]) == ("1 of 1 test passed", 500_000)
    assert state_of(done) == "proved"
    assert len(done.run.of(Scan)) == 2
