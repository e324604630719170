"""A learner who saves and looks, and somebody who asks how it went."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from overt.cli.main import main
from overt.cli.train_session import open_session
from overt.cli.train_watch import watch_answer
from overt.training.track import load_track


def asked(folder: Path) -> argparse.Namespace:
    return argparse.Namespace(
        root=folder, folder=None, track=None, json=False, name="1", verb="watch", color="auto", seconds=None
    )


def test_a_saved_answer_is_checked_until_it_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The start fails; the solution, saved meanwhile, passes and ends the watch."""
    session, options = open_session(asked(tmp_path)), asked(tmp_path)
    exercise = load_track().exercises[0]

    def save(_seconds: float) -> None:
        session.place.answer(exercise).write_text(exercise.solution)

    assert watch_answer(session, options, save) == 0
    shown = capsys.readouterr().out
    assert shown.index("Not yet") < shown.index("Passed.")
    assert session.progress.of(exercise.name).attempts == 2


def test_a_watch_may_be_interrupted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The exit status is that of the last check, and the attempt is kept."""

    def interrupt(_seconds: float) -> None:
        raise KeyboardInterrupt

    assert watch_answer(open_session(asked(tmp_path)), asked(tmp_path), interrupt) == 1
    assert "Not yet" in capsys.readouterr().out
    assert open_session(asked(tmp_path)).progress.of("01-ticket-desk").attempts == 1


def test_a_report_says_what_was_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Passed or not, attempts, hints, and what was practised."""
    exercise = load_track().exercises[0]
    arguments = ["train", "-C", str(tmp_path)]
    main([*arguments, "hint"])
    session = open_session(asked(tmp_path))
    session.place.place(exercise)
    session.place.answer(exercise).write_text(exercise.solution)
    main([*arguments, "check"])
    capsys.readouterr()
    assert main([*arguments, "report", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    first, second = told["items"][:2]
    assert (first["attempts"], first["hints"], first["solution_seen"], second["passed"]) == (1, 1, False, "")
    assert first["passed"]
    assert told["concepts"] == list(exercise.card.teaches)
    assert main([*arguments, "report"]) == 0
    shown = capsys.readouterr().out
    assert f"| 01-ticket-desk | {first['passed']} | 1 | 1 | no |" in shown
    assert f"1 of {len(told['items'])} passed. Practised: hidden state, owner." in shown
