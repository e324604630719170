"""Suites of kind `samples`: each sample apart, in its own folder, held against what it shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from overt.campaign import load
from overt.evidence.facts import gather
from overt.evidence.ledger import open_ledger
from overt.evidence.records import Measure, TestCase
from overt.system.files import project_files
from overt.validate.samples.shown import difference, fits
from overt.validate.samples.transcript import outputs, read_session, script_of

from .conftest import Project, cases_of, end_of, state_of

SUITE = '[suites.unit]\nkind = "samples"\n'


def ran(project: Project, text: str, *, suite: str = SUITE) -> dict[str, TestCase]:
    """Run the samples of one document and return their results by line."""
    project.campaign(suite)
    project.write("docs/a.md", text)
    cases = {name.removeprefix("docs/a.md:"): case for name, case in cases_of(project.run()).items()}
    return dict(sorted(cases.items(), key=lambda item: int(item[0])))


def fence(info: str, body: str) -> str:
    return f"```{info}\n{body}\n```\n"


def test_samples_hold_or_do_not(project: Project) -> None:
    """One run tells what held, what did not and where, what parsed, and what nothing was done with."""
    text = (
        fence("python { .run }", "assert 1 + 1 == 2")
        + fence("python { .run }", "x = 1\nraise ValueError('no')")
        + fence("python", ">>> 1 + 1\n2\n>>> 1 + 2\n4")
        + fence("json", '{"a": 1,}')
        + fence("toml", "a = 1")
        + fence("text", "a picture")
        + fence("rust { .run }", "x")
    )
    cases = ran(project, text)
    assert {line: case.outcome for line, case in cases.items()} == {
        "1": "passed",
        "4": "failed",
        "8": "failed",
        "14": "failed",
        "17": "passed",
        "20": "skipped",
        "23": "failed",
    }
    assert (cases["4"].message, cases["4"].line) == ("ValueError: no", 6)
    assert cases["8"].line == 11
    assert cases["14"].line == 15
    assert "does not run" in cases["23"].message
    assert cases["1"].sample is not None
    assert cases["1"].sample.how == "script"


def test_figures_count_samples_apart_from_tests(project: Project) -> None:
    """`samples.*` says what was run and what was only parsed; no sample counts as a test."""
    text = (
        fence("python { .run }", "pass") + fence("json", "{}") + fence("python { .run }", "1 / 0") + fence("text", "-")
    )
    ran(project, text)
    loaded, files = load(project.root), project_files(project.root)
    facts = gather(project.root, loaded.campaign, open_ledger(project.root), files=files, now_ns=1)
    names = ("total", "run", "passed", "parsed", "failed", "unchecked")
    assert [facts.get(f"samples.{name}").value for name in names] == [4, 2, 1, 1, 1, 1]
    assert facts.get("tests.total").value is None


def test_a_changed_document_makes_the_suite_stale(project: Project) -> None:
    """What a suite of samples is measured on are the sources and the documents that it looks at."""
    ran(project, fence("python { .run }", "pass"))

    def outcome() -> object:
        loaded, files = load(project.root), project_files(project.root)
        return (
            gather(project.root, loaded.campaign, open_ledger(project.root), files=files, now_ns=1)
            .get("suites.unit.outcome")
            .value
        )

    assert outcome() == "proved"
    project.write("docs/a.md", fence("python { .run }", "1 / 0"))
    assert outcome() == "stale"


def test_each_sample_has_a_folder_and_a_small_environment(project: Project) -> None:
    """A sample finds an empty folder, nothing of the user's environment, and nothing of the sample before it."""
    here = "from pathlib import Path\nassert not list(Path().iterdir())\nPath('left').touch()\n"
    look = "import os\nassert 'SECRET_HOME' not in os.environ\nassert os.environ['HOME'] != os.environ.get('REAL_HOME')"
    project.environment["SECRET_HOME"] = "x"
    cases = ran(project, fence("python { .run }", here) * 2 + fence("python { .run }", look))
    assert {case.outcome for case in cases.values()} == {"passed"}
    assert not (project.root / "left").exists()


def test_a_session_shares_its_folder_and_its_names(project: Project) -> None:
    """What a sample of a session leaves is there for the next; after one that fails the others are not run."""
    text = (
        fence("python { .run session=s }", "from pathlib import Path\nx = 3\nPath('f').write_text('kept')")
        + fence("console { .run session=s }", "$ cat f; echo\nkept")
        + fence("python { .run session=t }", "y = 1")
        + fence("python { .run session=t }", "assert y == 2")
        + fence("python { .run session=t }", "assert y == 1")
        + fence("python { .run }", "y")
    )
    cases = ran(project, text)
    assert [case.outcome for case in cases.values()] == ["passed", "passed", "passed", "failed", "error", "failed"]
    assert "earlier sample" in list(cases.values())[4].message


def test_the_folder_begins_as_it_is_declared(project: Project) -> None:
    """Files that a document gives, and a copy of a folder of the project; one that is not there is told."""
    project.write("examples/shop/a.txt", "from the project")
    text = (
        fence("json { file=data/b.json }", '{"b": 1}')
        + fence(
            "console { .run from=examples/shop }", '$ cat a.txt; echo\nfrom the project\n$ cat data/b.json\n{"b": 1}'
        )
        + fence("console { .run from=examples/none }", "$ true")
    )
    cases = ran(project, text)
    assert [case.outcome for case in cases.values()] == ["passed", "passed", "error"]
    assert "no folder 'examples/none'" in list(cases.values())[2].message


def test_packages_of_the_project_can_be_imported(project: Project) -> None:
    """Samples and docstrings use the project as its users do; a docstring that lies is found with its line."""
    project.write("src/shop/__init__.py", '"""Shop.\n\n>>> add(1, 2)\n3\n"""\n\n\ndef add(a, b):\n    """Add.\n\n')
    with (project.root / "src/shop/__init__.py").open("a") as file:
        file.write('    >>> add(1, 1)\n    3\n    """\n    return a + b\n')
    project.write("docs/a.md", fence("python { .run }", "from shop import add\nassert add(1, 2) == 3"))
    project.write("overt.toml", "")
    project.campaign(f'packages = ["src/shop"]\n{SUITE}')
    cases = cases_of(project.run())
    assert {name: case.outcome for name, case in cases.items()} == {
        "docs/a.md:1": "passed",
        "src/shop/__init__.py:3": "passed",
        "src/shop/__init__.py:11": "failed",
    }
    assert cases["src/shop/__init__.py:11"].line == 11


def test_a_sample_that_does_not_end_is_ended(project: Project) -> None:
    """Its time limit ends it with whatever it started, and the others run."""
    text = fence("python { .run timeout=1 }", "import time\ntime.sleep(600)") + fence("python { .run }", "pass")
    text += fence("console { .run timeout=1 }", "$ sleep 600")
    cases = ran(project, text)
    assert [case.outcome for case in cases.values()] == ["failed", "passed", "failed"]
    assert all("time limit of 1 s" in case.message for case in cases.values() if case.outcome == "failed")


def test_a_sample_that_ends_its_interpreter_is_told(project: Project) -> None:
    """What ends without a word leaves no result that could pass for one."""
    cases = ran(
        project, fence("python { .run }", "import os\nos._exit(0)") + fence("python { .run exit=3 }", "exit(3)")
    )
    assert [case.outcome for case in cases.values()] == ["failed", "passed"]
    assert "ended its interpreter" in next(iter(cases.values())).message


def test_a_sample_has_no_network_where_that_can_be(project: Project) -> None:
    """Without a network nothing but the loopback is there; where it cannot be kept away the ledger says so."""
    names = "import socket\nprint(sorted(name for _, name in socket.if_nameindex()))"
    text = fence("python { .run }", names) + fence("text { .output }", "['lo']")
    project.campaign(SUITE)
    project.write("docs/a.md", text)
    done = project.run()
    (measure,) = [record for record in done.run.for_suite("unit") if isinstance(record, Measure)]
    outcome = cases_of(done)["docs/a.md:1"].outcome
    assert measure.name == "samples.alone"
    assert outcome == "passed" if measure.value else outcome in {"passed", "failed"}


def test_without_a_sample_nothing_is_proved(project: Project) -> None:
    """A suite that finds nothing measured nothing; a document that cannot be read is told."""
    project.campaign(SUITE)
    assert state_of(project.run()) == "unchecked"
    (project.root / "docs").mkdir()
    (project.root / "docs/a.md").write_bytes(b"```json\n{}\n```\n\xff")
    done = project.run()
    assert (state_of(done), end_of(done).status) == ("unchecked", "unable")


@pytest.mark.parametrize(
    ("expected", "actual", "held"),
    [
        ("a\nb", "a\nb", True),
        ("a\n...\nd", "a\nb\nc\nd", True),
        ("a\n...\nd", "a\nd", True),
        ("a ... c", "a b c", True),
        ("...", "", True),
        ("a\n...", "a", True),
        ("a", "a\nb", False),
        ("a\n...\na", "a", False),
        ("...b", "a", False),
    ],
)
def test_dots_stand_for_anything(expected: str, actual: str, held: bool) -> None:
    """Dots alone on a line stand for lines, also for none; elsewhere for a part of one."""
    assert (difference(expected, actual) is None) is held


def test_dots_cost_no_more_than_the_text() -> None:
    """Many dots over a long output are found at once, or not at all."""
    assert not fits("...".join(["a"] * 200) + "b", "a" * 100_000)


def test_what_varies_is_declared() -> None:
    """Durations differ only where the sample says so; the line that does not fit is named."""
    assert difference("took 1.2 s", "took 3 s", varies=["durations"]) is None
    wrong = difference("one\ntook 1.2 s", "one\ntook 3 s")
    assert wrong is not None
    assert wrong[2] == 1
    assert difference("in /tmp/x/here", "in /tmp/y/here", varies=["paths"], folder="/tmp/y/here") is not None
    assert difference("in <paths>/f", "in /tmp/y/here/f", varies=["paths"], folder="/tmp/y/here") is None


def test_a_console_session_is_read_command_by_command() -> None:
    """Commands go on over lines that end in a backslash; each has its own output and status."""
    typed = read_session("$ echo a \\\n>   b\na b\n\n$ false\n")
    assert [(one.command, one.shown, one.line, one.after) for one in typed] == [
        ("echo a \\\n  b", "a b", 0, 2),
        ("false", "", 4, 5),
    ]
    assert script_of(typed, "END").count("END") == 2
    assert outputs("a b\n\nEND 0\n\nEND 1\nrest", "END") == [("a b", 0), ("", 1)]


@pytest.mark.parametrize(
    ("session", "outcome"),
    [
        ("$ echo a\na", "passed"),
        ("$ echo a\nb", "failed"),
        ("$ echo a", "failed"),
        ("$ false", "failed"),
        ("$ echo a; false\na", "passed"),
        ("$ no-such-program\n...", "failed"),
        ("$ cd /\n$ pwd\n/", "passed"),
        ("$ exit 0\n$ echo a\na", "failed"),
        ("$ cat <<EOF\n...", "failed"),
    ],
)
def test_a_console_shows_what_is_printed(project: Project, session: str, outcome: str) -> None:
    """Nothing shown is nothing printed; a program that is not there never holds."""
    assert [case.outcome for case in ran(project, fence("console { .run }", session)).values()] == [outcome]


def test_the_digest_of_the_text_is_recorded(project: Project, tmp_path: Path) -> None:
    """A result can be tied to the text that it is about, and is written as it is read."""
    cases = ran(project, fence("python { .run }", "pass"))
    sample = cases["1"].sample
    assert sample is not None
    assert len(sample.text_sha256) == 64
    lines = [
        json.loads(line) for line in next(project.root.glob(".overt/runs/*/records/*.jsonl")).read_text().splitlines()
    ]
    assert any(line.get("sample", {}).get("text_sha256") == sample.text_sha256 for line in lines)
