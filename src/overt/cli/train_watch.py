"""`overt train watch` and `overt train report`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

from overt.cli.check_watch import Watched, watch
from overt.cli.train_session import Session
from overt.cli.train_verbs import check_answer
from overt.model import Exit
from overt.system.clock import iso_utc
from overt.training.records import Exercise, Quiz

Wait = Callable[[float], object]


def watch_answer(session: Session, options: argparse.Namespace, wait: Wait = time.sleep) -> int:
    """Check an answer, and again after each change, until it passes or somebody interrupts.

    Args:
        session: The learner at work.
        options: The command line.
        wait: Waits some seconds between two looks; ends the watch by raising KeyboardInterrupt.

    Returns:
        The exit status of the last check.
    """
    exercise = session.exercise(options.name)
    session.place.place(exercise)
    options.name = exercise.name
    last = Exit.REFUTED

    def check() -> Watched:
        nonlocal last
        last = Exit(check_answer(session, options))
        return Watched(last, (session.place.answer(exercise).name,))

    def pause(seconds: float) -> None:
        if last is Exit.PROVED:
            raise KeyboardInterrupt
        wait(seconds)

    return watch(session.place.folder, check, sys.stderr.write, pause)


def _row(session: Session, item: Exercise | Quiz) -> dict[str, object]:
    entry = session.progress.of(item.name)
    return {
        "name": item.name,
        "title": item.title,
        "passed": iso_utc(entry.passed_ns) if entry.passed_ns else "",
        "attempts": entry.attempts,
        "hints": entry.hints,
        "solution_seen": entry.solution_seen,
    }


def report(session: Session, _options: argparse.Namespace) -> int:
    """Show what was done, as a Markdown table, and which concepts have been practised."""
    rows = [_row(session, item) for item in session.track.items]
    learned = [
        concept
        for item in session.track.exercises
        if session.progress.of(item.name).passed_ns
        for concept in item.card.teaches
    ]
    if session.voice.as_json:
        session.voice.json({"items": rows, "concepts": learned})
        return Exit.PROVED
    lines = ["| Exercise | Passed | Attempts | Hints | Solution seen first |", "| --- | --- | ---: | ---: | --- |"]
    lines += [
        f"| {row['name']} | {row['passed'] or '-'} | {row['attempts']} | {row['hints']} "
        f"| {'yes' if row['solution_seen'] else 'no'} |"
        for row in rows
    ]
    passed = sum(bool(row["passed"]) for row in rows)
    lines += ["", f"{passed} of {len(rows)} passed. Practised: {', '.join(learned) or 'nothing yet'}."]
    sys.stdout.write("\n".join(lines) + "\n")
    return Exit.PROVED
