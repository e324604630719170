"""`overt train quiz`: a question about a snippet; the answer is computed, never looked up."""

from __future__ import annotations

import argparse
from types import MappingProxyType
from typing import Final

from overt.cli.train_session import Session
from overt.model import Exit, OvertError
from overt.system.clock import SystemClock
from overt.training.progress import attempted
from overt.training.records import Exercise, Quiz
from overt.training.track import find

_ADVICE: Final = MappingProxyType(
    {
        "output": "Put the snippet into a file and run it; then say why it prints that.",
        "rules": "Put the snippet into a file and run overt check on it; overt explain CODE says what a rule is about.",
    }
)


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


def show_question(session: Session, quiz: Quiz) -> int:
    """Show the snippet, the question and the options."""
    if session.voice.as_json:
        session.voice.json(
            {"next": quiz.name, "snippet": quiz.snippet, "question": quiz.card.question, "options": quiz.card.options}
        )
        return Exit.PROVED
    session.voice.prose(f"# {quiz.title}\n\n```python\n{quiz.snippet}```\n\n{quiz.card.question}")
    session.voice.say()
    for number, option in enumerate(quiz.card.options, start=1):
        session.voice.row(f"  {number}  ", option)
    session.voice.say(f"\nAnswer: overt train quiz {quiz.name} --answer N")
    return Exit.PROVED


def ask_quiz(session: Session, options: argparse.Namespace) -> int:
    """Ask a quiz, or grade an answer against what is computed."""
    quiz = _quiz(session, options.name)
    if options.answer is None:
        return show_question(session, quiz)
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
    session.keep(lambda progress: attempted(progress, quiz.name, passed=right, clock=SystemClock()))
    if session.voice.as_json:
        session.voice.json({"quiz": quiz.name, "right": right, "chosen": chosen})
    elif right:
        session.voice.say(f"Right: {answer}\n")
        session.voice.prose(quiz.why)
    else:
        session.voice.say(f"No, not {chosen}. {_ADVICE[quiz.card.ask]}")
    return Exit.PROVED if right else Exit.REFUTED
