"""The exercises that come with overt keep what they declare.

Here each is tried once, and the first of each sort wholly. `overt train dev check` holds all of them against all that
they declare; it is a step of the build, whose evidence the site shows. That it finds what is broken is tried in
`validation/training`.
"""

from __future__ import annotations

import ast
import random

import pytest

from overt.model import State
from overt.training.check import check_exercise, check_quiz, exercise_verdict
from overt.training.linting import rule_codes
from overt.training.records import Exercise, Quiz
from overt.training.runner import run_together
from overt.training.track import load_track

TRACK = load_track()


@pytest.mark.parametrize("exercise", TRACK.exercises, ids=lambda item: item.name)
def test_its_solution_passes_in_random_order(exercise: Exercise) -> None:
    """All checks in one process, so that what one leaves behind would harm the next; and the linter is content."""
    order = random.Random(exercise.name).sample(exercise.checks, len(exercise.checks))
    results = run_together(exercise.solution.encode(), exercise.folder / "checks.py", order)
    assert [(result.name, result.message) for result in results if not result.ok] == []
    assert (rule_codes(exercise.start), rule_codes(exercise.solution)) == (set(exercise.card.rules), set())


@pytest.mark.parametrize("item", [TRACK.exercises[0], *TRACK.quizzes], ids=lambda item: item.name)
def test_it_is_proved(item: Exercise | Quiz) -> None:
    """Solution, start, wrong answers, hints and rule codes all behave as declared; a quiz has its one right option."""
    record = (
        check_quiz(item, codes=rule_codes) if isinstance(item, Quiz) else check_exercise(item, codes=rule_codes, seed=7)
    )
    assert exercise_verdict(record).state is State.PROVED, record.reason


def imported(text: str) -> set[str]:
    """Return the names that a text imports."""
    found = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom))
    return {alias.name.rpartition(".")[2] for node in found for alias in node.names}


def test_what_a_solution_needs_was_told_before() -> None:
    """Each name that it imports stands in its start, its task, its hints, or in an earlier exercise."""
    told, untold = "", []
    for item in TRACK.items:
        if isinstance(item, Quiz):
            told += item.snippet + item.why
            continue
        told += item.start + item.task + "".join(item.hints)
        untold += [f"{item.name}: {name}" for name in sorted(imported(item.solution)) if name not in told]
        told += item.solution + item.why
    assert untold == []


def test_each_concept_is_taught_once() -> None:
    """And every exercise teaches something."""
    taught = [concept for exercise in TRACK.exercises for concept in exercise.card.teaches]
    assert len(taught) == len(set(taught))
    assert all(exercise.card.teaches for exercise in TRACK.exercises)
