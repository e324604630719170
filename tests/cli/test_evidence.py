"""`overt evidence`, as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from overt.cli.main import main
from overt.evidence.ledger import open_ledger
from overt.evidence.manifest import Host, Inputs, Plan, PlannedSuite, Subject
from overt.evidence.records import SuiteRun, TestCase
from overt.evidence.redact import Redactor
from overt.evidence.writer import RunWriter
from overt.system.clock import SystemClock

PASSING = '<testsuite name="s" tests="2"><testcase name="a" time="0.1"/><testcase name="b" time="0.1"/></testsuite>'
FAILING = PASSING.replace('name="b" time="0.1"/>', 'name="b" time="1.1"><failure message="boom"/></testcase>')


@pytest.fixture
def overt(tmp_path, capsys):
    """Run `overt evidence` in a project and return exit status, output and errors."""

    def run(*arguments: str):
        status = main(["evidence", "-C", str(tmp_path), *arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture
def recorded(overt, tmp_path):
    """Record a report and return the name of its run."""

    def record(text: str) -> str:
        (tmp_path / "report.xml").write_text(text)
        overt("import", str(tmp_path / "report.xml"))
        return open_ledger(tmp_path).runs[0].name

    return record


def test_a_project_without_evidence_is_told_what_to_do(overt):
    """An empty list is no error; there is nothing to show or verify."""
    assert overt("list") == (
        0,
        "no evidence yet: overt validate records some, overt evidence import FILE takes in another tool's results\n",
        "",
    )
    assert overt("show")[0] == 2
    assert overt("verify")[0] == 3


@pytest.mark.parametrize(
    ("text", "status", "word"), [(PASSING, 0, "proved"), (FAILING, 1, "refuted"), ("", 3, "unchecked")]
)
def test_importing_says_what_the_results_hold(overt, tmp_path, text, status, word):
    """In words and in the exit status."""
    (tmp_path / "report.xml").write_text(text)
    got, out, _ = overt("import", str(tmp_path / "report.xml"))
    assert got == status
    assert f"  {word}: " in out
    assert "[suites.imported]" in out


def test_importing_as_json(overt, tmp_path):
    """One document with the run and the verdict."""
    (tmp_path / "report.xml").write_text(PASSING[:-3])
    status, out, _ = overt("import", str(tmp_path / "report.xml"), "--json")
    document = json.loads(out)
    assert (status, document["state"], document["records"]) == (3, "unchecked", 3)
    assert (document["problems"][0]["path"], document["problems"][0]["line"]) == ("report.xml", 1)


def test_an_unknown_format_is_a_usage_error(overt, tmp_path):
    """With the nearest name; nothing is recorded."""
    (tmp_path / "report.xml").write_text(PASSING)
    status, _, errors = overt("import", str(tmp_path / "report.xml"), "--format", "junti")
    assert status == 2
    assert "did you mean 'junit'?" in errors
    assert not open_ledger(tmp_path).runs


def test_runs_are_listed_with_their_verdicts(overt, recorded):
    """The newest first, one a line."""
    first, second = recorded(PASSING), recorded(FAILING)
    lines = overt("list")[1].splitlines()
    assert lines[0].split()[:2] == ["RUN", "WHEN"]
    assert lines[1].startswith(second)
    assert lines[1].endswith("imported refuted")
    assert lines[2].startswith(first)
    assert "1 older run not shown" in overt("list", "-n", "1")[1]
    document = json.loads(overt("list", "--json")[1])
    assert [run["run"] for run in document["runs"]] == [second, first]


def test_a_run_is_shown_with_its_failures(overt, recorded):
    """Suite, figures, reason, name and message of what failed."""
    run = recorded(FAILING)
    status, out, _ = overt("show", run)
    assert status == 1
    for words in ("1 failed of 2 tests", "failed  s::b", "boom", "1 passed, 1 failed"):
        assert words in out
    document = json.loads(overt("show", "latest", "--json")[1])
    assert document["failures"]["imported"][0]["message"] == "boom"
    assert document["suites"][0]["verdict"]["state"] == "refuted"


def test_an_unknown_suite_or_run_is_a_usage_error(overt, recorded):
    """With the nearest name."""
    recorded(PASSING)
    assert overt("show", "--suite", "importd")[0] == 2
    assert "did you mean 'imported'?" in overt("show", "--suite", "importd")[2]
    assert overt("show", "nothing")[0] == 2


def test_comparing_runs(overt, recorded):
    """What broke is named, and the exit status says so."""
    first, second = recorded(PASSING), recorded(FAILING)
    status, out, _ = overt("diff", first)
    assert status == 1
    assert "1 fail now and did not:\n  imported: s::b\n" in out
    assert "took at least twice as long" in out
    assert overt("diff", second, first)[0] == 0
    assert json.loads(overt("diff", first, second, "--json")[1])["new"] == ["imported: s::b"]


def test_an_intact_ledger_verifies(overt, recorded):
    """Exit 0, and how much was held against what."""
    run = recorded(PASSING)
    status, out, _ = overt("verify")
    assert status == 0
    assert out.splitlines()[0] == f"intact      {run}  3 records in 1 file; self-reported"
    assert json.loads(overt("verify", "--json")[1])["runs"][0]["intact"] is True


@pytest.mark.parametrize("harm", ["edit", "cut", "remove", "add", "manifest"])
def test_every_damage_is_named_with_its_path(overt, recorded, tmp_path, harm):
    """Exit 3."""
    run = recorded(PASSING)
    folder = tmp_path / ".overt/runs" / run
    records, manifest = folder / "records/1-of-1.jsonl", folder / "manifest.json"
    named = f".overt/runs/{run}/records/1-of-1.jsonl"
    if harm == "edit":
        records.write_bytes(records.read_bytes().replace(b"passed", b"failed"))
    elif harm == "cut":
        records.write_bytes(records.read_bytes()[:-4])
    elif harm == "remove":
        records.unlink()
    elif harm == "add":
        (folder / "blobs" / "extra").write_bytes(b"x")
        named = f".overt/runs/{run}/blobs/extra"
    else:
        manifest.write_bytes(manifest.read_bytes()[:-9])
        named = f".overt/runs/{run}/manifest.json"
    status, out, _ = overt("verify")
    assert status == 3
    assert named in out
    assert overt("verify", "--json")[0] == 3


def test_a_run_that_was_never_closed_does_not_verify(overt, tmp_path):
    """It is not damaged, but there is nothing to hold it against."""
    writer = _start(tmp_path / ".overt/runs", "1/1")
    status, out, _ = overt("verify")
    writer.close()
    assert status == 3
    assert out.startswith("not sealed")


def _start(store: Path, shard: str) -> RunWriter:
    planned = PlannedSuite(name="unit", suite_kind="pytest", inputs=Inputs(patterns=("src",), files=0, sha256="00"))
    return RunWriter.start(
        store,
        plan=Plan(suites=(planned,), shard=shard),
        subject=Subject(project="shop", commit="c0ffee"),
        host=Host(system="Linux", machine="x86_64", python="3.12", implementation="CPython", cores=2),
        clock=SystemClock(),
        redactor=Redactor({}),
    )


def _part(store: Path, shard: str, outcome: str = "passed") -> None:
    with _start(store, shard) as writer:
        writer.add(TestCase(id=f"test:unit:{shard}", suite="unit", name=shard, outcome="passed"))
        writer.add(TestCase(id="test:unit:both", suite="unit", name="both", outcome=outcome))
        writer.add(SuiteRun(id="suite:unit", suite="unit", status="completed"))


def test_parts_are_merged_from_folders(overt, tmp_path):
    """As a CI service hands them over; the result lies in the ledger and verifies."""
    _part(tmp_path / "one", "1/2")
    _part(tmp_path / "two/.overt/runs", "2/2")
    status, out, _ = overt("merge", str(tmp_path / "one"), str(tmp_path / "two"))
    assert status == 0
    assert "merged into" in out
    assert overt("verify")[0] == 0
    assert overt("show")[0] == 0


def test_a_merge_that_contradicts_or_lacks_something_exits_3(overt, tmp_path):
    """And names it."""
    _part(tmp_path / "one", "1/2")
    _part(tmp_path / "two", "2/2", "failed")
    status, out, _ = overt("merge", str(tmp_path / "one"))
    assert (status, "missing: shard 2" in out) == (3, True)
    status, out, _ = overt("merge", str(tmp_path / "one"), str(tmp_path / "two"))
    assert (status, "conflict: " in out, "test:unit:both differ" in out) == (3, True, True)
    document = json.loads(overt("merge", str(tmp_path / "one"), str(tmp_path / "two"), "--json")[1])
    assert len(document["conflicts"]) == 1


def test_a_folder_without_runs_is_a_usage_error(overt, tmp_path):
    """With what was expected."""
    (tmp_path / "empty").mkdir()
    status, _, errors = overt("merge", str(tmp_path / "empty"))
    assert status == 2
    assert "manifest.json" in errors


@pytest.mark.parametrize(("form", "begin"), [("junit", "<?xml"), ("ctrf", "{"), ("sarif", "{")])
def test_exporting(overt, recorded, tmp_path, form, begin):
    """To standard output or to a file, the same bytes."""
    recorded(FAILING)
    status, out, _ = overt("export", "--format", form)
    assert status == 0
    assert out.startswith(begin)
    assert overt("export", "--format", form, "-o", str(tmp_path / "out"))[0] == 0
    assert (tmp_path / "out").read_text() == out


def test_exporting_refuses_what_it_cannot_vouch_for(overt, recorded, tmp_path):
    """A damaged run is not passed on; an unknown format is a usage error."""
    run = recorded(FAILING)
    assert overt("export", "--format", "junitt")[0] == 2
    (tmp_path / ".overt/runs" / run / "records/1-of-1.jsonl").write_bytes(b"")
    assert overt("export")[0] == 3


@pytest.mark.parametrize("arguments", [[], ["lst"], ["show", "--what"], ["diff"], ["merge"], ["import"]])
def test_a_wrong_command_line_is_a_usage_error(overt, arguments):
    """Exit 2 with one line and a hint."""
    status, out, errors = overt(*arguments)
    assert (status, out) == (2, "")
    assert errors.startswith("overt: ")
    assert len(errors.splitlines()) == 1


def test_options_may_stand_before_or_after_the_action(tmp_path, capsys):
    """`-C DIR list --json` and `list --json -C DIR` are the same."""
    assert main(["evidence", "-C", str(tmp_path), "--json", "list"]) == 0
    before = capsys.readouterr().out
    assert main(["evidence", "list", "--json", "-C", str(tmp_path)]) == 0
    assert capsys.readouterr().out == before == '{\n  "runs": [],\n  "damage": []\n}\n'


def test_colour_only_when_asked_for(overt, recorded):
    """Never in a pipe."""
    recorded(PASSING)
    assert "\x1b" not in overt("show")[1]
    assert "\x1b[32m" in overt("show", "--color", "always")[1]
