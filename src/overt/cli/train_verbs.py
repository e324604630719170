"""The sub-verbs of `overt train` for learners."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Sequence
from typing import Final

from overt.cli.train_quiz import show_question
from overt.cli.train_say import Voice
from overt.cli.train_session import Session
from overt.model import Exit, OvertError
from overt.system.clock import SystemClock
from overt.training.progress import attempted
from overt.training.records import Exercise, Quiz
from overt.training.runner import CheckResult, Limits, try_checks
from overt.training.track import find
from overt.training.workplace import digest

_PRINTED: Final = 20


def _state(session: Session, name: str) -> str:
    entry = session.progress.of(name)
    if entry.passed_ns:
        return "passed"
    return "begun" if entry.attempts or entry.hints else "open"


def _which(session: Session, exercise: Exercise) -> str:
    """Return what has to stand behind a verb for an exercise; nothing when it is the next one anyway."""
    return "" if exercise == session.next_exercise() else f" {exercise.name}"


def show_list(session: Session, _options: argparse.Namespace) -> int:
    """Show every exercise and quiz with how far the learner is."""
    rows = [
        {
            "name": item.name,
            "title": item.title,
            "sort": "quiz" if isinstance(item, Quiz) else "exercise",
            "track": session.track.labels[item.name],
            "state": _state(session, item.name),
            "attempts": session.progress.of(item.name).attempts,
        }
        for item in session.track.items
    ]
    if session.voice.as_json:
        session.voice.json({"items": rows})
        return Exit.PROVED
    widest = max(len(str(row["name"])) for row in rows)
    colours = {"passed": "good", "open": "quiet", "begun": ""}
    for row in rows:
        state = (
            session.voice.paint(f"{row['state']:<7}", colours[str(row["state"])])
            if row["state"] != "begun"
            else "begun  "
        )
        session.voice.row(f"  {state} {row['name']:<{widest}}  ", str(row["title"]))
    passed = sum(row["state"] == "passed" for row in rows)
    session.voice.say(
        f"{passed} of {len(rows)} passed; " + ("well done" if passed == len(rows) else "go on with: overt train")
    )
    return Exit.PROVED


def show_next(session: Session, options: argparse.Namespace) -> int:
    """Show the next task, or the one that was asked for, and put its start where the learner works."""
    name = getattr(options, "name", None)
    item = find(session.track, name) if name else session.next_item()
    if item is None:
        if session.voice.as_json:
            session.voice.json({"next": None})
        else:
            session.voice.say("Every exercise has passed. Well done.")
        return Exit.PROVED
    if not session.progress.known:
        session.keep(lambda progress: progress)
    if isinstance(item, Quiz):
        return show_question(session, item)
    session.place.place(item)
    path = session.place.answer(item)
    if session.voice.as_json:
        session.voice.json({"next": item.name, "file": str(path), "task": item.task})
        return Exit.PROVED
    session.voice.prose(item.task)
    which = _which(session, item)
    session.voice.say(f"\nWork in:  {path}\nCheck:    overt train check{which}\nStuck:    overt train hint{which}")
    return Exit.PROVED


def check_answer(session: Session, options: argparse.Namespace) -> int:
    """Check an answer, show each result as it comes, and note the attempt."""
    exercise, voice = session.exercise(options.name), session.voice
    path = session.place.answer(exercise)
    if not path.exists():
        session.place.place(exercise)
        raise OvertError(f"there was no answer to {exercise.name} yet", hint=f"the start is now in {path}: work there")
    source, results = path.read_bytes(), list[CheckResult]()
    if not voice.as_json:
        voice.say(f"{path}: checking ...")
    limits = Limits(seconds=options.seconds) if options.seconds else Limits()
    for result in try_checks(source, exercise.folder / "checks.py", exercise.checks, limits=limits):
        results.append(result)
        if not voice.as_json:
            _show_result(voice, result)
    passed = all(result.ok for result in results)
    session.keep(lambda progress: attempted(progress, exercise.name, passed=passed, clock=SystemClock()))
    if voice.as_json:
        voice.json({"exercise": exercise.name, "passed": passed, "checks": results})
    elif passed:
        _show_passed(session, exercise)
    else:
        _show_printed(voice, results)
        untouched = digest(source) == digest(exercise.start)
        voice.say("Not yet: this is the start as it was." if untouched else "Not yet.")
        voice.say(f"A nudge: overt train hint{_which(session, exercise)}")
    return Exit.PROVED if passed else Exit.REFUTED


def _show_result(voice: Voice, result: CheckResult) -> None:
    voice.row(f"  {voice.paint('ok  ' if result.ok else 'FAIL', 'good' if result.ok else 'bad')}  ", result.about)
    if not result.ok:
        voice.row("        ", f"{result.name}: {result.message}")


def _show_printed(voice: Voice, results: Sequence[CheckResult]) -> None:
    """Show what the answer printed during the first check that failed: somebody is looking for something."""
    printed = next((result.output.strip() for result in results if not result.ok), "")
    if printed:
        voice.say("Your code printed:")
        for line in printed.splitlines()[:_PRINTED]:
            voice.say(f"  | {line}")


def _show_passed(session: Session, exercise: Exercise) -> None:
    session.voice.say()
    session.voice.prose(exercise.why)
    following = session.next_item()
    session.voice.say()
    if following:
        session.voice.row("Passed. Next: overt train  ", f"({following.title})")
    else:
        session.voice.say("Passed, and that was the last one.")


def show_hint(session: Session, options: argparse.Namespace) -> int:
    """Show one hint more than last time."""
    exercise = session.exercise(options.name)
    entry = session.progress.of(exercise.name)
    shown = min(entry.hints + 1, len(exercise.hints))
    session.note(exercise.name, hints=shown)
    text = exercise.hints[shown - 1]
    if session.voice.as_json:
        session.voice.json({"exercise": exercise.name, "hint": shown, "of": len(exercise.hints), "text": text})
    else:
        more = (
            "again for the next one"
            if shown < len(exercise.hints)
            else f"the last one; then: overt train solution{_which(session, exercise)}"
        )
        session.voice.say(f"Hint {shown} of {len(exercise.hints)} ({more})\n")
        session.voice.prose(text)
    return Exit.PROVED


def show_solution(session: Session, options: argparse.Namespace) -> int:
    """Show the solution and how the learner's answer differs from it."""
    exercise = session.exercise(options.name)
    entry = session.progress.of(exercise.name)
    if not entry.passed_ns:
        session.note(exercise.name, solution_seen=True)
    path = session.place.answer(exercise)
    answer = path.read_text("utf-8", "replace") if path.exists() else exercise.start
    lines = difflib.unified_diff(
        answer.splitlines(), exercise.solution.splitlines(), "your answer", "solution", lineterm=""
    )
    difference = "\n".join(lines)
    if session.voice.as_json:
        session.voice.json({"exercise": exercise.name, "solution": exercise.solution, "difference": difference})
    else:
        session.voice.say(exercise.solution)
        session.voice.say(difference or "Your answer is the same.")
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
    if session.voice.as_json:
        session.voice.json({"exercise": item.name, "why": item.why})
    else:
        session.voice.prose(item.why)
    return Exit.PROVED
