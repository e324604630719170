"""What running a suite again says about an earlier run."""

from __future__ import annotations

import msgspec
import pytest

from overt.evidence.manifest import Inputs, Subject
from overt.evidence.records import CommandRun, Rerun
from overt.evidence.rerun import compare_again, grade_of, refusal


def again(book, then, *now, suite="unit"):
    head = book.run(*now, suites=then.manifest.plan.suites).manifest
    return compare_again(then, suite, now, head)


def test_the_same_cases_with_the_same_outcomes_agree(book):
    """Whatever time they took, and whether they needed another attempt."""
    then = book.run(book.test("a", duration_ns=5), book.test("b", "failed", message="one"), book.end())
    found = again(book, then, book.test("a", "failed"), book.test("a", attempt=2), book.test("b", "failed"), book.end())
    assert (found.agrees, found.compared, found.differences) == (True, 2, ())
    assert (found.of, found.seal) == (then.name, then.manifest.seal)


def test_each_difference_is_named(book):
    """Another outcome, a test that is gone, one that is new."""
    then = book.run(book.test("a"), book.test("b"), book.test("same", "skipped"), book.end())
    found = again(book, then, book.test("a", "failed"), book.test("c"), book.test("same", "skipped"), book.end())
    assert not found.agrees
    assert found.differences == (
        "test a: passed, and failed now",
        "test b: passed, and nothing now",
        "test c: nothing, and passed now",
    )


@pytest.mark.parametrize("now", [[], ["timeout"]])
def test_a_suite_that_broke_off_does_not_agree(book, now):
    """Even if all its tests had come to the same before."""
    then = book.run(book.test("a"), book.end())
    found = again(book, then, book.test("a"), *(book.end(status=status) for status in now))
    assert (found.agrees, found.differences) == (False, ("it did not run to its end",))


def test_nothing_to_compare_is_no_agreement(book):
    """Two runs without a test have shown nothing."""
    then = book.run(book.end())
    assert not again(book, then, book.end()).agrees


def test_many_differences_are_counted(book):
    """The first fifty are listed."""
    then = book.run(*(book.test(f"t{number:02}") for number in range(60)), book.end())
    found = again(book, then, book.test("t00"), book.end())
    assert (len(found.differences), found.differences[-1]) == (51, "and 9 more")


def test_findings_and_exit_statuses_are_compared(book):
    """Findings by what they say; of a linter without findings, that it ran to its end."""
    lint = (book.planned("lint", "lint"),)
    then = book.run(book.scan(), book.finding(line=1), book.end("lint"), suites=lint)
    assert again(book, then, book.scan(), book.finding(line=1), book.end("lint"), suite="lint").agrees
    found = again(book, then, book.scan(), book.finding(line=1, standing="allowed"), book.end("lint"), suite="lint")
    assert found.differences == ("finding finding:lint:1: new F401 in src/a.py, and allowed F401 in src/a.py now",)
    clean = book.run(book.scan(), book.end("lint"), suites=lint)
    assert again(book, clean, book.scan(), book.end("lint"), suite="lint").agrees
    types = (book.planned("types", "command"),)
    ran = [CommandRun(id="command:types", suite="types", argv=("x",), exit_code=code) for code in (0, 1)]
    ended = book.run(ran[0], book.end("types"), suites=types)
    assert again(book, ended, ran[0], book.end("types"), suite="types").agrees
    differing = again(book, ended, ran[1], book.end("types"), suite="types")
    assert differing.differences == ("its program: exit 0, and exit 1 now",)


def test_another_machine_is_said_and_changes_nothing(book):
    """It may explain a difference; an agreement across machines is no weaker."""
    then = book.run(book.test("a"), book.end())
    host = msgspec.structs.replace(then.manifest.host, python="3.13.0", packages_sha256="ab", system="Darwin 1")
    found = compare_again(then, "unit", [book.test("a"), book.end()], msgspec.structs.replace(then.manifest, host=host))
    assert found.agrees
    assert found.notes == (
        "other packages are installed",
        "Python 3.13.0 instead of 3.12.1",
        "Darwin 1 on x86_64 instead of Linux 6 on x86_64",
    )


@pytest.mark.parametrize(
    ("subject", "planned", "why"),
    [
        ({}, {}, ""),
        ({"commit": "beef"}, {}, "measured c0ffee, and this is beef"),
        ({"dirty": True, "diff_sha256": "1"}, {}, "measured c0ffee; the work tree has changes"),
        ({}, {"inputs": Inputs(patterns=(), files=0, sha256="1" * 64)}, "the files that unit is measured on"),
        ({}, {"settings_sha256": "1" * 64}, "the settings of unit are not those of"),
    ],
)
def test_what_would_measure_something_else_is_refused(book, subject, planned, why):
    """A difference would say nothing about the earlier run, and an agreement neither."""
    then = book.run(book.test("a"))
    before = then.manifest.plan.suites[0]
    now = Subject(**{"project": "shop", "commit": "c0ffee", **subject})
    said = refusal(then, before, now, msgspec.structs.replace(before, **planned))
    assert why in said
    assert bool(why) == bool(said)


def test_grades(book):
    """A CI service is more than a word, and a second run that agrees is more than either."""
    run = book.run(book.test("a"), book.end())
    ci = msgspec.structs.replace(run.manifest, host=msgspec.structs.replace(run.manifest.host, ci=True))
    agreed = Rerun(id="r", suite="unit", of="x", seal="y", compared=1, agrees=True)
    assert grade_of(run.manifest, run.records) == "self-reported"
    assert grade_of(ci, run.records) == "CI-made"
    assert grade_of(ci, [*run.records, agreed]) == "re-run"
    assert grade_of(run.manifest, [msgspec.structs.replace(agreed, agrees=False)]) == "self-reported"
