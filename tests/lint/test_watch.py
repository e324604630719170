"""`overt check --watch`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from overt.cli import check_watch
from overt.cli.check import main
from overt.cli.check_watch import Watched, watch
from overt.model.errors import OvertError


def waiting(*steps: Callable[[], object]) -> Callable[[float], None]:
    """Return a wait that does the next step each time, and is interrupted when there is none."""
    left = list(steps)

    def wait(_seconds: float) -> None:
        if not left:
            raise KeyboardInterrupt
        left.pop(0)()

    return wait


def test_each_change_is_checked_once_and_the_last_status_counts(tmp_path: Path) -> None:
    """A changed file, one that is gone, a new one and a new configuration; nothing when nothing changes."""
    place = tmp_path / "a.py"
    place.write_text("1", "utf-8")
    (tmp_path / "sub").mkdir()
    seen: list[list[str]] = []

    def run() -> Watched:
        files = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.py"))
        seen.append(files)
        return Watched(len(seen), tuple(files))

    said: list[str] = []
    steps = (
        lambda: None,
        lambda: place.write_text("22", "utf-8"),
        lambda: (tmp_path / "b.py").write_text("", "utf-8"),
        lambda: None,
        place.unlink,
        lambda: (tmp_path / "overt.toml").write_text("", "utf-8"),
    )
    assert watch(tmp_path, run, said.append, waiting(*steps)) == 5
    assert seen == [["a.py"], ["a.py"], ["a.py", "b.py"], ["b.py"], ["b.py"]]
    assert said[0] == "watching 1 files; Ctrl-C ends it\n"


def test_a_configuration_that_is_being_written_does_not_end_it(tmp_path: Path) -> None:
    """It is told, and the next change is waited for."""
    runs: list[int] = []

    def run() -> Watched:
        runs.append(1)
        if len(runs) == 1:
            raise OvertError("overt.toml is half written")
        return Watched(0, ("a.py",))

    said: list[str] = []
    change = lambda: (tmp_path / "overt.toml").write_text("[project]", "utf-8")  # noqa: E731
    assert watch(tmp_path, run, said.append, waiting(change)) == 0
    assert said[0] == "overt: overt.toml is half written\n"
    assert watch(tmp_path, lambda: (_ for _ in ()).throw(OvertError("no")), said.append, waiting()) == 2


def test_the_command_line_watches_what_it_checks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The report is printed for each check; the ratchet is not written while watching."""
    monkeypatch.chdir(tmp_path)
    bad = "rows = []\n\ndef f(x):\n    rows.append(x)\n"
    (tmp_path / "a.py").write_text(bad, "utf-8")
    monkeypatch.setattr("time.sleep", waiting(lambda: (tmp_path / "a.py").write_text("x = 1\n", "utf-8")))
    assert main(["--watch", "a.py"]) == 0
    shown = capsys.readouterr()
    assert "OV202" in shown.out
    assert shown.out.rstrip().endswith("Checked: 1 file, 1 line.")
    assert shown.err.count("watching 1 files") == 2
    with pytest.raises(OvertError, match="does not write"):
        main(["--watch", "--write-ratchet"])
    assert check_watch.PAUSE > 0
