"""The recorder tells what pytest counts, changes nothing about the run, and survives what tests do."""

import ast
import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from overt.validate.recording import PLUGIN, recorder_environment, recorder_folder

SOURCE = recorder_folder() / "overt_recorder.py"
EVERYTHING = """
import os, sys, unittest
import pytest

@pytest.fixture
def breaks_after():
    yield
    raise RuntimeError("after")

@pytest.fixture
def breaks_before():
    raise RuntimeError("before")

def test_passes():
    assert not [name for name in os.environ if name.startswith("OVERT_RECORD")]
    assert "PYTHONPATH" not in os.environ

def test_fails():
    print("said \\x1b[31mthis")
    assert 1 == 2, "no\\nsecond line"

def test_passes_and_breaks_after(breaks_after): pass
def test_fails_and_breaks_after(breaks_after): assert 0
def test_breaks_before(breaks_before): pass

@pytest.mark.skip(reason="not today")
def test_skipped(): pass

@pytest.mark.xfail(reason="known")
def test_xfailed(): assert 0

@pytest.mark.xfail
def test_xpassed(): pass

@pytest.mark.xfail(strict=True)
def test_xpassed_strictly(): pass

@pytest.mark.parametrize("x", ["<script>alert(1)</script>", "\\x1b[31m", "\\ud800", "a\\nb", "é", ""])
def test_strange(x): pass

def test_subtests(subtests):
    for i in range(3):
        with subtests.test("odd", i=i):
            assert i == 1

class TestOld(unittest.TestCase):
    def test_subtests(self):
        for i in range(3):
            with self.subTest(i=i):
                self.assertEqual(i, 1)

    def test_passes(self): pass

    @unittest.skip("old")
    def test_skipped(self): pass
"""
SKIPS_ITSELF = 'import pytest\npytest.importorskip("no_such_module_anywhere")\n'
COUNTED = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")


def run_pytest(
    root: Path, *arguments: str, recorded: bool = True, plugins: bool = False, **extra: str
) -> subprocess.CompletedProcess[str]:
    """Run pytest in a folder, with the recorder or without."""
    base = {**os.environ, **extra}
    base.pop("PYTHONPATH", None)
    if not plugins:
        base["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    environment = recorder_environment(base, root / "journal.jsonl") if recorded else base
    load = PLUGIN if recorded else ()
    return subprocess.run(
        [sys.executable, "-m", "pytest", *load, "-p", "no:cacheprovider", *arguments],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def journal(root: Path, kind: str) -> list[dict[str, object]]:
    """Return the lines of one kind that the recorder wrote."""
    lines = [json.loads(line) for line in (root / "journal.jsonl").read_bytes().splitlines()]
    return [line for line in lines if line["k"] == kind]


def outcomes(root: Path) -> Counter[str]:
    """Return how many cases of each outcome were recorded."""
    return Counter(str(line["o"]) for line in journal(root, "case"))


def printed(output: str) -> Counter[str]:
    """Return the figures of pytest's own last line."""
    last = [line for line in output.splitlines() if " in " in line][-1]
    found = re.findall(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed)\b", last)
    # "2 subtests passed" is not a number of tests: the pattern above does not see it.
    return Counter({word.removesuffix("s") if word == "errors" else word: int(number) for number, word in found})


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Return a project in which everything happens that can happen to a test."""
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_everything.py").write_text(EVERYTHING)
    (tmp_path / "test_skips_itself.py").write_text(SKIPS_ITSELF)
    (tmp_path / "test_cannot_be_collected.py").write_text("import no_such_module_anywhere\n")
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ("-W", "error", "--strict-markers", "-o", "addopts="),
        ("-p", "xdist", "-n", "2"),
        ("-p", "randomly", "-p", "no:cacheprovider"),
    ],
    ids=["strict", "xdist", "randomly"],
)
def test_outcomes_equal_those_of_plain_pytest(mixed: Path, arguments: tuple[str, ...]) -> None:
    """Figures, exit status and warnings are what they are without the recorder."""
    names = {"xdist": "xdist.plugin", "randomly": "pytest_randomly"}
    loaded = [names.get(argument, argument) for argument in arguments]
    common = ("--continue-on-collection-errors", "-q", *loaded)
    plain = run_pytest(mixed, *common, recorded=False)
    done = run_pytest(mixed, *common)
    assert printed(plain.stdout) == printed(done.stdout)
    assert outcomes(mixed) == printed(plain.stdout)
    assert sum(outcomes(mixed).values()) > 20
    assert (done.returncode, done.stderr) == (plain.returncode, plain.stderr)
    assert ("warning" in done.stdout) == ("warning" in plain.stdout)
    (end,) = journal(mixed, "end")
    told = end["counts"]
    assert isinstance(told, dict)
    assert {name: told[name] for name in COUNTED} == printed(plain.stdout)


def test_names_are_known_before_the_first_test_begins(mixed: Path) -> None:
    """What was going to run is written first, so that what is missing can be told."""
    run_pytest(mixed, "--continue-on-collection-errors", "-q")
    kinds = [json.loads(line)["k"] for line in (mixed / "journal.jsonl").read_text().splitlines()]
    assert kinds.index("collected") < kinds.index("start")
    (collected,) = journal(mixed, "collected")
    started = [line["n"] for line in journal(mixed, "start")]
    assert collected["names"] == started
    assert len(started) == 19


def test_a_failure_carries_its_place_message_text_and_output(mixed: Path) -> None:
    """What a reader needs to mend a test is there."""
    run_pytest(mixed, "-q", "test_everything.py")
    (case,) = [line for line in journal(mixed, "case") if line["n"] == "test_everything.py::test_fails"]
    line = EVERYTHING.splitlines().index("def test_fails():") + 1
    assert (case["p"], case["l"], case["m"]) == ("test_everything.py", line, "AssertionError: no")
    assert "assert 1 == 2" in str(case["t"])
    assert "said" in str(case["out"])
    assert int(str(case["d"])) > 0
    reasons = {str(one["n"]).rpartition("::")[2]: one.get("m") for one in journal(mixed, "case")}
    assert (reasons["test_skipped"], reasons["test_xfailed"]) == ("old", "known")


def test_a_test_that_ends_the_interpreter_leaves_what_came_before_and_its_own_start(tmp_path: Path) -> None:
    """After os._exit the finished tests are recorded, the running one is named, and no end is claimed."""
    body = "import os\ndef test_a(): pass\ndef test_b(): os._exit(0)\ndef test_c(): pass\n"
    (tmp_path / "test_exit.py").write_text(body)
    run_pytest(tmp_path, "-q")
    assert [line["n"] for line in journal(tmp_path, "case")] == ["test_exit.py::test_a"]
    assert journal(tmp_path, "start")[-1]["n"] == "test_exit.py::test_b"
    assert journal(tmp_path, "end") == []


def test_kill_in_a_long_test_loses_no_finished_test(tmp_path: Path) -> None:
    """Lines do not wait in the process: a SIGKILL while a test runs finds every earlier one written."""
    body = "".join(f"def test_{number:03}(): pass\n" for number in range(200))
    body += "import os, signal\ndef test_last(): os.kill(os.getpid(), signal.SIGKILL)\n"
    (tmp_path / "test_kill.py").write_text(body)
    done = run_pytest(tmp_path, "-q")
    assert done.returncode == -signal.SIGKILL
    assert outcomes(tmp_path) == {"passed": 200}


def test_a_forked_child_writes_nothing(tmp_path: Path) -> None:
    """A child that runs on through the tests after a fork does not count."""
    body = "import os\ndef test_forks():\n    pid = os.fork()\n    if pid: os.waitpid(pid, 0)\ndef test_b(): pass\n"
    (tmp_path / "test_fork.py").write_text(body)
    run_pytest(tmp_path, "-q", "-s")
    assert outcomes(tmp_path) == {"passed": 2}
    assert len(journal(tmp_path, "end")) == 1


def test_ten_megabytes_of_output_are_cut_with_the_cut_said(tmp_path: Path) -> None:
    """Beginning and end stay, the number of bytes left out stands between them."""
    body = "def test_loud():\n    print('first'); print('x ' * 5_000_000); print('last')\n    assert 0\n"
    (tmp_path / "test_loud.py").write_text(body)
    run_pytest(tmp_path, "-q")
    (case,) = journal(tmp_path, "case")
    kept = str(case["out"])
    assert len(kept) < 70_000
    assert "first" in kept
    assert "last" in kept
    cut = re.search(r"\[\.\.\. (\d+) bytes left out \.\.\.\]", kept)
    assert cut is not None
    assert 9_900_000 < int(cut[1]) < 10_000_020


def test_a_word_at_the_edge_of_a_cut_is_not_halved(tmp_path: Path) -> None:
    """Half of a secret cannot be recognised any more, so it must not stay."""
    secret = "k" * 40
    body = f"def test_loud():\n    print(('{secret} ' * 5000))\n    assert 0\n"
    (tmp_path / "test_loud.py").write_text(body)
    run_pytest(tmp_path, "-q")
    (case,) = journal(tmp_path, "case")
    assert set(re.findall("k+", str(case["out"]))) == {secret}


def test_attempts_of_a_rerun_are_numbered(tmp_path: Path) -> None:
    """A plugin that reports an attempt as `rerun` leaves one case for each attempt."""
    (tmp_path / "conftest.py").write_text(
        "from _pytest.runner import runtestprotocol\n"
        "def pytest_runtest_protocol(item):\n"
        "    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)\n"
        "    for attempt in (1, 2, 3):\n"
        "        item._initrequest()\n"
        "        reports = runtestprotocol(item, log=False)\n"
        "        failed = any(report.failed for report in reports)\n"
        "        for report in reports:\n"
        "            if report.failed and attempt < 3: report.outcome = 'rerun'\n"
        "            item.ihook.pytest_runtest_logreport(report=report)\n"
        "            if report.outcome == 'rerun': break\n"
        "        if not failed: break\n"
        "    return True\n"
        "def pytest_report_teststatus(report):\n"
        "    if report.outcome == 'rerun': return 'rerun', 'R', 'RERUN'\n"
    )
    body = "tries = []\ndef test_flaky():\n    tries.append(1)\n    assert len(tries) == 2\ndef test_b(): pass\n"
    (tmp_path / "test_flaky.py").write_text(body)
    done = run_pytest(tmp_path, "-q")
    assert "2 passed" in done.stdout
    found = [(line["n"], line["o"], line.get("a", 1)) for line in journal(tmp_path, "case")]
    assert found == [
        ("test_flaky.py::test_flaky", "failed", 1),
        ("test_flaky.py::test_flaky", "passed", 2),
        ("test_flaky.py::test_b", "passed", 1),
    ]


def test_claims_that_a_test_supports_are_told(tmp_path: Path) -> None:
    """`record_property("proves", NAME)` ties a test to a claim."""
    body = "def test_a(record_property): record_property('proves', 'safe'); record_property('other', 1)\n"
    (tmp_path / "test_a.py").write_text(body)
    run_pytest(tmp_path, "-q")
    (case,) = journal(tmp_path, "case")
    assert (case["o"], case["proves"]) == ("passed", ["safe"])


def test_properties_meant_for_the_ledger_are_told(tmp_path: Path) -> None:
    """Those whose name begins with `overt.`; what they hold is read elsewhere."""
    body = "def test_a(record_property): record_property('overt.measure', '{}'); record_property('other', 1)\n"
    (tmp_path / "test_a.py").write_text(body)
    run_pytest(tmp_path, "-q")
    (case,) = journal(tmp_path, "case")
    assert case["props"] == [["overt.measure", "{}"]]


@pytest.mark.parametrize("workers", [(), ("-p", "xdist.plugin", "-n", "2")], ids=["alone", "xdist"])
def test_shards_part_the_tests_and_slow_ones_are_skipped(tmp_path: Path, workers: tuple[str, ...]) -> None:
    """Each test runs in one shard, shards differ by one test at most, and what is marked slow says why it is out."""
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    slow: takes long\n")
    body = "import pytest\n" + "".join(f"def test_{number}(): pass\n" for number in range(9))
    (tmp_path / "test_many.py").write_text(body + "@pytest.mark.slow\ndef test_slow(): assert 0\n")
    parts = []
    for number in (1, 2, 3):
        (tmp_path / "journal.jsonl").unlink(missing_ok=True)
        run_pytest(tmp_path, "-q", *workers, OVERT_RECORD_SHARD=f"{number}/3", OVERT_RECORD_SKIP="slow")
        parts.append({str(line["n"]): line for line in journal(tmp_path, "case")})
        (collected,) = journal(tmp_path, "collected")
        assert set(collected["names"]) == set(parts[-1])  # type: ignore[call-overload]
    assert sorted(map(len, parts)) == [3, 3, 4]
    whole = {name: line for part in parts for name, line in part.items()}
    assert len(whole) == 10
    slow = whole["test_many.py::test_slow"]
    assert (slow["o"], slow["m"]) == ("skipped", "left out: marked slow")


def test_without_the_variable_nothing_is_recorded(tmp_path: Path) -> None:
    """Loaded by accident, the plugin does nothing."""
    (tmp_path / "test_a.py").write_text("def test_a(): pass\n")
    environment = {**os.environ, "PYTHONPATH": str(recorder_folder()), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *PLUGIN],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "1 passed" in done.stdout) == (0, True)


def test_a_python_path_of_the_users_own_stays(tmp_path: Path) -> None:
    """The tests see the PYTHONPATH that they would have seen."""
    (tmp_path / "test_a.py").write_text("import os\ndef test_a(): assert os.environ['PYTHONPATH'] == '/own:/other'\n")
    environment = recorder_environment({**os.environ, "PYTHONPATH": "/own:/other"}, tmp_path / "journal.jsonl")
    subprocess.run([sys.executable, "-m", "pytest", "-q", *PLUGIN], cwd=tmp_path, env=environment, check=True)
    assert outcomes(tmp_path) == {"passed": 1}


def test_it_needs_nothing_but_pytest_and_an_old_python() -> None:
    """Its files parse as Python 3.8, and import the standard library, pytest and one another only."""
    for source in (SOURCE, SOURCE.with_name("overt_split.py")):
        tree = ast.parse(source.read_text(), feature_version=(3, 8))
        names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        outside = {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names)
        assert outside <= {"pytest", "overt_split"}, source
    assert all(path.stem.startswith("overt_") for path in recorder_folder().glob("*.py"))
