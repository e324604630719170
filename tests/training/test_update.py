"""A track changes while people are learning; nothing that they wrote is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from overt.cli.main import main
from overt.model import OvertError
from overt.training.progress import Entry, Known, Progress, read_progress, write_progress
from overt.training.track import load_track
from overt.training.update import is_behind, known_track, update
from overt.training.workplace import Workplace

Make = Callable[..., Path]
MINE = "def open_door():\n    return 'mine'\n"
FRESH = "seen = []\n\n\ndef open_door():\n    seen.append(1)\n    return len(seen)\n"
CHECKS = 'def check_it_is_one(answer):\n    """One."""\n\n\ndef check_it_stays_one(answer):\n    """All."""\n'
CARD = (
    "title = 'Windows'\nteaches = []\nrules = ['OV202']\nfails = ['it_stays_one']\n"
    "[wrong]\n'two.py' = 'it_is_one'\n'text.py' = 'it_is_one'\n"
)


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    """An empty folder of a learner."""
    return Workplace(tmp_path / "learner")


def begun(track: Path, place: Workplace, answer: str | None = None, *, passed_ns: int = 0, hints: int = 0) -> Progress:
    """Return the progress of somebody who has put the first start there, and perhaps edited it."""
    read = load_track(track)
    [exercise] = read.exercises
    place.place(exercise)
    if answer is not None:
        place.answer(exercise).write_text(answer)
    entry = Entry(attempts=1, passed_ns=passed_ns, hints=hints)
    return Progress(entries={exercise.name: entry}, known=known_track(read))


def changes_of(track: Path, progress: Progress, place: Workplace) -> tuple[Progress, list[tuple[str, str, str]]]:
    """Update, and return the progress to keep and what was changed."""
    kept, changes = update(load_track(track), progress, place)
    return kept, [(change.name, change.kind, change.file) for change in changes]


def test_nothing_changes_while_the_track_does_not(make_track: Make, place: Workplace) -> None:
    """An update of what is up to date says so, and writes nothing."""
    track = make_track()
    progress = begun(track, place, MINE)
    assert changes_of(track, progress, place) == (progress, [])
    assert not is_behind(load_track(track), progress)
    assert [path.name for path in place.folder.iterdir()] == ["01_doors.py"]


def test_a_start_that_was_not_edited_is_replaced(make_track: Make, place: Workplace) -> None:
    """There is nothing of the learner's in it, even when an editor has changed the line ends."""
    progress = begun(make_track(), place)
    answer = place.folder / "01_doors.py"
    answer.write_bytes(answer.read_bytes().replace(b"\n", b"\r\n"))
    track = make_track({"start.py": FRESH})
    assert is_behind(load_track(track), progress)
    kept, changes = changes_of(track, progress, place)
    assert changes == [("01-doors", "start", "01_doors.py")]
    assert answer.read_text() == FRESH
    assert not is_behind(load_track(track), kept)


def test_a_start_that_was_edited_stays(make_track: Make, place: Workplace) -> None:
    """The new start is put beside it, and never over a file that is there."""
    progress = begun(make_track(), place, MINE)
    (place.folder / "01_doors.new-start-1.py").write_text("older")
    kept, changes = changes_of(make_track({"start.py": FRESH}), progress, place)
    assert changes == [("01-doors", "start", "01_doors.new-start-2.py")]
    assert (place.folder / "01_doors.py").read_text() == MINE
    assert (place.folder / "01_doors.new-start-2.py").read_text() == FRESH
    assert (place.folder / "01_doors.new-start-1.py").read_text() == "older"
    assert kept.entries == progress.entries


def test_a_passed_answer_is_left_alone(make_track: Make, place: Workplace) -> None:
    """What changed is told; the pass stays."""
    progress = begun(make_track(), place, MINE, passed_ns=5)
    changed = make_track({"start.py": FRESH, "task.md": "# Doors\n\nOther doors.\n", "checks.py": CHECKS})
    kept, changes = changes_of(changed, progress, place)
    assert changes == [("01-doors", "task", ""), ("01-doors", "checks", ""), ("01-doors", "start", "")]
    assert kept.of("01-doors").passed_ns == 5
    assert [path.name for path in place.folder.iterdir()] == ["01_doors.py"]


def test_a_new_number_takes_answer_and_progress_along(make_track: Make, place: Workplace) -> None:
    """An exercise that was put in front moves the others; that is no new exercise."""
    track = make_track()
    progress = begun(track, place, MINE, hints=2)
    (track / "01-doors").rename(track / "02-doors")
    make_track({"exercise.toml": CARD}, folder="01-windows")
    kept, changes = changes_of(track, progress, place)
    assert changes == [("01-windows", "new", ""), ("02-doors", "moved", "02_doors.py")]
    assert kept.entries == {"02-doors": Entry(attempts=1, hints=2)}
    assert (place.folder / "02_doors.py").read_text() == MINE
    assert set(kept.known) == {"01-windows", "02-doors"}


def test_a_new_number_overwrites_no_file(make_track: Make, place: Workplace) -> None:
    """Where one of that name is, the answer stays under the old one."""
    track = make_track()
    progress = begun(track, place, MINE)
    (place.folder / "02_doors.py").write_text("notes")
    (track / "01-doors").rename(track / "02-doors")
    _, changes = changes_of(track, progress, place)
    assert changes == [("02-doors", "moved", "")]
    assert ((place.folder / "01_doors.py").read_text(), (place.folder / "02_doors.py").read_text()) == (MINE, "notes")


def test_two_that_change_numbers_keep_their_own_answers(make_track: Make, place: Workplace) -> None:
    """What is moved away is moved before something takes its place."""
    make_track()
    track = make_track({"exercise.toml": CARD}, folder="02-windows")
    progress = Progress(known=known_track(load_track(track)))
    place.folder.mkdir()
    for name in ("01_doors.py", "02_windows.py"):
        (place.folder / name).write_text(name)
    (track / "01-doors").rename(track / "03-doors")
    (track / "02-windows").rename(track / "01-windows")
    changes_of(track, progress, place)
    assert (place.folder / "03_doors.py").read_text() == "01_doors.py"
    assert (place.folder / "01_windows.py").read_text() == "02_windows.py"


def test_an_exercise_that_is_gone_leaves_the_answer(make_track: Make, place: Workplace) -> None:
    """And what was done with it; another track's exercises are not gone."""
    track = make_track()
    progress = begun(track, place, MINE)
    other = {"09-roofs": Known(track="elsewhere", task="x")}
    progress = Progress(entries=progress.entries, known={**progress.known, **other})
    (track / "01-doors").rename(track / "01-windows")
    kept, changes = changes_of(track, progress, place)
    assert changes == [("01-doors", "removed", ""), ("01-windows", "new", "")]
    assert kept.entries == progress.entries
    assert set(kept.known) == {"01-windows", "09-roofs"}
    assert (place.folder / "01_doors.py").read_text() == MINE


def test_a_name_from_elsewhere_moves_no_file(make_track: Make, place: Workplace, tmp_path: Path) -> None:
    """A progress file that was tampered with cannot reach out of the folder."""
    (tmp_path / "x").mkdir()
    (tmp_path / "x/00_doors.py").write_text("not yours")
    known = {"../x/00-doors": Known(track="track", task="x")}
    with pytest.raises(OvertError, match="is no name of an exercise"):
        update(load_track(make_track()), Progress(known=known), place)
    assert (tmp_path / "x/00_doors.py").read_text() == "not yours"


def test_the_learner_is_told_and_asks(make_track: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each verb says that the track has changed, until `update` has been asked; then it is quiet."""
    asked = ["train", "-C", str(tmp_path), "--track", str(make_track())]
    assert main(asked) == 0
    (tmp_path / "overt-training/01_doors.py").write_text(MINE)
    make_track({"start.py": FRESH})
    assert main([*asked, "list"]) == 0
    assert "bring your folder up to date: overt train update" in capsys.readouterr().err
    assert main([*asked, "update"]) == 0
    shown = capsys.readouterr()
    assert "your edited answer stays, and the new start is beside it: 01_doors.new-start-1.py" in shown.out
    assert shown.err == ""
    assert main([*asked, "update", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"changes": [], "first": False}
    assert main([*asked, "list"]) == 0
    assert capsys.readouterr().err == ""


def test_a_folder_of_before_is_brought_up_to_date(
    make_track: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where nothing of the track was remembered, nothing is guessed."""
    write_progress(tmp_path / "overt-training", Progress(entries={"01-doors": Entry(attempts=1)}))
    asked = ["train", "-C", str(tmp_path), "--track", str(make_track()), "update"]
    assert main(asked) == 0
    assert "there was nothing to compare with" in capsys.readouterr().out
    progress, _ = read_progress(tmp_path / "overt-training")
    assert (progress.of("01-doors").attempts, set(progress.known)) == (1, {"01-doors"})
    assert main(asked) == 0
    assert "Nothing has changed" in capsys.readouterr().out


def test_of_two_that_may_be_the_moved_one_the_first_is(make_track: Make, place: Workplace) -> None:
    """An answer goes along once, and the other exercise is a new one."""
    track = make_track()
    progress = begun(track, place, MINE)
    (track / "01-doors").rename(track / "02-doors")
    make_track({"exercise.toml": CARD}, folder="03-doors")
    _, changes = changes_of(track, progress, place)
    assert changes == [("02-doors", "moved", "02_doors.py"), ("03-doors", "new", "")]


def test_names_without_a_number_are_not_alike(make_track: Make, place: Workplace) -> None:
    """What has no hyphen has no name behind it that could be the same."""
    track = make_track(folder="doors")
    progress = begun(track, place, MINE)
    (track / "doors").rename(track / "windows")
    _, changes = changes_of(track, progress, place)
    assert changes == [("doors", "removed", ""), ("windows", "new", "")]
    assert (place.folder / "doors.py").read_text() == MINE
