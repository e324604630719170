"""The command line as a whole: dispatch, help, errors, exit statuses, quick start."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from overt import __version__
from overt.cli.main import main
from overt.cli.options import parser, wants_colour
from overt.cli.verbs import VERBS
from overt.model import OvertError


def overt(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own."""
    command = [sys.executable, "-m", "overt", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, env={**os.environ, **environment})


def modules_after(*arguments: str, cwd: Path) -> set[str]:
    """Return the modules that running the program imported."""
    code = (
        f"import sys; from overt.cli.main import main; main({list(arguments)!r}); print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=cwd, capture_output=True, text=True)
    return set(done.stderr.split())


def test_the_help_names_every_verb_and_every_exit_status(capsys: pytest.CaptureFixture[str]) -> None:
    """One screen says what there is."""
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert [verb for verb in VERBS if f"  {verb} " not in shown] == []
    assert all(f"{status} " in shown for status in range(5))
    assert len(shown.splitlines()) <= 24
    assert max(map(len, shown.splitlines())) <= 80


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_examples(verb: str) -> None:
    """Nobody has to guess how a verb is called."""
    done = overt(verb, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"usage: overt {verb}")
    assert "examples:" in done.stdout


@pytest.mark.parametrize("verb", VERBS)
def test_an_unknown_option_is_a_usage_error_told_on_one_line(verb: str) -> None:
    """A typing error ends with status 2 and says where to look."""
    done = overt(verb, "--no-such-option")
    assert done.returncode == 2
    assert done.stderr.startswith("overt: ")
    assert "--help" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_verb_at_all_shows_the_help_and_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    """A script that forgot the verb fails."""
    assert main([]) == 2
    assert "Verbs:" in capsys.readouterr().out


def test_a_mistyped_verb_gets_its_nearest_neighbour(capsys: pytest.CaptureFixture[str]) -> None:
    """The hint is the mend."""
    assert main(["valdiate"]) == 2
    assert "did you mean 'validate'?" in capsys.readouterr().err


def test_an_option_before_the_verb_is_told_where_it_belongs(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever knows `git -C DIR` is not sent to a list of verbs."""
    assert main(["-C", "somewhere", "check"]) == 2
    assert "options come after it: overt VERB -C" in capsys.readouterr().err


def test_the_version_is_the_package_s(capsys: pytest.CaptureFixture[str]) -> None:
    """What is installed says what it is."""
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"overt {__version__}\n"


def test_a_folder_that_is_not_there_is_told_without_a_traceback(tmp_path: Path) -> None:
    """The commonest mistake has a clear message."""
    done = overt("validate", "--list", "--root", str(tmp_path / "nowhere"))
    assert done.returncode in {2, 3}
    assert "nowhere" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_error_of_ours_ends_with_four_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bug is told as a bug, and says how to see more."""

    def broken(_name: str, _arguments: list[str]) -> int:
        raise RuntimeError("wheels came off")

    monkeypatch.setattr("overt.cli.main.run_verb", broken)
    monkeypatch.delenv("OVERT_DEBUG", raising=False)
    assert main(["check"]) == 4
    assert "wheels came off" in capsys.readouterr().err


def test_the_help_imports_nothing_heavy(tmp_path: Path) -> None:
    """`overt --help` starts at once."""
    heavy = {"msgspec", "argparse", "rich", "mkdocs", "asyncio", "subprocess"}
    assert modules_after("--help", cwd=tmp_path) & heavy == set()


def test_checking_a_file_imports_neither_the_ledger_nor_the_site(tmp_path: Path) -> None:
    """`overt check` starts at once."""
    (tmp_path / "a.py").write_text("x = 1\n")
    heavy = {"msgspec", "rich", "mkdocs", "asyncio", "multiprocessing", "overt.evidence", "overt.site"}
    assert modules_after("check", "a.py", cwd=tmp_path) & heavy == set()


def test_a_reader_that_goes_away_is_no_error_of_ours() -> None:
    """`overt explain --list | head -1` prints one line and nothing else."""
    command = f"{sys.executable} -m overt explain --list | head -1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True)
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""


def test_a_parser_raises_what_is_wrong_instead_of_leaving() -> None:
    """Every message goes the same way."""
    with pytest.raises(OvertError, match="unrecognized arguments"):
        parser("check", "Find hidden state").parse_args(["--what"])


@pytest.mark.parametrize(("choice", "expected"), [("always", True), ("never", False)])
def test_the_colour_option_decides(choice: str, expected: bool) -> None:
    """A choice is a choice."""
    assert wants_colour(choice) is expected


def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    """The common variable turns colours off, another one on."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert wants_colour("auto") is True
    monkeypatch.setenv("NO_COLOR", "1")
    assert wants_colour("auto") is False


def test_a_full_disk_is_told_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The system's word names no file there; the line still says what happened and what helps."""

    def full(name: str, arguments: list[str]) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("overt.cli.main.run_verb", full)
    assert main(["check"]) == 3
    assert capsys.readouterr().err == "overt: No space left on device (make room on the disk, then run it again)\n"
