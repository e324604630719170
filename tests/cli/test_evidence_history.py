"""`overt evidence history` and `flaky`, as a user types it."""

from __future__ import annotations

import json

import pytest

from overt.cli.main import main
from overt.evidence.ledger import open_ledger
from overt.system.process import run_process

REPORT = '<testsuite name="s" tests="1"><testcase name="a" time="0.1"/></testsuite>'
FAILING = REPORT.replace('time="0.1"/>', 'time="0.1"><failure message="boom"/></testcase>')


@pytest.fixture
def overt(tmp_path, capsys):
    """Run `overt evidence` in a project and return exit status, output and errors."""

    def run(*arguments: str, root=tmp_path):
        status = main(["evidence", "-C", str(root), *arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture
def recorded(overt, tmp_path):
    """Record a report and return the name of its run."""

    def record(text: str = REPORT) -> str:
        (tmp_path / "report.xml").write_text(text)
        overt("import", str(tmp_path / "report.xml"))
        return open_ledger(tmp_path).runs[0].name

    return record


def test_runs_are_remembered_as_they_close(overt, recorded, tmp_path):
    """Nothing is left to add afterwards; the suites are told with their runs."""
    recorded()
    recorded()
    assert (tmp_path / ".overt/history.jsonl").read_bytes().count(b'"line":"suite"') == 2
    status, out, _ = overt("history")
    assert status == 0
    assert out.splitlines()[1].split()[:4] == ["imported", "2", "0", "proved"]
    assert out.splitlines()[-1] == ".overt/history.jsonl: 2 runs, 2 lines, 0 new"


def test_a_lost_history_is_made_again(overt, recorded, tmp_path):
    """From the runs that are there."""
    recorded()
    before = (tmp_path / ".overt/history.jsonl").read_bytes()
    (tmp_path / ".overt/history.jsonl").unlink()
    assert "1 new" in overt("history")[1]
    assert (tmp_path / ".overt/history.jsonl").read_bytes() == before


def test_folders_are_removed_only_when_asked_for(overt, recorded, tmp_path):
    """Before that it is told what would go; what is remembered stays."""
    names = [recorded() for _ in range(3)]
    status, out, _ = overt("history", "--keep", "1")
    assert status == 0
    assert f"may go  {names[0]}" in out
    assert len(open_ledger(tmp_path).runs) == 3
    document = json.loads(overt("history", "--keep", "1", "--prune", "--json")[1])
    assert document["removed"] == [names[1], names[0]]
    assert [run.name for run in open_ledger(tmp_path).runs] == [names[2]]
    assert [entry["run"] for entry in document["entries"]] == names
    assert overt("history", "--keep", "0")[0] == 2


def test_another_history_is_added(overt, recorded, tmp_path):
    """That of another machine, by its file; a damaged line is named, and the exit status says so."""
    recorded()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    path = tmp_path / ".overt/history.jsonl"
    status, out, _ = overt("history", "--merge", str(path), root=elsewhere)
    assert (status, "1 run, 1 line, 1 new" in out) == (0, True)
    path.write_bytes(path.read_bytes() + b"{}\n")
    status, out, _ = overt("history", "--merge", str(path), root=elsewhere)
    assert (status, "passed over: history.jsonl:" in out) == (3, True)
    assert overt("history", "--merge", "nothing.jsonl")[0] == 2


def test_without_evidence_there_is_nothing_to_remember(overt, tmp_path):
    """No file is made; a folder that is not there is a usage error."""
    assert overt("history") == (0, "nothing is remembered yet: overt validate records a run\n", "")
    assert not (tmp_path / ".overt").exists()
    assert overt("history", root=tmp_path / "none")[0] == 2


@pytest.fixture
def committed(tmp_path):
    """Put the project into a git repository that ignores evidence and reports."""
    (tmp_path / ".gitignore").write_text(".overt/\n*.xml\nelsewhere/\n")
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    for arguments in (("init", "-q"), ("add", "-A"), (*who, "commit", "-qm", "first")):
        assert run_process(["git", *arguments], cwd=tmp_path).ok


@pytest.mark.usefixtures("committed")
def test_a_flaky_test_is_named_with_its_rate(overt, recorded):
    """Exit 1; without one it is told how likely it would have been missed."""
    recorded()
    status, out, _ = overt("flaky")
    assert status == 0
    assert out.splitlines()[1].split() == ["imported", "0", "1", "0", "0", "100", "%"]
    failing = recorded(FAILING)
    status, out, _ = overt("flaky")
    assert status == 1
    assert "certain   imported: s::a" in out
    assert "fails 50 % of the time, 1.3 % to 99 % (1 of 2 attempts)" in out
    document = json.loads(overt("flaky", "--suite", "imported", "--json")[1])
    assert document["suites"][0]["flaky"][0]["last_run"] == failing
    assert overt("flaky", "--runs", "1")[0] == 0


QUARANTINE = """
[[quarantine]]
test = "s::a"
reason = "races"
owner = "ann"
until = {until}
"""


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize(("until", "status"), [("9999-12-31", 0), ("2001-01-01", 1)])
def test_a_flaky_test_in_quarantine_alarms_no_more(overt, recorded, tmp_path, until, status):
    """It is named with its owner and date; past that date it alarms again."""
    recorded()
    recorded(FAILING)
    (tmp_path / "overt.toml").write_text(QUARANTINE.format(until=until))
    got, out, _ = overt("flaky")
    assert got == status
    assert "certain   imported: s::a" in out
    assert ("in quarantine until 9999-12-31 (ann)" in out) == (status == 0)


def test_nothing_is_said_of_tests_that_never_ran(overt, recorded):
    """Exit 3; a suite that is not there and a number that makes no sense are usage errors."""
    assert overt("flaky")[0] == 3
    recorded()
    assert "did you mean 'imported'?" in overt("flaky", "--suite", "importd")[2]
    assert overt("flaky", "--suite", "importd")[0] == 2
    assert overt("flaky", "--runs", "0")[0] == 2


@pytest.mark.usefixtures("committed")
def test_states_are_compared_by_any_name(overt, recorded):
    """A table of suites, then what differs; runs whose folders are gone are compared by what is remembered."""
    first = recorded()
    recorded(FAILING)
    status, out, _ = overt("diff", "previous", "HEAD")
    assert status == 1
    assert out.startswith(f"from {first} to HEAD (")
    assert "  imported  proved  refuted  1    0      0      0        0      0             0" in out.splitlines()
    assert "1 fail now and did not:\n  imported: s::a\n" in out
    recorded()
    assert "1 folder" in overt("history", "--keep", "2", "--prune")[1]
    status, out, _ = overt("diff", first)
    assert (status, "no test and no finding differs" in out) == (0, True)
    assert f"of {first} only the history is left" in out
    document = json.loads(overt("diff", first, "--json")[1])
    assert (document["only_remembered"], document["worse"]) == ([first], False)
    assert document["suites"][0]["suite"] == "imported"
