"""A learner's way through the track, from the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from overt.cli.main import main
from overt.evidence.ledger import open_ledger
from overt.evidence.records import ExerciseChecked, SuiteRun
from overt.training.linting import rule_codes
from overt.training.quiz import compute_answer
from overt.training.records import Exercise, Quiz
from overt.training.track import load_track


def run(folder: Path, *arguments: str) -> int:
    return main(["train", "-C", str(folder), *arguments])


def some_of_it(folder: Path) -> Path:
    """Make the first exercises, with the quiz after them, a project's own track; `validation/training` takes all."""
    own = folder / "training"
    for item in load_track().items[:4]:
        shutil.copytree(item.folder, own / item.name)
    (folder / "overt.toml").write_text('[training]\npath = "training"\n')
    return own


def solve(folder: Path, exercise: Exercise, capsys: pytest.CaptureFixture[str], *, try_the_start: bool) -> None:
    """Read the task, perhaps check what is there, type the solution in and read why."""
    assert exercise.task.splitlines()[0] in capsys.readouterr().out
    answer = folder / "overt-training" / f"{exercise.name.replace('-', '_')}.py"
    assert answer.read_text() == exercise.start
    if try_the_start:
        assert run(folder, "check") == 1
        shown = capsys.readouterr().out
        assert f"{exercise.card.fails[0]}: " in shown
        assert "Not yet" in shown
    answer.write_text(exercise.solution)
    assert run(folder, "check") == 0
    assert exercise.why.splitlines()[2][:40] in capsys.readouterr().out


def answer_quiz(folder: Path, quiz: Quiz, capsys: pytest.CaptureFixture[str]) -> None:
    """Read the question, choose one wrong option and then the right one."""
    assert "Answer: overt train quiz" in capsys.readouterr().out
    right = quiz.card.options.index(compute_answer(quiz, rule_codes)[0])
    wrong = (right + 1) % len(quiz.card.options)
    assert run(folder, "quiz", "--answer", str(wrong + 1)) == 1
    assert run(folder, "quiz", "--answer", str(right + 1)) == 0
    capsys.readouterr()


def test_a_learner_goes_through_a_track(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From a fresh folder: task, wrong attempt, solution typed in, passed, why, next, quiz, done."""
    for item in load_track(some_of_it(tmp_path)).items:
        assert run(tmp_path) == 0
        if isinstance(item, Quiz):
            answer_quiz(tmp_path, item, capsys)
        else:
            solve(tmp_path, item, capsys, try_the_start=item.name.startswith("01"))
    assert run(tmp_path) == 0
    assert capsys.readouterr().out == "Every exercise has passed. Well done.\n"
    assert run(tmp_path, "list", "--json") == 0
    assert {row["state"] for row in json.loads(capsys.readouterr().out)["items"]} == {"passed"}


def test_hints_become_stronger_and_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One more each time; the last one stays."""
    first = load_track().exercises[0]
    for hint in (*first.hints, first.hints[-1]):
        assert run(tmp_path, "hint") == 0
        assert hint in capsys.readouterr().out


def test_the_solution_is_shown_as_a_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And unlocks the explanation."""
    assert run(tmp_path, "explain", "1") == 2
    assert "has not passed yet" in capsys.readouterr().err
    assert run(tmp_path, "solution", "1") == 0
    assert "-        global _last" in capsys.readouterr().out
    assert run(tmp_path, "explain", "1") == 0
    assert "# Why" in capsys.readouterr().out


def test_an_exercise_may_be_taken_out_of_turn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its task is shown, and what is to be typed then names it."""
    assert run(tmp_path, "next", "13") == 0
    shown = capsys.readouterr().out
    assert "# Who can be reached tonight?" in shown
    assert "overt train check 13-switchboard\nStuck:    overt train hint 13-switchboard" in shown
    assert run(tmp_path, "check", "13") == 1
    assert "A nudge: overt train hint 13-switchboard\n" in capsys.readouterr().out
    for _ in range(3):
        run(tmp_path, "hint", "13")
    assert "then: overt train solution 13-switchboard)" in capsys.readouterr().out
    assert run(tmp_path) == 0
    assert "Check:    overt train check\n" in capsys.readouterr().out


def test_starting_anew_keeps_the_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing a learner wrote is lost."""
    run(tmp_path)
    answer = tmp_path / "overt-training" / "01_ticket_desk.py"
    for text in ("first", "second"):
        answer.write_text(text)
        assert run(tmp_path, "reset", "1") == 0
    assert answer.read_text() == load_track().exercises[0].start
    kept = sorted(answer.parent.glob("*.before-reset-*.py"))
    assert [path.read_text() for path in kept] == ["first", "second"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["check", "tickets-desk"], "did you mean"),
        (["check", "1"], "there was no answer to 01-ticket-desk yet"),
        (["check", "4"], "04-quiz-two-tills is a quiz"),
        (["quiz", "1"], "01-ticket-desk is no quiz"),
        (["quiz", "--answer", "9"], "there is no option 9 (1 to 4)"),
        (["explain"], "nothing has passed yet"),
        (["chekc"], "invalid choice"),
    ],
)
def test_a_wrong_command_line_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    """With what to do instead; exit 2."""
    assert run(tmp_path, *arguments) == 2
    assert told in capsys.readouterr().err


def test_this_machine_can_run_the_exercises(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The doctor tries each bound for real."""
    assert run(tmp_path, "doctor", "--json") == 0
    assert set(json.loads(capsys.readouterr().out)["doctor"].values()) == {True}


def test_authors_record_how_their_exercises_stand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A track of the project is held against its own answers, and the ledger says so."""
    quiz = tmp_path / "training" / "01-quiz"
    quiz.mkdir(parents=True)
    (quiz / "snippet.py").write_text("print(2)\n")
    (quiz / "why.md").write_text("# Why\n")
    (quiz / "quiz.toml").write_text("title = 'Q'\nquestion = 'What?'\nask = 'output'\noptions = ['1', '2']\n")
    (tmp_path / "overt.toml").write_text('[training]\npath = "training"\n')
    assert run(tmp_path, "dev", "check") == 0
    assert "1 of 1 proved; recorded in run" in capsys.readouterr().out
    ledger = open_ledger(tmp_path).latest("training")
    assert ledger is not None
    assert ledger.damage == ()
    assert [record.exercise for record in ledger.of(ExerciseChecked)] == ["01-quiz"]
    assert [ended.status for ended in ledger.of(SuiteRun)] == ["completed"]
    assert ledger.manifest.plan.suites[0].inputs.files == 3
    (quiz / "snippet.py").write_text("print(3)\n")
    assert run(tmp_path, "dev", "check", "--json") == 1
    [told] = json.loads(capsys.readouterr().out)["exercises"]
    assert (told["state"], told["solution_passes"]) == ("refuted", False)
