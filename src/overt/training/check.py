"""Holds an exercise against its own solution, its start and its wrong answers."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from overt.evidence.judging import exercise_state
from overt.evidence.records import ExerciseChecked
from overt.markdown import scan
from overt.model import State, Verdict
from overt.training.quiz import compute_answer
from overt.training.records import Exercise, Quiz, QuizCard
from overt.training.runner import CheckResult, printed, run_checks, run_together
from overt.training.scaffold import UNWRITTEN

SUITE = "training"
"""Name of the suite that checked exercises are recorded under."""

Codes = Callable[[str], frozenset[str]]
"""Returns the rule codes that the linter finds in a text."""


def _failed(results: Sequence[CheckResult]) -> list[str]:
    return [result.name for result in results if not result.ok]


def _solution(exercise: Exercise, seed: int) -> list[str]:
    """Return what is wrong with the solution: each check alone, then all of them twice over in random order."""
    checks = exercise.folder / "checks.py"
    source = exercise.solution.encode()
    alone = run_checks(source, checks, exercise.checks)
    faults = [f"the solution fails {result.name}: {result.message}" for result in alone if not result.ok]
    if not faults:
        order = random.Random(seed)  # noqa: S311 -- an order of checks, not a secret
        for _ in range(2):
            shuffled = order.sample(exercise.checks, len(exercise.checks))
            together = run_together(source, checks, shuffled)
            told = ", ".join(check.name for check in shuffled)
            faults += [
                f"the solution fails {result.name} after others, in the order {told}: {result.message}"
                for result in together
                if not result.ok
            ]
    return faults


def _start(exercise: Exercise) -> list[str]:
    """Return how the checks that the start fails differ from those that it is declared to fail."""
    failed = set(_failed(run_checks(exercise.start.encode(), exercise.folder / "checks.py", exercise.checks)))
    declared = set(exercise.card.fails)
    if failed == declared:
        return []
    extra, absent = ", ".join(sorted(failed - declared)), ", ".join(sorted(declared - failed))
    return [f"the start fails {extra}, which is not declared"] * bool(extra) + [
        f"the start passes {absent}, which it is declared to fail"
    ] * bool(absent)


def _wrong(exercise: Exercise) -> list[str]:
    """Return the wrong answers that their declared check lets through."""
    faults = []
    checks, by_name = exercise.folder / "checks.py", {check.name: check for check in exercise.checks}
    for name, text in exercise.wrong.items():
        declared = exercise.card.wrong[name]
        loads, named = run_together(text.encode(), checks, [by_name[declared]])
        if loads.ok and not named.ok:
            continue
        # Only now the other checks are worth a process each.
        failed = _failed(run_checks(text.encode(), checks, exercise.checks))
        if declared not in failed:
            by = f"it is rejected by {', '.join(failed)}" if failed else "nothing rejects it"
            faults.append(f"the wrong answer {name} passes {declared}; {by}")
    return faults


def _unwritten(exercise: Exercise) -> list[str]:
    """Return the files whose text is still to be written."""
    texts = {
        "task.md": exercise.task,
        "hints.md": "".join(exercise.hints),
        "why.md": exercise.why,
        "exercise.toml": exercise.title,
    }
    return [f"{name} is still to be written" for name, text in texts.items() if UNWRITTEN in text]


def _hints(exercise: Exercise) -> list[str]:
    """Return the hints whose code does not run by itself."""
    faults = []
    for number, hint in enumerate(exercise.hints, start=1):
        for fence in scan(hint).fences:
            if fence.info == "python":
                _, trouble = printed(fence.body.encode())
                faults += [f"the code of hint {number} does not run: {trouble}"] if trouble else []
    return faults


def _rules(exercise: Exercise, codes: Codes | None) -> list[str]:
    if codes is None:
        return ["the rule codes were not checked"]
    start, solution = codes(exercise.start), codes(exercise.solution)
    faults = [f"the linter does not find {code} in the start" for code in exercise.card.rules if code not in start]
    if undeclared := start.difference(exercise.card.rules):
        faults.append(f"the linter finds {', '.join(sorted(undeclared))} in the start, which is not declared")
    if solution:
        faults.append(f"the linter finds {', '.join(sorted(solution))} in the solution")
    return faults


def check_exercise(exercise: Exercise, *, codes: Codes | None, seed: int = 0) -> ExerciseChecked:
    """Hold an exercise against everything that it declares.

    Args:
        exercise: What to check.
        codes: Finds rule codes in a text; without it the exercise is not proved.
        seed: Decides the random order of the checks.
    """
    solution, start, wrong = _solution(exercise, seed), _start(exercise), _wrong(exercise)
    return ExerciseChecked(
        id=f"exercise:{SUITE}:{exercise.name}",
        suite=SUITE,
        exercise=exercise.name,
        text_sha256=exercise.text_sha256,
        solution_passes=not solution,
        start_fails=not start,
        wrong_rejected=len(exercise.wrong) - len(wrong),
        wrong_total=len(exercise.wrong),
        reason="; ".join(solution + start + wrong + _hints(exercise) + _rules(exercise, codes) + _unwritten(exercise)),
    )


def check_quiz(quiz: Quiz, *, codes: Codes | None) -> ExerciseChecked:
    """Hold a quiz against the answer that is computed: it is one of the options, and the others differ from it.

    Args:
        quiz: What to check.
        codes: Finds rule codes in a text.
    """
    answer, trouble = compute_answer(quiz, codes)
    card: QuizCard = quiz.card
    right = not trouble and answer in card.options
    reason = trouble or ("" if right else f"the snippet gives {answer!r}, which is not among the options")
    unwritten = [
        f"{name} is still to be written"
        for name, text in {"quiz.toml": f"{card.title} {card.question}", "why.md": quiz.why}.items()
        if UNWRITTEN in text
    ]
    return ExerciseChecked(
        id=f"exercise:{SUITE}:{quiz.name}",
        suite=SUITE,
        exercise=quiz.name,
        text_sha256=quiz.text_sha256,
        solution_passes=right,
        start_fails=answer != "" and not trouble,
        wrong_rejected=sum(not trouble and option != answer for option in card.options),
        wrong_total=len(card.options) - 1,
        reason="; ".join([reason] * bool(reason) + unwritten),
        answer=answer if right else "",
    )


def exercise_verdict(record: ExerciseChecked) -> Verdict:
    """Return what the check of an exercise amounts to, computed from what was observed.

    Args:
        record: The check.
    """
    state = exercise_state(record)
    if state is State.PROVED:
        told = f"the solution passes, {record.wrong_rejected} of {record.wrong_total} wrong answers are rejected"
        return Verdict(state, told)
    return Verdict(state, record.reason or "a part does not hold")
