"""The sub-verbs of `overt train` for learners."""

from __future__ import annotations

import argparse
import difflib
import sys
from pathlib import Path

import msgspec

from overt.cli.train_session import Session
from overt.model import Exit, OvertError
from overt.system.clock import SystemClock
from overt.training.progress import Progress, attempted
from overt.training.records import Exercise, Quiz
from overt.training.runner import CheckResult, printed, run_checks
from overt.training.track import find


def _say(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")


def _json(value: object) -> None:
    _say(msgspec.json.encode(value).decode())


def _state(session: Session, name: str) -> str:
    entry = session.progress.of(name)
    if entry.passed_ns:
        return "passed"
    return "begun" if entry.attempts or entry.hints else "open"


def show_list(session: Session, _options: argparse.Namespace) -> int:
    """Show every exercise and quiz with how far the learner is."""
    rows = [
        {
            "name": item.name,
            "title": item.title,
            "sort": "quiz" if isinstance(item, Quiz) else "exercise",
            "state": _state(session, item.name),
            "attempts": session.progress.of(item.name).attempts,
        }
        for item in session.track.items
    ]
    if session.as_json:
        _json({"items": rows})
        return Exit.PROVED
    for row in rows:
        _say(f"  {row['state']:<7} {row['name']:<24} {row['title']}")
    passed = sum(row["state"] == "passed" for row in rows)
    _say(f"{passed} of {len(rows)} passed; go on with: overt train")
    return Exit.PROVED


def show_next(session: Session, _options: argparse.Namespace) -> int:
    """Show the next task and put its start where the learner works."""
    item = session.next_item()
    if item is None:
        _json({"next": None}) if session.as_json else _say("Every exercise has passed. Well done.")
        return Exit.PROVED
    if isinstance(item, Quiz):
        return _show_question(session, item)
    session.place.place(item)
    path = session.place.answer(item)
    if session.as_json:
        _json({"next": item.name, "file": str(path), "task": item.task})
        return Exit.PROVED
    _say(f"{item.task}")
    _say(f"Work in:  {path}")
    _say("Check:    overt train check      Stuck:  overt train hint")
    return Exit.PROVED


def check_answer(session: Session, options: argparse.Namespace) -> int:
    """Check an answer and note the attempt."""
    exercise = session.exercise(options.name)
    path = session.place.answer(exercise)
    if not path.exists():
        session.place.place(exercise)
        raise OvertError(f"there was no answer to {exercise.name} yet", hint=f"the start is now in {path}: work there")
    results = run_checks(path.read_bytes(), exercise.folder / "checks.py", exercise.checks)
    passed = all(result.ok for result in results)
    session.keep(attempted(session.progress, exercise.name, passed=passed, clock=SystemClock()))
    if session.as_json:
        _json({"exercise": exercise.name, "passed": passed, "checks": results})
    else:
        _show_results(session, exercise, results, passed=passed)
    return Exit.PROVED if passed else Exit.REFUTED


def _show_results(session: Session, exercise: Exercise, results: tuple[CheckResult, ...], *, passed: bool) -> None:
    for result in results:
        _say(f"  {'ok  ' if result.ok else 'FAIL'}  {result.about}")
        if not result.ok:
            _say(f"        {result.name}: {result.message}")
    if not passed:
        _say("Not yet. A nudge: overt train hint")
        return
    _say(f"\n{exercise.why}")
    following = session.next_item()
    _say(f"Passed. Next: overt train  ({following.title})" if following else "Passed, and that was the last one.")


def show_hint(session: Session, options: argparse.Namespace) -> int:
    """Show one hint more than last time."""
    exercise = session.exercise(options.name)
    entry = session.progress.of(exercise.name)
    shown = min(entry.hints + 1, len(exercise.hints))
    session.keep(session.progress.with_entry(exercise.name, msgspec.structs.replace(entry, hints=shown)))
    text = exercise.hints[shown - 1]
    if session.as_json:
        _json({"exercise": exercise.name, "hint": shown, "of": len(exercise.hints), "text": text})
    else:
        more = "again for the next one" if shown < len(exercise.hints) else "the last one; then: overt train solution"
        _say(f"Hint {shown} of {len(exercise.hints)} ({more})\n\n{text}")
    return Exit.PROVED


def show_solution(session: Session, options: argparse.Namespace) -> int:
    """Show the solution and how the learner's answer differs from it."""
    exercise = session.exercise(options.name)
    entry = session.progress.of(exercise.name)
    if not entry.passed_ns:
        seen = msgspec.structs.replace(entry, solution_seen=True)
        session.keep(session.progress.with_entry(exercise.name, seen))
    path = session.place.answer(exercise)
    answer = path.read_text("utf-8", "replace") if path.exists() else exercise.start
    lines = difflib.unified_diff(
        answer.splitlines(), exercise.solution.splitlines(), "your answer", "solution", lineterm=""
    )
    difference = "\n".join(lines)
    if session.as_json:
        _json({"exercise": exercise.name, "solution": exercise.solution, "difference": difference})
    else:
        _say(exercise.solution)
        _say(difference or "Your answer is the same.")
    return Exit.PROVED


def explain(session: Session, options: argparse.Namespace) -> int:
    """Show what an exercise was about, once it has passed or its solution was seen."""
    if options.name:
        item = find(session.track, options.name)
    else:
        done = [item for item in session.track.items if session.progress.of(item.name).passed_ns]
        if not done:
            raise OvertError("nothing has passed yet", hint="overt train shows the first task")
        item = done[-1]
    entry = session.progress.of(item.name)
    if not entry.passed_ns and not entry.solution_seen:
        raise OvertError(f"{item.name} has not passed yet", hint="solve it first, or see: overt train solution")
    _json({"exercise": item.name, "why": item.why}) if session.as_json else _say(item.why)
    return Exit.PROVED


def _quiz(session: Session, name: str | None) -> Quiz:
    quizzes = session.track.quizzes
    if not quizzes:
        raise OvertError("this track has no quiz")
    if name is None:
        return next((quiz for quiz in quizzes if not session.progress.of(quiz.name).passed_ns), quizzes[-1])
    item = find(session.track, name)
    if isinstance(item, Exercise):
        raise OvertError(f"{item.name} is no quiz", hint=f"quizzes: {', '.join(quiz.name for quiz in quizzes)}")
    return item


def _show_question(session: Session, quiz: Quiz) -> int:
    if session.as_json:
        _json(
            {"next": quiz.name, "snippet": quiz.snippet, "question": quiz.card.question, "options": quiz.card.options}
        )
        return Exit.PROVED
    _say(f"# {quiz.title}\n\n{quiz.snippet}\n{quiz.card.question}\n")
    for number, option in enumerate(quiz.card.options, start=1):
        _say(f"  {number}  {option}")
    _say(f"\nAnswer: overt train quiz {quiz.name} --answer N")
    return Exit.PROVED


def ask_quiz(session: Session, options: argparse.Namespace) -> int:
    """Ask a quiz, or grade an answer against what is computed."""
    quiz = _quiz(session, options.name)
    if options.answer is None:
        return _show_question(session, quiz)
    if not 1 <= options.answer <= len(quiz.card.options):
        raise OvertError(f"there is no option {options.answer}", hint=f"1 to {len(quiz.card.options)}")
    from overt.training.linting import rule_codes
    from overt.training.quiz import compute_answer

    answer, trouble = compute_answer(quiz, rule_codes)
    if trouble or answer not in quiz.card.options:
        reason = trouble or f"the snippet gives {answer!r} here, which is not among the options"
        raise OvertError(f"the answer could not be computed: {reason}", exit=Exit.UNCHECKED)
    chosen = quiz.card.options[options.answer - 1]
    right = chosen == answer
    session.keep(attempted(session.progress, quiz.name, passed=right, clock=SystemClock()))
    if session.as_json:
        _json({"quiz": quiz.name, "right": right, "chosen": chosen})
    else:
        _say(f"Right: {answer}\n\n{quiz.why}" if right else f"No, not {chosen}. Try it: run the snippet.")
    return Exit.PROVED if right else Exit.REFUTED


def reset(session: Session, options: argparse.Namespace) -> int:
    """Begin anew; answers are kept beside the fresh start."""
    chosen = list(session.track.exercises) if options.all else [session.exercise(options.name)]
    progress = session.progress
    for exercise in chosen:
        kept = session.place.reset(exercise)
        progress = progress.without(exercise.name)
        _say(f"{exercise.name} begins anew" + (f"; your answer is in {kept}" if kept else ""))
    session.keep(Progress() if options.all else progress)
    return Exit.PROVED


def doctor(session: Session, _options: argparse.Namespace) -> int:
    """See whether this machine can run the exercises within their bounds."""
    seen = {
        "Python runs isolated": printed(b"print('ok')") == ("ok", ""),
        "memory is limited": "memory" in printed(b"x = bytearray(10**10)")[1],
        "files outside are protected": "may not do" in printed(b"open('../outside', 'w')")[1],
        "your folder can be written": _writable(session.place.folder),
    }
    if session.as_json:
        _json({"doctor": seen})
    else:
        for what, fine in seen.items():
            _say(f"  {'ok  ' if fine else 'FAIL'}  {what}")
    return Exit.PROVED if all(seen.values()) else Exit.UNCHECKED


def _writable(folder: Path) -> bool:
    import tempfile

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
