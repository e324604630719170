"""What programs read: each verb prints one JSON document and nothing else on standard output."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from overt.cli.main import main
from overt.system.clock import SystemClock
from overt.training.progress import Progress, attempted, change_progress, read_progress
from overt.training.track import load_track

FIRST = load_track().exercises[0]


def asked(folder: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object]]:
    """Return the exit status and the document."""
    status = main(["train", "-C", str(folder), *arguments, "--json"])
    shown = capsys.readouterr().out
    assert shown.count("\n") == 1
    return status, json.loads(shown)


@pytest.mark.parametrize(
    ("arguments", "status", "keys"),
    [
        (["list"], 0, {"items"}),
        (["next"], 0, {"next", "file", "task"}),
        (["check"], 1, {"exercise", "passed", "checks"}),
        (["hint"], 0, {"exercise", "hint", "of", "text"}),
        (["solution"], 0, {"exercise", "solution", "difference"}),
        (["explain", "1"], 0, {"exercise", "why"}),
        (["quiz"], 0, {"next", "snippet", "question", "options"}),
        (["quiz", "--answer", "1"], 1, {"quiz", "right", "chosen"}),
        (["reset"], 0, {"reset"}),
        (["reset", "--all"], 0, {"reset"}),
        (["report"], 0, {"items", "concepts"}),
        (["update"], 0, {"changes", "first"}),
        (["doctor"], 0, {"doctor"}),
        (["dev", "check", "4"], 0, {"run", "exercises"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_every_verb_speaks_json(
    arguments: list[str], status: int, keys: set[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the same exit status as without."""
    main(["train", "-C", str(tmp_path)])
    main(["train", "-C", str(tmp_path), "solution"])
    capsys.readouterr()
    seen, told = asked(tmp_path, capsys, *arguments)
    assert (seen, set(told)) == (status, keys)


def test_a_reset_of_everything_touches_what_was_begun(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Edited answers are kept, starts are left as they are, and no file appears."""
    main(["train", "-C", str(tmp_path)])
    folder = tmp_path / "overt-training"
    (folder / "02_guest_list.py").write_text("mine")
    main(["train", "-C", str(tmp_path), "hint"])
    capsys.readouterr()
    _, told = asked(tmp_path, capsys, "reset", "--all")
    kept = folder / "02_guest_list.before-reset-1.py"
    assert told["reset"] == [
        {"name": "01-ticket-desk", "kept": ""},
        {"name": "02-guest-list", "kept": str(kept)},
    ]
    assert kept.read_text() == "mine"
    assert read_progress(folder)[0].entries == {}
    names = ["01_ticket_desk.py", "02_guest_list.before-reset-1.py", "02_guest_list.py", "progress.json"]
    assert sorted(path.name for path in folder.iterdir()) == names


def test_two_windows_lose_nothing_of_each_other(tmp_path: Path) -> None:
    """What one has kept since the other began to look is still there when the other keeps something."""
    change_progress(tmp_path, lambda progress: attempted(progress, "a", passed=False, clock=SystemClock()))

    def meanwhile(progress: Progress) -> Progress:
        return attempted(progress, "b", passed=True, clock=SystemClock())

    change_progress(tmp_path, meanwhile)
    kept, trouble = change_progress(
        tmp_path, lambda progress: attempted(progress, "a", passed=False, clock=SystemClock())
    )
    assert (kept.of("a").attempts, kept.of("b").attempts, trouble) == (2, 1, "")
    assert read_progress(tmp_path) == (kept, "")


def test_a_check_that_takes_long_keeps_what_came_between(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hint that was taken in another window while an answer was checked still counts."""
    from overt.cli import train_verbs

    main(["train", "-C", str(tmp_path)])
    checked = train_verbs.try_checks

    def slowly(*arguments: object, **options: object) -> object:
        main(["train", "-C", str(tmp_path), "hint"])
        return checked(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(train_verbs, "try_checks", slowly)
    assert main(["train", "-C", str(tmp_path), "check"]) == 1
    entry = read_progress(tmp_path / "overt-training")[0].of(FIRST.name)
    assert (entry.hints, entry.attempts) == (1, 1)


def test_what_an_answer_prints_is_shown_to_who_looks_for_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without terminal codes, and without end."""
    main(["train", "-C", str(tmp_path)])
    answer = tmp_path / "overt-training/01_ticket_desk.py"
    answer.write_text(f"{FIRST.start}\nfor n in range(99): print(f'\\x1b[31mhere {{n}}')\n")
    capsys.readouterr()
    assert main(["train", "-C", str(tmp_path), "check"]) == 1
    shown = capsys.readouterr().out
    assert "Your code printed:\n  | here 0\n  | here 1\n" in shown
    assert ("here 19" in shown, "here 20" in shown, "\x1b" in shown) == (True, False, False)
