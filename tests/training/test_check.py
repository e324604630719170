"""An exercise is proved only when its solution, start, wrong answers and rule codes all behave as declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from overt.model import State
from overt.training.check import check_exercise, check_quiz, exercise_verdict
from overt.training.linting import rule_codes
from overt.training.records import Quiz
from overt.training.track import load_track

Make = Callable[..., Path]


def checked(folder: Path, **options: object) -> tuple[State, str]:
    [exercise] = load_track(folder).exercises
    record = check_exercise(exercise, **{"codes": rule_codes, **options})  # type: ignore[arg-type]
    verdict = exercise_verdict(record)
    assert verdict.reason == record.reason or not record.reason
    return verdict.state, verdict.reason


def test_an_exercise_that_does_what_it_declares_is_proved(make_track: Make) -> None:
    """And the counts come from what was run."""
    state, reason = checked(make_track())
    assert (state, reason) == (State.PROVED, "the solution passes, 2 of 2 wrong answers are rejected")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"solution.py": "def open_door():\n    return 2\n"}, "the solution fails it_is_one"),
        (
            {
                "solution.py": "import sys\n\n\ndef open_door():\n"
                "    sys.n = getattr(sys, 'n', -1) + 1\n    return sys.n < 2\n"
            },
            " after others, in the order ",
        ),
        (
            {"start.py": "opened = []\n\n\ndef open_door():\n    opened.append(1)\n    return 1\n"},
            "the start passes it_stays_one",
        ),
        (
            {"start.py": "opened = []\n\n\ndef open_door():\n    opened.append(1)\n"},
            "the start fails it_is_one, which is not declared",
        ),
        (
            {"wrong/two.py": "def open_door():\n    return 1\n"},
            "the wrong answer two.py passes it_is_one; nothing rejects it",
        ),
        (
            {"start.py": "def open_door(n=[0]):\n    n[0] += 1\n    return n[0]\n"},
            "the linter does not find OV202 in the start",
        ),
        (
            {"solution.py": "d = {}\n\n\ndef open_door():\n    d[1] = 1\n    return 1\n"},
            "the linter finds OV202 in the solution",
        ),
        (
            {
                "start.py": "import os\n\nopened = []\n\n\ndef open_door():\n    os.environ['D'] = '1'\n"
                "    opened.append(1)\n    return len(opened)\n"
            },
            "the linter finds OV401 in the start, which is not declared",
        ),
        (
            {"wrong/two.py": "def open_door(:\n"},
            "the wrong answer two.py passes it_is_one; it is rejected by it_loads",
        ),
        (
            {"hints.md": "# Hints\n\n## One\n\nLook.\n\n## Two\n\n```python\nopen_door()\n```\n"},
            "the code of hint 2 does not run: line 1: NameError",
        ),
    ],
)
def test_what_an_exercise_does_not_keep_is_told(make_track: Make, changes: Mapping[str, str], told: str) -> None:
    """Each broken promise is named, and the exercise is not proved."""
    state, reason = checked(make_track(changes))
    assert told in reason
    assert state is not State.PROVED


def test_the_code_of_hints_may_run(make_track: Make) -> None:
    """Blocks that are no Python are only shown."""
    hints = "# Hints\n\n## One\n\n```python\nassert 1\n```\n\n```text\nnot Python\n```\n"
    assert checked(make_track({"hints.md": hints}))[0] is State.PROVED


def test_a_text_with_tests_is_judged_as_tests() -> None:
    """A test that sleeps is a finding; a sleep elsewhere is none."""
    sleeping = "import time\n\n\ndef {}():\n    time.sleep(1)\n"
    assert (rule_codes(sleeping.format("test_x")), rule_codes(sleeping.format("rest"))) == ({"OV701"}, frozenset())


def test_an_exercise_is_not_proved_without_the_linter(make_track: Make) -> None:
    """What was not checked is not called proved."""
    state, reason = checked(make_track(), codes=None)
    assert (state is State.PROVED, reason) == (False, "the rule codes were not checked")


def quiz(tmp_path: Path, snippet: str, *, ask: str = "output") -> Quiz:
    folder = tmp_path / "track" / "01-quiz"
    folder.mkdir(parents=True)
    (folder / "snippet.py").write_text(snippet)
    (folder / "why.md").write_text("# Why\n")
    card = f"title = 'Q'\nquestion = 'What?'\nask = '{ask}'\noptions = ['1', '2', 'OV101']\n"
    (folder / "quiz.toml").write_text(card)
    [read] = load_track(folder.parent).quizzes
    return read


def test_the_answer_of_a_quiz_is_what_running_it_prints(tmp_path: Path) -> None:
    """Nobody writes it down, so nobody can write it down wrongly."""
    record = check_quiz(quiz(tmp_path, "print(1 + 1)\n"), codes=None)
    assert (record.solution_passes, record.wrong_rejected, record.wrong_total, record.reason) == (True, 2, 2, "")


def test_the_answer_of_a_quiz_may_be_what_the_linter_finds(tmp_path: Path) -> None:
    """Then it needs the linter."""
    asked = quiz(tmp_path, "import threading\n\nhere = threading.local()\n", ask="rules")
    assert exercise_verdict(check_quiz(asked, codes=rule_codes)).state is State.PROVED
    assert exercise_verdict(check_quiz(asked, codes=None)).state is State.REFUTED


@pytest.mark.parametrize(
    ("snippet", "told"),
    [
        ("print(3)\n", "the snippet gives '3', which is not among the options"),
        ("print(1 / 0)\n", "the snippet fails: line 1"),
    ],
)
def test_a_quiz_without_a_right_option_is_refuted(tmp_path: Path, snippet: str, told: str) -> None:
    """The options have to hold what is computed."""
    record = check_quiz(quiz(tmp_path, snippet), codes=None)
    assert told in record.reason
    assert exercise_verdict(record).state is State.REFUTED
