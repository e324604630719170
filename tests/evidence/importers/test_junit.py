"""JUnit XML in the dialects of many tools, and what only looks like it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from overt.evidence.importers.junit import read_junit
from overt.evidence.records import TestCase
from overt.evidence.summary import summarise
from overt.model import State

FIXTURES = Path(__file__).with_name("fixtures")
PYTEST, MAVEN, GO, JEST, MIX, GOOGLETEST = (
    (FIXTURES / f"{name}.xml").read_text() for name in ("pytest", "maven", "go", "jest", "mix", "googletest")
)


@pytest.fixture
def read(tmp_path):
    def reading(text):
        path = tmp_path / "report.xml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_junit(path, suite="unit", root=tmp_path)

    return reading


def seen(imported):
    return [(record.name, record.outcome, record.attempt) for record in imported.records]


def test_pytest(read, tmp_path):
    """Failures, errors, skips and expected failures of pytest, and where they stand."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_cart.py").write_text("")
    imported = read(PYTEST)
    assert not imported.problems
    assert seen(imported) == [
        ("tests.test_cart.TestTotal::test_sum[1-2]", "passed", 1),
        ("tests.test_cart::test_bad", "failed", 1),
        ("tests.test_cart::test_setup", "error", 1),
        ("tests.test_cart::test_skip", "skipped", 1),
        ("tests.test_cart::test_xfail", "xfailed", 1),
        ("pytest::tests.test_broken", "error", 1),
    ]
    bad = imported.records[1]
    assert bad == TestCase(
        id="test:unit:tests.test_cart::test_bad",
        suite="unit",
        name="tests.test_cart::test_bad",
        outcome="failed",
        duration_ns=2_000_000,
        path="tests/test_cart.py",
        message="assert 1 == 2",
        detail="def test_bad():\n> assert 1 == 2\n--- system-out ---\nprinted",
    )


def test_maven_with_reruns(read):
    """Flaky failures came before the pass, reruns after the failure; hours have commas."""
    imported = read(MAVEN)
    assert not imported.problems
    assert seen(imported) == [
        ("com.shop.CartTest::total", "passed", 1),
        ("com.shop.CartTest::flaky", "failed", 1),
        ("com.shop.CartTest::flaky", "error", 2),
        ("com.shop.CartTest::flaky", "passed", 3),
        ("com.shop.CartTest::bad", "failed", 1),
        ("com.shop.CartTest::bad", "failed", 2),
    ]
    assert imported.records[0].duration_ns == 1_234_500_000_000
    assert imported.records[1].id.endswith("::flaky")
    assert imported.records[3].id.endswith("::flaky#3")


def test_go(read):
    """Packages, subtests, and a failure whose text is in the element."""
    imported = read(GO)
    assert not imported.problems
    assert seen(imported) == [
        ("example.com/shop/cart::TestTotal/empty", "passed", 1),
        ("example.com/shop/cart::TestTotal", "failed", 1),
    ]


def test_jest(read):
    """A class name that repeats the name is not written twice."""
    assert seen(read(JEST)) == [("cart adds items", "passed", 1), ("cart later", "skipped", 1)]


def test_mix(read):
    """File and line are taken over."""
    imported = read(MIX)
    assert seen(imported)[1] == ("Elixir.Shop.CartTest::test bad", "failed", 1)
    assert (imported.records[1].path, imported.records[1].line) == ("test/cart_test.exs", 9)
    assert imported.records[1].message == "error: boom"


def test_googletest(read):
    """Tests that were not run are no passes."""
    assert [outcome for _, outcome, _ in seen(read(GOOGLETEST))] == ["passed", "skipped", "skipped"]


def test_absolute_paths_become_relative(read, tmp_path):
    """No report tells where on a machine it was made."""
    text = f'<testsuite name="s"><testcase classname="c" name="n" file="{tmp_path.resolve()}/test/a.rb"/></testsuite>'
    assert read(text).records[0].path == "test/a.rb"


def test_the_same_name_twice_keeps_both(read):
    """Two cases of one name have two ids; when they disagree, the summary says so."""
    text = '<testsuite name="s"><testcase name="n"/><testcase name="n"><failure/></testcase></testsuite>'
    imported = read(text)
    assert [record.id for record in imported.records] == ["test:unit:s::n", "test:unit:s::n~2"]
    assert [record.outcome for record in imported.records] == ["passed", "failed"]


def test_an_error_outweighs_a_failure_and_both_a_skip(read):
    """The worst child decides."""
    parts = '<skipped/><failure message="f"/><error message="e"/>'
    text = f'<testsuite name="s"><testcase name="n">{parts}</testcase></testsuite>'
    assert [(record.outcome, record.message) for record in read(text).records] == [("error", "e")]


@pytest.mark.parametrize(
    ("seconds", "wanted"), [("0.5", 500_000_000), ("", 0), ("x", 0), ("-1", 0), ("NaN", 0), ("inf", 0), ("1e300", 0)]
)
def test_durations_that_make_no_sense_are_zero(read, seconds, wanted):
    """A broken number never breaks a report."""
    assert (
        read(f'<testsuite name="s"><testcase name="n" time="{seconds}"/></testsuite>').records[0].duration_ns == wanted
    )


def test_a_truncated_file_is_named_with_its_line(read):
    """What was read before the cut is there, and the file is a problem."""
    whole = PYTEST.encode()
    imported = read(whole[: whole.index(b"test_skip")])
    assert [outcome for _, outcome, _ in seen(imported)] == ["passed", "failed", "error"]
    assert str(imported.problems[0]).startswith("report.xml:8: is truncated: ")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("   \n", "is truncated"),
        ("not xml", "is not well-formed XML"),
        ("<testsuite><testcase></testsuite>", "is not well-formed XML: mismatched tag"),
        ("<html><body/></html>", "is not JUnit XML: its root element is 'html'"),
        ('<testsuite name="s" tests="5"/>', "says that s has 5 tests, but holds 0"),
        (
            '<testsuites><testsuite name="s" tests="3"><testcase name="n"/></testsuite></testsuites>',
            "has 3 tests, but holds 1",
        ),
        ('<?xml version="1.0" encoding="utf-99"?><testsuite/>', "encoding"),
    ],
)
def test_what_is_no_whole_report_is_a_problem(read, text, words):
    """Each says what is wrong and in which file."""
    problems = read(text).problems
    assert words in problems[0].message
    assert problems[0].where is not None
    assert problems[0].where.path == "report.xml"


def test_a_header_alone_proves_nothing(read, book):
    """A report without a single case is read without complaint and proves nothing."""
    imported = read('<testsuites><testsuite name="pytest" tests="0"/></testsuites>')
    assert (imported.records, imported.problems) == ((), ())
    run = book.run(*imported.records, book.end())
    assert summarise(run, run.manifest.plan.suites[0]).verdict.state is State.UNCHECKED


def test_nested_suites_count_their_cases(read):
    """The number that a suite declares includes the suites inside it."""
    inner = '<testsuite name="in" tests="1"><testcase name="n"/></testsuite>'
    assert not read(f'<testsuite name="out" tests="1">{inner}</testsuite>').problems
    assert read(f'<testsuite name="out" tests="2">{inner}</testsuite>').problems


BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "declared",
    [
        f'<!ENTITY a0 "ha">{BOMB}',
        '<!ENTITY a11 SYSTEM "file:///etc/passwd">',
        '<!ENTITY % a11 SYSTEM "http://127.0.0.1:9/x.dtd"> %a11;',
    ],
)
def test_entities_are_refused(read, declared):
    """Neither a bomb nor a file of the machine gets in."""
    text = f'<!DOCTYPE testsuite [{declared}]><testsuite name="s"><testcase name="&a11;"/></testsuite>'
    imported = read(text)
    assert imported.records == ()
    assert "declares entities" in imported.problems[0].message


def test_deep_nesting_is_refused(read):
    """A document ten thousand deep is a problem, not a crash."""
    assert "nested more than" in read("<testsuite>" * 10_000).problems[0].message


def test_a_missing_file_is_a_problem(tmp_path):
    """Not an exception."""
    problems = read_junit(tmp_path / "none.xml", suite="unit", root=tmp_path).problems
    assert str(problems[0]) == "none.xml: cannot be read: No such file or directory"


def test_huge_texts_are_cut(read):
    """A failure text of 5 MB is not kept whole in memory."""
    failure = f'<failure message="m">{"x" * 5_000_000}</failure>'
    text = f'<testsuite name="s"><testcase name="n">{failure}</testcase></testsuite>'
    assert len(read(text).records[0].detail) <= 200_000


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, len(PYTEST) - 1), junk=st.binary(max_size=6), drop=st.integers(0, 40))
def test_a_mangled_report_never_breaks_the_reader(read, at, junk, drop):
    """Whatever is cut out and put in: records or problems, never an exception."""
    whole = PYTEST.encode()
    imported = read(whole[:at] + junk + whole[at + drop :])
    assert imported.records or imported.problems


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, len(PYTEST) - 3))
def test_every_cut_is_a_problem(read, at):
    """A report that ends before its last element is never taken for whole."""
    assert read(PYTEST.encode()[:at]).problems


@pytest.mark.skipif(sys.platform != "linux", reason="UNCHECKED: only Linux tells a process its own peak memory")
def test_a_hundred_thousand_cases_in_little_memory(tmp_path):
    """Below 150 MB, measured by a process of its own: what its parent used before it began does not count."""
    case = '<testcase classname="tests.test_{}.TestX" name="test_{}" time="0.001"/>\n'
    with (tmp_path / "big.xml").open("w") as stream:
        stream.write('<testsuites><testsuite name="pytest" tests="100000">')
        stream.writelines(case.format(number % 50, number) for number in range(100_000))
        stream.write("</testsuite></testsuites>")
    code = (
        "import sys; from pathlib import Path; from overt.evidence.importers.junit import read_junit\n"
        "imported = read_junit(Path(sys.argv[1]), suite='unit', root=Path(sys.argv[1]).parent)\n"
        "assert len(imported.records) == 100_000 and not imported.problems\n"
        "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "big.xml")], capture_output=True, text=True, check=True
    )
    assert 10_000_000 < int(done.stdout) * 1024 < 150_000_000
