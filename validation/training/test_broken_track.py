"""A copy of the track, broken in one place at a time: `overt train dev check` finds each, and says what and where."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from overt.cli.main import main
from overt.training.linting import rule_codes
from overt.training.quiz import compute_answer
from overt.training.records import Exercise, Quiz
from overt.training.track import OWN, load_track

Break = Callable[[Path], None]
DESK, LIST, RAFFLE, NOTES, QUIZ = "01-ticket-desk", "02-guest-list", "08-raffle", "11-who-signed", "04-quiz-two-tills"


def instead(name: str, old: str, new: str) -> Break:
    """Return what replaces a text in a file of the track; it has to be there."""

    def broken(track: Path) -> None:
        text = (track / name).read_text(encoding="utf-8")
        assert old in text
        (track / name).write_text(text.replace(old, new), encoding="utf-8")

    return broken


def copied(source: str, target: str) -> Break:
    """Return what puts one file of the track in the place of another."""

    def broken(track: Path) -> None:
        shutil.copyfile(track / source, track / target)

    return broken


BROKEN: dict[str, tuple[str, Break, str]] = {
    "the solution fails": (
        DESK,
        copied(f"{DESK}/wrong/always_one.py", f"{DESK}/solution.py"),
        "the solution fails a_desk_counts_up: the first three tickets",
    ),
    "the solution passes once": (
        DESK,
        instead(
            f"{DESK}/solution.py",
            "self._last = 0",
            "import sys\n\n        sys.made = getattr(sys, 'made', 0) + 1\n        self._last = (0, 9)[sys.made > 4]",
        ),
        " after others, in the order ",
    ),
    "the start passes what it is to fail": (
        DESK,
        copied(f"{DESK}/solution.py", f"{DESK}/start.py"),
        "the start passes a_new_desk_starts_at_one, the_module_remembers_nothing, two_desks_count_apart",
    ),
    "the start fails more": (
        LIST,
        instead(f"{LIST}/start.py", "guests.append(name)", "guests.append(name.upper())"),
        "the start fails a_given_list_grows, which is not declared",
    ),
    "a wrong answer is right": (
        NOTES,
        copied(f"{NOTES}/solution.py", f"{NOTES}/wrong/no_finally.py"),
        "the wrong answer no_finally.py passes an_error_takes_the_name_back; nothing rejects it",
    ),
    "a wrong answer fails elsewhere": (
        DESK,
        copied(f"{DESK}/wrong/always_one.py", f"{DESK}/wrong/mutable_default.py"),
        "the wrong answer mutable_default.py passes a_new_desk_starts_at_one; it is rejected by a_desk_counts_up",
    ),
    "a rule that is not broken": (
        DESK,
        instead(f"{DESK}/exercise.toml", 'rules = ["OV201"]', 'rules = ["OV201", "OV502"]'),
        "the linter does not find OV502 in the start",
    ),
    "a rule that is not declared": (
        NOTES,
        instead(f"{NOTES}/exercise.toml", 'rules = ["OV201"]', "rules = []"),
        "the linter finds OV201 in the start, which is not declared",
    ),
    "a rule that the solution breaks": (
        LIST,
        instead(
            f"{LIST}/solution.py", "def invite", "seen = {}\n\n\ndef note() -> None:\n    seen[1] = 1\n\n\ndef invite"
        ),
        "the linter finds OV202 in the solution",
    ),
    "a hint that does not run": (
        LIST,
        instead(f"{LIST}/hints.md", "def ring():", "def rang():"),
        "the code of hint 1 does not run: line 6: NameError",
    ),
    "a hint that does not hold": (
        RAFFLE,
        instead(f"{RAFFLE}/hints.md", "random.Random(1), random.Random(1)", "random.Random(1), random.Random(2)"),
        "the code of hint 2 does not run: line 4: AssertionError",
    ),
    "a quiz without a right option": (
        QUIZ,
        instead(f"{QUIZ}/snippet.py", 'right.sell("cake")', 'right.sell("cake"), right.sell("tea")'),
        "the snippet gives '3 3', which is not among the options",
    ),
    "a text that is still to be written": (
        DESK,
        instead(f"{DESK}/why.md", "# Why", "# Why\n\nTo write: the reason."),
        "why.md is still to be written",
    ),
}

UNREADABLE: dict[str, tuple[Break, str]] = {
    "a concept that is not taught before": (
        instead(f"{LIST}/exercise.toml", '"hidden state", "owner"', '"hidden state", "span"'),
        f"{LIST}/exercise.toml: 'span' is needed before it is taught",
    ),
    "a check that is not there": (
        instead(f"{DESK}/exercise.toml", '"always_one.py" = "a_desk', '"always_one.py" = "the_desk'),
        "there is no check 'the_desk_counts_up' (did you mean 'a_desk_counts_up'?)",
    ),
    "a start that is too long": (
        lambda track: (track / DESK / "start.py").write_text("x = 1\n" * 61, encoding="utf-8") and None,
        f"{DESK}/start.py: has 61 lines; at most 60",
    ),
    "four hints": (
        lambda track: (track / DESK / "hints.md").write_text("## a\n\nb\n\n" * 4, encoding="utf-8") and None,
        f"{DESK}/hints.md: has 4 hints; 1 to 3",
    ),
    "one wrong answer": (
        lambda track: [path.unlink() for path in sorted((track / LIST / "wrong").glob("*.py"))[1:]] and None,
        f"{LIST}/wrong: has 1 answers; 2 to 4",
    ),
}


@pytest.fixture
def track(tmp_path: Path) -> Path:
    """A copy of the track that comes with overt."""
    return Path(shutil.copytree(OWN, tmp_path / "track", ignore=shutil.ignore_patterns("__pycache__")))


def dev_check(track: Path, *names: str) -> int:
    """Hold exercises of a track against themselves; return the exit status."""
    return main(["train", "-C", str(track.parent), "--track", str(track), "dev", "check", *names, "--json"])


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_exercise_is_refuted(kind: str, track: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is found is what was broken: the track that was copied is held against all of this by the build."""
    name, broken, told = BROKEN[kind]
    broken(track)
    assert dev_check(track, name) == 1
    [found] = json.loads(capsys.readouterr().out)["exercises"]
    assert (found["state"] != "proved", told in found["reason"]) == (True, True), found["reason"]


@pytest.mark.parametrize("kind", UNREADABLE)
def test_a_broken_card_ends_it_all(kind: str, track: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is run, and the file is named."""
    broken, told = UNREADABLE[kind]
    broken(track)
    assert dev_check(track, DESK) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "old", "new", "answers"),
    [
        (QUIZ, "= []) -> None", "= ()) -> None", ("2 2", "")),
        (QUIZ, "self.sold = sold", "self.sold = list(sold)", ("2 2", "1 1")),
        ("09-quiz-what-the-linter-sees", "_sold[seat] = place", "dict(_sold)[seat] = place", ("OV202", "none")),
        ("16-quiz-three-speakers", 'default="nobody"', 'default="all"', ("Abe Ito nobody", "Abe Ito all")),
    ],
)
def test_the_answer_of_a_quiz_follows_its_snippet(
    name: str, old: str, new: str, answers: tuple[str, str], track: Path
) -> None:
    """It is computed from the text that the learner sees, and written down nowhere."""

    def answer() -> str:
        [quiz] = [item for item in load_track(track).quizzes if item.name == name]
        return compute_answer(quiz, rule_codes)[0]

    before = answer()
    instead(f"{name}/snippet.py", old, new)(track)
    assert (before, answer()) == answers


def test_every_exercise_has_what_a_stranger_expects() -> None:
    """A story without placeholders, hints from far to near, wrong answers that say what is wrong, a reason."""
    lacking = []
    for item in load_track().items:
        texts = [item.why] if isinstance(item, Quiz) else [item.task, item.start, item.solution, *item.hints, item.why]
        words = {word.strip("`.,:;()").lower() for text in texts for word in text.split()}
        lacking += [f"{item.name}: {word}" for word in sorted(words & {"foo", "bar", "baz", "spam", "todo", "lorem"})]
        if isinstance(item, Exercise):
            lacking += [f"{item.name}: {name} says nothing" for name, text in item.wrong.items() if text[:3] != '"""']
            lacking += [
                f"{item.name}: {text} equals the start" for text in item.wrong if item.wrong[text] == item.start
            ]
            lacking += [f"{item.name}: no names to keep"] * ("Keep" not in item.task)
            lacking += [f"{item.name}: nothing to do, point by point"] * ("\n- " not in item.task)
    assert lacking == []
