"""`overt check` as its users run it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from overt.cli.main import main

BAD = "_rows = []\n\n\ndef add(row):\n    _rows.append(row)\n"
TOML = """\
[project]
name = "shop"
packages = ["shop"]

[hidden-state]
{settings}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with one package, clean."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/__init__.py").write_text("", "utf-8")
    (tmp_path / "shop/cart.py").write_text("x = 1\n", "utf-8")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\nversion = "1"\n', "utf-8")
    return tmp_path


def run(root: Path, *arguments: str) -> int:
    """Run the verb and return its exit status."""
    return main(["check", "-C", str(root), *arguments])


def test_a_clean_project_ends_with_0(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says how much was looked at."""
    assert run(project) == 0
    assert capsys.readouterr().out == "No new findings. Checked: 2 files, 1 line.\n"


def test_a_violation_that_is_introduced_ends_with_1(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same project, one line of hidden state later."""
    assert run(project) == 0
    (project / "shop/cart.py").write_text(BAD, "utf-8")
    assert run(project) == 1
    assert "shop/cart.py:1:1: warning OV202" in capsys.readouterr().out


def test_a_file_that_cannot_be_parsed_ends_with_3(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Never silently green."""
    (project / "shop/cart.py").write_text("def f(:\n", "utf-8")
    assert run(project) == 3
    assert "shop/cart.py:1: could not be checked: cannot be parsed: invalid syntax" in capsys.readouterr().out


def test_an_empty_project_ends_with_3(tmp_path: Path) -> None:
    """Nothing was looked at."""
    assert run(tmp_path) == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ["--select", "OV299"],
        ["nosuch.py"],
        ["--format", "nosuch"],
        ["--write-ratchet", "--prune-ratchet"],
        ["--prune-ratchet"],
        ["--target-version", "three"],
    ],
)
def test_what_is_asked_wrongly_ends_with_2(
    project: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """One line says what to do."""
    assert run(project, *arguments) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_broken_configuration_ends_with_2(project: Path) -> None:
    """Also for a single file, and also after it was good before."""
    file = project / "shop/cart.py"
    (project / "overt.toml").write_text(TOML.format(settings="ignore = []"), "utf-8")
    assert run(project, str(file)) == 0
    (project / "overt.toml").write_text(TOML.format(settings="ignroe = []"), "utf-8")
    assert run(project, str(file)) == 2


def test_settings_apply_and_their_changes_are_seen(project: Path) -> None:
    """The settings are kept, by the digest of the file."""
    file = project / "shop/cart.py"
    file.write_text(BAD, "utf-8")
    config = project / "overt.toml"
    for settings, status in (("ignore = []", 1), ('ignore = ["OV2"]', 0), ('exclude = ["shop/cart.py"]', 0)):
        config.write_text(TOML.format(settings=settings), "utf-8")
        assert [run(project, str(file)), run(project, str(file))] == [status, status]


def test_the_allow_list_of_the_configuration_counts_for_single_files_too(project: Path) -> None:
    """The way of a pre-commit hook."""
    (project / "shop/cart.py").write_text(BAD, "utf-8")
    entry = 'allow = [{path = "shop/cart.py", reason = "legacy", owner = "ann", until = "2999-01-01"}]'
    (project / "overt.toml").write_text(TOML.format(settings=entry), "utf-8")
    file = str(project / "shop/cart.py")
    assert [run(project, file), run(project, file), run(project)] == [0, 0, 0]
    assert run(project, str(project / "shop/__init__.py")) == 0


def test_the_ratchet_from_writing_to_pruning(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Today's findings are held, one more fails, what was mended is pruned."""
    file = project / "shop/cart.py"
    file.write_text(BAD, "utf-8")
    assert run(project, "--write-ratchet") == 0
    assert "validation/hidden-state.ratchet: 1 places in 1 lines\n" in capsys.readouterr().out
    assert run(project) == 0
    assert run(project, str(file)) == 0
    assert run(project, "--no-ratchet") == 1
    file.write_text(BAD + "\n\ndef more(row):\n    _rows.append(row)\n", "utf-8")
    assert run(project) == 1
    assert "(2 places, the ratchet holds 1)" in capsys.readouterr().out
    file.write_text("x = 1\n", "utf-8")
    assert run(project) == 1
    assert run(project, "--prune-ratchet") == 0
    assert run(project) == 0


def test_a_broken_ratchet_ends_with_2(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is not taken for an empty one."""
    (project / "r").write_text("nonsense\n", "utf-8")
    assert run(project, "--ratchet", "r") == 2
    assert "r:1: is not a line of a ratchet" in capsys.readouterr().err


def test_the_ratchet_is_not_written_when_something_is_unreadable(project: Path) -> None:
    """Exit 3, and no file."""
    (project / "shop/cart.py").write_text("def f(:\n", "utf-8")
    assert run(project, "--write-ratchet") == 3
    assert not (project / "validation").exists()


@pytest.mark.parametrize("name", ["github", "sarif", "json", "junit", "gitlab", "text"])
def test_every_format_keeps_the_exit_status(project: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A report that is uploaded must not turn the job green."""
    (project / "shop/cart.py").write_text(BAD, "utf-8")
    assert run(project, "--format", name) == 1
    assert "OV202" in capsys.readouterr().out


def test_json_is_one_document(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--json` is the json format."""
    (project / "shop/cart.py").write_text(BAD, "utf-8")
    assert run(project, "--json") == 1
    assert json.loads(capsys.readouterr().out)["findings"][0]["path"] == "shop/cart.py"


def test_statistics_replace_the_list(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The exit status stays."""
    (project / "shop/cart.py").write_text(BAD, "utf-8")
    assert run(project, "--statistics") == 1
    shown = capsys.readouterr().out
    assert "OV202         1      0          0        0  A container of the module" in shown


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal")
def test_a_terminal_is_told_what_takes_long(tmp_path: Path) -> None:
    """The line is taken away again; a file or a pipe gets none."""
    (tmp_path / "pkg").mkdir()
    for number in range(501):
        (tmp_path / f"pkg/m{number}.py").write_text("", "utf-8")
    command = [sys.executable, "-m", "overt", "check", "--no-cache", "."]
    reading, writing = os.openpty()
    subprocess.run(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=writing, check=True)
    os.close(writing)
    told = b""
    with contextlib.suppress(OSError):  # how a terminal ends that nobody writes to any more
        while some := os.read(reading, 1000):
            told += some
    os.close(reading)
    assert told == b"checking 501 files\r\x1b[K"
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stderr == b""


def test_folders_and_files_may_be_named_from_anywhere(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Paths are those of the shell; they are shown relative to the project."""
    (project / "shop/cart.py").write_text(BAD, "utf-8")
    monkeypatch.chdir(project / "shop")
    assert main(["check", "-C", "..", "cart.py"]) == 1
    assert main(["check", "-C", "..", "."]) == 1
    assert main(["check", "-C", "..", ".."]) == 1
    assert capsys.readouterr().out.count("shop/cart.py:1:1: warning") == 3


def test_without_a_cache_nothing_is_written(project: Path) -> None:
    """And with one, nothing but the cache."""
    before = sorted(project.rglob("*"))
    run(project, "--no-cache")
    assert sorted(project.rglob("*")) == before
    run(project)
    assert {path.relative_to(project).parts[0] for path in set(project.rglob("*")) - set(before)} == {".overt"}


def test_target_version_reaches_the_rules(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From Python 3.14 on, filters inside catch_warnings are no note."""
    text = (
        "import warnings\n\n\ndef a():\n    with warnings.catch_warnings():\n        warnings.simplefilter('ignore')\n"
    )
    (project / "shop/cart.py").write_text(text, "utf-8")
    run(project, "--target-version", "3.11")
    run(project, "--target-version", "3.14")
    assert capsys.readouterr().out.count("note OV407") == 1


def test_one_small_file_starts_without_anything_heavy(project: Path) -> None:
    """Neither the configuration's records, nor data classes, nor processes are loaded, cold or warm."""
    code = (
        "import sys; from overt.cli.main import main; main(['check', 'shop/cart.py']);"
        "print(*sys.modules, file=sys.stderr)"
    )
    heavy = {"msgspec", "tomllib", "typing", "dataclasses", "inspect", "subprocess", "overt.campaign.records"}
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=True)
        assert heavy & set(done.stderr.split()) == set()
    assert "overt.lint.examine" not in done.stderr.split()


def test_a_table_that_only_imports_fill_is_a_note_for_the_file_as_for_the_project(project: Path) -> None:
    """And fails as soon as the rest of the project fills it later."""
    (project / "shop/handlers.py").write_text(BAD, "utf-8")
    (project / "shop/cart.py").write_text("from shop.handlers import add\n\nadd(1)\n", "utf-8")
    assert [run(project), run(project, str(project / "shop/handlers.py"))] == [0, 0]
    (project / "shop/cart.py").write_text("from shop.handlers import add\n\n\ndef f():\n    add(1)\n", "utf-8")
    assert [run(project, str(project / "shop/handlers.py")), run(project)] == [1, 1]
