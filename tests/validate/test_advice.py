"""What failed is named with its place and with the command that runs just that."""

from dataclasses import replace

from overt.campaign import load
from overt.campaign.records import Suite
from overt.evidence.records import TestCase
from overt.evidence.summary import never_run
from overt.validate.advice import Advice, advise, rerun_name
from overt.validate.advice_reasons import further
from overt.validate.run import Validated

from .conftest import Project


def told(project: Project, done: Validated) -> list[Advice]:
    """Return what is advised after a run."""
    return advise(done.run, done.summaries, load(project.root).campaign, project.root, project.environment)


def test_nothing_is_said_about_what_holds(project: Project) -> None:
    """Advice is for what does not."""
    project.write("test_a.py", "def test_a(): pass\n")
    assert told(project, project.run()) == []


def test_the_first_failures_are_named_and_the_others_counted(project: Project) -> None:
    """Names are quoted for the shell, and a tear-down or a subtest is run again with its test."""
    project.write(
        "tests/test_a.py",
        "import pytest\n"
        "@pytest.fixture\n"
        "def broken():\n    yield\n    raise OSError('after')\n"
        "@pytest.mark.parametrize('x', ['a b'])\n"
        "def test_a(x, broken): pass\n"
        "def test_b(subtests):\n"
        "    with subtests.test('one two'): assert 0\n"
        "def test_c(): assert 0\n"
        "def test_d(): assert 0\n",
    )
    advice = told(project, project.run())
    commands = {item.command.partition(" -m pytest ")[2] for item in advice[:3]}
    assert commands <= {"'tests/test_a.py::test_a[a b]'", *(f"tests/test_a.py::test_{name}" for name in "bcd")}
    assert "'tests/test_a.py::test_a[a b]'" in commands
    torn = next(item for item in advice if "(teardown)" in item.text)
    assert (str(torn.where), torn.text.endswith(": OSError: after")) == ("tests/test_a.py:6", True)
    assert (len(advice), advice[3].text, advice[3].command) == (
        *(4, "and 2 more tests"),
        "overt validate --suite unit --verbose",
    )


def test_a_test_that_passed_when_tried_again_is_not_named(project: Project) -> None:
    """Only the last attempt counts."""
    project.write(
        "conftest.py",
        "from _pytest.runner import runtestprotocol\n"
        "def pytest_runtest_protocol(item):\n"
        "    for attempt in (1, 2):\n"
        "        item._initrequest()\n"
        "        for report in runtestprotocol(item, log=False):\n"
        "            if report.failed and attempt == 1: report.outcome = 'rerun'\n"
        "            item.ihook.pytest_runtest_logreport(report=report)\n"
        "            if report.outcome == 'rerun': break\n"
        "        else: break\n"
        "    return True\n"
        "def pytest_report_teststatus(report):\n"
        "    if report.outcome == 'rerun': return 'rerun', 'R', 'RERUN'\n",
    )
    project.write(
        "test_a.py",
        "tries = []\ndef test_a():\n    tries.append(1)\n    assert len(tries) > 1\ndef test_b(): assert 0\n",
    )
    done = project.run()
    assert done.summaries[0].counts.flaky == 1
    assert [item.text.split(":")[0] for item in told(project, done)] == ["test_a.py"]
    assert "test_b" in told(project, done)[0].text


def test_findings_are_named_with_what_checks_them_again(project: Project) -> None:
    """The file, the rule and the first sentence are enough to begin with."""
    project.campaign('[suites.unit]\nkind = "hidden-state"\npaths = ["shop"]\n')
    project.write("shop/__init__.py", "import threading\n" + "".join(f"x{n} = threading.local()\n" for n in range(5)))
    advice = told(project, project.run())
    assert (str(advice[0].where), advice[0].command) == ("shop/__init__.py:2:6", "overt check shop/__init__.py")
    assert advice[0].text.startswith("OV101 ")
    assert advice[0].text.count(". ") == 0
    assert (len(advice), advice[3].text) == (4, "and 2 more findings")


def test_a_command_says_its_last_word(project: Project) -> None:
    """What it printed last usually says why."""
    project.campaign('[suites.unit]\nkind = "command"\ncommand = ["sh", "-c", "echo one; echo two; exit 3"]\n')
    (item,) = told(project, project.run())
    assert item == Advice("unit", "exited 3: two", None, "sh -c 'echo one; echo two; exit 3'")


def test_no_test_points_at_the_selection(project: Project) -> None:
    """Where to look when nothing was collected."""
    (item,) = told(project, project.run())
    assert "testpaths" in item.text


def test_the_name_to_run_again_is_one_that_was_planned() -> None:
    """Spaces of parameters stay, what was added goes; of an unknown name as much as can be kept."""
    planned = frozenset({"t.py::a[x y]", "t.py::b"})
    assert rerun_name("t.py::a[x y]", planned) == "t.py::a[x y]"
    assert rerun_name("t.py::a[x y] [m n] (i=1)", planned) == "t.py::a[x y]"
    assert rerun_name("t.py::c (2)", planned) == "t.py::c"


FLAGGED = """
import os

def test_old_path(record_property):
    record_property("overt.flags", "new-cart")
    assert os.environ.get("OVERT_FLAGS") != "off"

def test_some(record_property):
    assert os.environ.get("OVERT_FLAGS") != "mixed"
"""
FLAG = '[flags.new-cart]\nowner = "a"\npurpose = "b"\ncreated = "2026-01-01"\nuntil = "2027-01-01"\n'


def test_a_failure_in_one_state_of_the_flags_says_where_it_passes(project: Project) -> None:
    """The command runs it in that state, with the values that `mixed` had."""
    project.campaign('[suites.unit]\nkind = "pytest"\nflags = ["on", "off", "mixed"]\n' + FLAG)
    project.write("test_a.py", FLAGGED)
    off, mixed = told(project, project.run(suites=("unit", "unit@on", "unit@off", "unit@mixed")))
    assert (off.suite, mixed.suite) == ("unit@off", "unit@mixed")
    assert off.text.endswith("; it passes as the tests choose and with flags on and with flags mixed")
    assert off.command.startswith("OVERT_FLAGS=off ")
    assert off.command.endswith("-m pytest test_a.py::test_old_path")
    assert mixed.command.startswith("OVERT_FLAGS=mixed OVERT_FLAG_VALUES='{\"new-cart\": 50.0}' ")


def test_a_state_that_nobody_asked_for_says_how_to_ask(project: Project) -> None:
    """With the fixture, or with a property where overt is not installed."""
    project.campaign('[suites.unit]\nkind = "pytest"\nflags = ["on"]\n' + FLAG)
    project.write("test_a.py", "def test_a(): pass\n")
    (item,) = told(project, project.run(suites=("unit@on",)))
    assert "no test that ran asked a flag" in item.text
    assert 'record_property("overt.flags", "NAME")' in item.text


def test_a_suite_that_ran_out_of_time_names_its_slowest_tests() -> None:
    """Those that ended; nothing is said when none did."""
    summary = replace(never_run("unit", Suite(kind="pytest")), status="timeout", reason="its time limit ended it")
    cases = [
        TestCase(id=name, suite="unit", name=name, outcome="passed", duration_ns=spent * 10**9)
        for name, spent in (("a", 1), ("b", 4), ("c", 2), ("d", 3))
    ]
    assert further(summary, cases).startswith("the slowest that ended: b (4 s), d (3 s), c (2 s); ")
    assert further(summary, []) == ""


def test_skips_alone_name_their_commonest_reason(project: Project) -> None:
    """Which is what to look after."""
    project.write(
        "test_a.py",
        "import pytest\n@pytest.mark.parametrize('n', [1, 2, 3])\ndef test_a(n):\n"
        "    pytest.skip('no server' if n > 1 else 'no wish')\n",
    )
    (item,) = told(project, project.run())
    assert item.text == "nothing ran: 3 tests skipped, no other; 2 of them because: no server"


def test_too_few_tests_ask_what_is_no_longer_collected(project: Project) -> None:
    """Lowering the number is the last resort."""
    project.campaign('[suites.unit]\nkind = "pytest"\nat-least = 3\n')
    project.write("test_a.py", "def test_a(): pass\n")
    (item,) = told(project, project.run())
    assert item.text.startswith("1 test ran, at least 3 must; see which tests are no longer collected")
