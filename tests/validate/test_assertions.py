"""Warnings and limits find their way from a run into the ledger, and to whoever looks at it."""

from __future__ import annotations

import pytest

from overt.evidence.records import Warned
from overt.validate.assertions import passed_limit

from .conftest import Project, cases_of, state_of

TESTS = """
import time
import pytest

def test_looks_at_nothing():
    len("a")

@pytest.mark.parametrize("x", [1, 2])
def test_looks_at_nothing_twice(x):
    str(x)

def test_looks():
    assert True

def test_fails_before_it_could_look():
    raise_at_once = {}["a"]

@pytest.mark.skip
def test_skipped():
    len("a")
"""
LATE = """
import time
import pytest

@pytest.mark.timeout(2)
def test_swallows():
    began = time.monotonic()
    try:
        while time.monotonic() < began + 20:
            pass
    except BaseException:
        pass

@pytest.mark.timeout(0.2)
def test_is_ended():
    while True:
        pass

@pytest.mark.timeout(600)
def test_in_time():
    assert True

@pytest.mark.timeout(0)
def test_without_limit():
    assert True
"""


def warned(done) -> list[Warned]:
    """Return the warnings of a run."""
    return [record for record in done.run.records if isinstance(record, Warned)]


def test_passed_tests_without_an_assertion_are_warned_of(project: Project) -> None:
    """Each function once; those that fail or are skipped say enough already, and a warning fails nothing."""
    project.write("test_a.py", TESTS)
    done = project.run()
    assert [record.name for record in warned(done)] == [
        "test_a.py::test_looks_at_nothing",
        "test_a.py::test_looks_at_nothing_twice",
    ]
    assert [record.line for record in warned(done)] == [5, 8]
    project.write("test_a.py", "def test_looks_at_nothing():\n    len('a')\n")
    again = project.run()
    assert (state_of(again), len(warned(again))) == ("proved", 1)


@pytest.mark.parametrize("plugins", [("pytest_timeout",), ("pytest_timeout", "xdist.plugin")])
def test_a_swallowed_time_limit_is_named(project: Project, plugins: tuple[str, ...]) -> None:
    """A test that passes after its limit refutes the suite by name, also when workers run it; others do not."""
    listed = ", ".join(f'"-p", "{name}"' for name in plugins)
    spread = ', "-n", "1"' if len(plugins) > 1 else ""
    project.campaign(f'[suites.unit]\nkind = "pytest"\nargs = [{listed}{spread}]\n')
    project.write("test_a.py", LATE)
    done = project.run()
    cases = cases_of(done)
    assert {name.partition("::")[2]: (case.outcome, case.limit_ns) for name, case in cases.items()} == {
        "test_swallows": ("passed", 2_000_000_000),
        "test_is_ended": ("failed", 0),
        "test_in_time": ("passed", 0),
        "test_without_limit": ("passed", 0),
    }
    reason = done.summaries[0].verdict.reason
    assert state_of(done) == "refuted"
    assert "passed although its time limit had passed: test_a.py::test_swallows (" in reason
    assert "limit 2 s" in reason


def test_a_limit_that_nothing_enforces_is_held_against_the_test(project: Project) -> None:
    """Without pytest-timeout the marker is a promise, and a test that breaks it is named."""
    project.write("pytest.ini", "[pytest]\nmarkers = timeout\n")
    project.write(
        "test_a.py", "import pytest\n\n@pytest.mark.timeout(1e-9)\ndef test_slow():\n    assert sum(range(999))\n"
    )
    done = project.run()
    assert state_of(done) == "refuted"
    assert "test_a.py::test_slow" in done.summaries[0].verdict.reason


def test_a_limit_is_read_only_where_it_is_told() -> None:
    """Other properties, and text that is no number, are no limits."""
    assert passed_limit([("overt.measure", "7"), ("overt.limit", "-1"), ("overt.limit", "8")]) == 8
    assert passed_limit([]) == 0
