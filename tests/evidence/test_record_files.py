"""Recording result files of another tool."""

from __future__ import annotations

import pytest

from overt.campaign.records import Campaign, Project, Suite
from overt.evidence.facts import gather
from overt.evidence.ledger import open_ledger
from overt.evidence.reader import open_run
from overt.evidence.record_files import record_files
from overt.evidence.records import TestCase
from overt.evidence.verify import verify
from overt.model import Exit, OvertError, State

PASSING = '<testsuite name="s" tests="1"><testcase name="a"/></testsuite>'


@pytest.fixture
def record(book):
    def recording(*texts, campaign=None, **more):
        paths = []
        for number, text in enumerate(texts):
            paths.append(book.root / f"report{number}.xml")
            paths[-1].write_text(text)
        book.clock.now += 10**9
        return record_files(
            book.root,
            campaign or Campaign(),
            paths,
            files=["src/a.py"],
            clock=book.clock,
            environment={},
            **more,
        )

    return recording


def test_files_are_recorded_without_any_suite(record, book):
    """The kind is guessed, the run is sealed."""
    done = record(PASSING)
    assert done.summary.verdict.state is State.PROVED
    assert done.summary.name == "imported"
    assert verify(done.run).intact
    assert done.run.manifest.plan.suites[0].inputs.files == 1


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("", State.UNCHECKED),
        (PASSING[:-5], State.UNCHECKED),
        ('<testsuite name="s" tests="0"/>', State.UNCHECKED),
        ('<testsuite name="s"><testcase name="a"><skipped/></testcase></testsuite>', State.UNCHECKED),
        ('<testsuite name="s"><testcase name="a"><failure/></testcase></testsuite>', State.REFUTED),
        (
            '<testsuite name="s"><testcase name="a"/><testcase name="a"><skipped/></testcase></testsuite>',
            State.CONFLICT,
        ),
        ('<testsuite name="s" tests="9"><testcase name="a"/></testsuite>', State.UNCHECKED),
        ('{"results": {"tests": [{"name": "a"}]}}', State.UNCHECKED),
        ('{"results": {"tests": []}}', State.UNCHECKED),
        ('{"version": "2.1.0", "runs": []}', State.UNCHECKED),
        ('{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": []}]}', State.UNCHECKED),
        ('<coverage line-rate="1"/>', State.UNCHECKED),
    ],
)
def test_empty_cut_skipped_and_contradictory_results_are_never_proved(record, text, state):
    """Each way in which a report can be green without proving anything."""
    assert record(text).summary.verdict.state is state


def test_one_bad_file_of_several_spoils_the_suite(record):
    """The good one's tests are recorded, and nothing is proved."""
    done = record(PASSING, "")
    assert done.summary.verdict.state is State.UNCHECKED
    assert done.summary.counts.total == 1
    assert "report1.xml: is empty" in done.summary.verdict.reason


def test_the_same_test_in_two_files_is_counted_in_both(record):
    """As when one suite ran on two versions of Python."""
    done = record(PASSING, PASSING)
    assert (done.summary.verdict.state, done.summary.counts.total) == (State.PROVED, 2)
    retried = '<testsuite name="s"><testcase name="a"><flakyFailure/></testcase></testsuite>'
    again = record(retried, retried)
    assert (again.summary.counts.total, again.summary.counts.flaky) == (2, 2)


def test_a_suite_of_the_campaign_is_recorded_with_its_settings(record, book):
    """So that it counts as that suite's evidence and goes stale with its inputs."""
    (book.root / "src").mkdir()
    (book.root / "src/a.py").write_text("1")
    campaign = Campaign(
        project=Project(name="shop", sources=("src",)), suites={"java": Suite(kind="import", files=("*.xml",))}
    )
    record(PASSING, campaign=campaign, suite="java")

    def state():
        facts = gather(book.root, campaign, open_ledger(book.root), files=["src/a.py"], now_ns=book.clock.now)
        return facts.suites[0].verdict.state

    assert state() is State.PROVED
    (book.root / "src/a.py").write_text("2")
    assert state() is State.STALE


def test_a_suite_that_runs_by_itself_takes_no_files(record):
    """Its evidence comes from running it."""
    with pytest.raises(OvertError, match="is of kind pytest"):
        record(PASSING, campaign=Campaign(suites={"unit": Suite(kind="pytest")}), suite="unit")


def test_secrets_in_a_report_are_redacted(record):
    """An import is written like everything else."""
    token = "ghp_" + "a1B2" * 9
    done = record(
        f'<testsuite name="s"><testcase name="a"><failure message="{token}">{token}</failure></testcase></testsuite>'
    )
    assert token.encode() not in b"".join(path.read_bytes() for path in done.run.folder.rglob("*") if path.is_file())


def test_the_run_that_is_returned_is_what_is_on_disk(record):
    """Not read back, and yet the same: also where a secret was taken out of a name, so that the order changed."""
    secret = "ghp_" + "a1B2" * 9
    names = [f"m {secret}", "m ab", *(f"test_{number}" for number in range(1500))]
    cases = "".join(f'<testcase name="{name}" classname="c"/>' for name in names)
    failure = f"<testcase name='bad'><failure message='token={secret}'>{'x' * 70_000}</failure></testcase>"
    done = record(f'<testsuite name="s">{cases}{failure}</testsuite>')
    again = open_run(done.run.folder)
    assert done.run.records == again.records
    assert len(again.records) == 1504
    assert [one.id for one in again.records] == sorted(one.id for one in again.records)
    assert verify(again).intact
    assert secret not in (done.run.folder / "records/1-of-1.jsonl").read_text()


def test_many_cases_are_read_as_few_are(record, book):
    """Cases that wait for one another across pieces of the file keep their own parts, suites and numbers."""
    few = '<testcase name="a"><failure>{0}</failure></testcase><testcase name="a"/><testcase name="b" time="0.5"/>'
    suites = "".join(f'<testsuite name="s{one}">{few.format(one)}</testsuite>' for one in range(2000))
    done = record(f"<testsuites>{suites}</testsuites>")
    cases = {case.id: case for case in done.run.of(TestCase)}
    assert len(cases) == 6000
    for one in range(2000):
        assert cases[f"test:imported:s{one}::a"].detail == str(one)
        assert cases[f"test:imported:s{one}::a~2"].outcome == "passed"
        assert cases[f"test:imported:s{one}::b"].duration_ns == 500_000_000


def test_a_file_that_is_not_there_leaves_no_run(book):
    """Nothing was looked at: there is an error, and the ledger is as it was."""
    with pytest.raises(OvertError, match="there is no such file") as caught:
        record_files(
            book.root,
            Campaign(),
            [book.root / "gone.xml"],
            files=[],
            clock=book.clock,
            environment={},
        )
    assert caught.value.exit == Exit.UNCHECKED
    assert not open_ledger(book.root).runs


@pytest.mark.parametrize("data", [bytes(range(256)), b"PK\x03\x04 <x", b"plain words", b"\x00" * 99])
def test_a_file_of_another_kind_is_told_what_was_expected(book, data):
    """Not that it is bad XML, which it never meant to be."""
    path = book.root / "junk.bin"
    path.write_bytes(data)
    done = record_files(book.root, Campaign(), [path], files=[], clock=book.clock, environment={})
    (problem,) = done.problems
    assert problem.message == "is no result file of a known format"
    assert problem.hint.startswith("expected JSON or XML in one of these formats: junit, ctrf")
    assert done.summary.verdict.state is State.UNCHECKED
