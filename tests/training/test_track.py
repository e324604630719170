"""A track is read whole, and all that is wrong with it is told at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from overt.model import OvertError, Problems
from overt.training.records import Exercise, Quiz
from overt.training.track import find, load_track

Make = Callable[..., Path]


def problems(folder: Path) -> list[str]:
    with pytest.raises(Problems) as caught:
        load_track(folder)
    return [str(problem) for problem in caught.value.problems]


def test_an_exercise_is_read_from_its_folder(make_track: Make) -> None:
    """Card, texts, checks with what they demand, hints one by one."""
    [exercise] = load_track(make_track()).exercises
    assert (exercise.name, exercise.title) == ("01-doors", "Doors")
    assert [(check.name, check.about) for check in exercise.checks] == [
        ("it_is_one", "The first door is 1."),
        ("it_stays_one", "Every door is 1."),
    ]
    assert exercise.hints == ("Look.", "Look again.")
    assert sorted(exercise.wrong) == ["text.py", "two.py"]


def test_the_digest_covers_every_file(make_track: Make) -> None:
    """A changed wrong answer is a changed exercise."""
    before = load_track(make_track()).items[0].text_sha256
    assert load_track(make_track()).items[0].text_sha256 == before
    assert load_track(make_track({"wrong/two.py": "def open_door(): return 3\n"})).items[0].text_sha256 != before


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"why.md": None}, "01-doors/why.md: is missing"),
        ({"start.py": "x = 1\n" * 61}, "01-doors/start.py: has 61 lines; at most 60"),
        ({"hints.md": "# Hints\n"}, "01-doors/hints.md: has 0 hints; 1 to 3"),
        ({"checks.py": "def check_x(:\n"}, "01-doors/checks.py:1: is no Python"),
        (
            {"checks.py": "def check_it_is_one(answer): pass\ndef check_it_stays_one(answer): pass\n"},
            "does not say what",
        ),
        ({"wrong/third.py": "x = 1\n"}, "wrong answer 'third.py' is not named under [wrong]"),
        ({"wrong/two.py": None}, "wrong answer 'two.py' is not there"),
        ({"exercise.toml": "title = 3\n"}, "01-doors/exercise.toml: Expected `str`, got `int` - at `$.title`"),
        ({"exercise.toml": "title = \n"}, "01-doors/exercise.toml: Invalid value (at line 1, column 9)"),
    ],
)
def test_what_is_wrong_is_told(make_track: Make, changes: dict[str, str | None], told: str) -> None:
    """With its file, and its line where it has one."""
    assert any(told in problem for problem in problems(make_track(changes)))


def test_an_unknown_check_is_told_with_the_nearest(make_track: Make) -> None:
    """A card that names a check which is not there would never be held against it."""
    card = "title = 'D'\nteaches = []\nrules = []\nfails = ['it_stay_one']\n[wrong]\n'two.py' = 'x'\n'text.py' = 'x'\n"
    assert problems(make_track({"exercise.toml": card})) == [
        "01-doors/exercise.toml: there is no check 'it_stay_one' (did you mean 'it_stays_one'?)",
        "01-doors/exercise.toml: there is no check 'x' (known: it_is_one, it_stays_one)",
        "01-doors/exercise.toml: there is no check 'x' (known: it_is_one, it_stays_one)",
    ]


def test_concepts_are_taught_before_they_are_needed(make_track: Make) -> None:
    """The order of the folders is the order of the track."""
    make_track()
    card = "title = 'W'\nteaches = []\nneeds = ['doors', 'roofs']\nrules = []\nfails = ['it_stays_one']\n"
    wrong = "[wrong]\n'two.py' = 'it_is_one'\n'text.py' = 'it_is_one'\n"
    folder = make_track({"exercise.toml": card + wrong}, folder="02-windows")
    assert problems(folder) == ["02-windows/exercise.toml: 'roofs' is needed before it is taught"]


def test_an_empty_folder_is_no_track(tmp_path: Path) -> None:
    """Nothing to learn is a mistake, not a success."""
    with pytest.raises(OvertError, match="there is no exercise"):
        load_track(tmp_path)


@pytest.mark.parametrize("name", ["01-doors", "01", "1", "doors"])
def test_an_exercise_is_found_by_name_or_number(make_track: Make, name: str) -> None:
    """However the learner calls it."""
    assert find(load_track(make_track()), name).name == "01-doors"


def test_an_unknown_name_is_told_with_the_nearest(make_track: Make) -> None:
    """A typo is no dead end."""
    with pytest.raises(OvertError) as caught:
        find(load_track(make_track()), "01-dors")
    assert caught.value.hint == "did you mean '01-doors'?"


def test_our_own_track_can_be_read() -> None:
    """It has exercises and quizzes, each with its number, in order and without a gap."""
    track = load_track()
    assert [int(item.name[:2]) for item in track.items] == list(range(1, len(track.items) + 1))
    assert {type(item) for item in track.items} == {Exercise, Quiz}
    assert isinstance(track.items[0], Exercise)


def test_a_folder_that_a_renaming_left_behind_is_passed_over(make_track: Make) -> None:
    """Python keeps its own files where an exercise once was."""
    folder = make_track()
    (folder / "02-gone/__pycache__").mkdir(parents=True)
    assert [exercise.name for exercise in load_track(folder).exercises] == ["01-doors"]
    (folder / "02-gone/task.md").write_text("# Gone\n")
    assert problems(folder)
