"""Pages of the exercises; what is to be done, never how."""

from __future__ import annotations

from overt.model import State, Verdict
from overt.site.inputs import SiteInputs
from overt.site.marks import state_mark
from overt.site.markup import Markup, code, fill, join, link, paragraphs, prose, table
from overt.site.pages.common import front
from overt.site.paths import TRAINING, exercise_page, relative, rule_page
from overt.system.units import count
from overt.training.records import Exercise


def _rules(exercise: Exercise, inputs: SiteInputs) -> Markup:
    known = {rule.code for rule in inputs.rules}
    page = exercise_page(exercise.name)
    links = [link(one, relative(page, rule_page(one))) if one in known else code(one) for one in exercise.card.rules]
    return fill("The linter finds {} in it.", join(links, ", ")) if links else Markup("")


def _held(verdict: Verdict) -> Markup:
    why = verdict.reason or (
        "its own solution passes, its start fails, and every wrong answer is rejected"
        if verdict.state is State.PROVED
        else "it does not do what it promises"
    )
    return fill("{} This exercise was held against its own answers: {}.", state_mark(verdict.state), why)


def exercise(found: Exercise, verdict: Verdict, inputs: SiteInputs) -> Markup:
    """Return the page of an exercise.

    Args:
        found: The exercise.
        verdict: Whether it does what it promises.
        inputs: What the site is made from.
    """
    checks = [fill("- **{}**: {}", check.name.replace("_", " "), prose(check.about)) for check in found.checks]
    return paragraphs(
        front(found.title, f"An exercise: {found.title}."),
        # The task is written by the authors of the track, as Markdown with a heading of its own.
        Markup(found.task.strip()),
        Markup("## What you start from"),
        Markup(f"```python\n{found.start.strip(chr(10))}\n```"),
        _rules(found, inputs),
        Markup("## What is checked"),
        join(checks, "\n"),
        Markup("## Work on it"),
        Markup("```console\n$ overt train next\n$ overt train check\n$ overt train hint\n```"),
        _held(verdict),
    )


def index(inputs: SiteInputs) -> Markup:
    """Return the list of exercises."""
    exercises = inputs.rooms.exercises
    rows = [
        (
            state_mark(verdict.state),
            link(found.title, relative(TRAINING, exercise_page(found.name))),
            ", ".join(found.card.teaches),
            len(found.checks),
        )
        for found, verdict in exercises
    ]
    return paragraphs(
        front("Training", "Exercises that a program checks."),
        Markup("# Training"),
        fill("{}, taken in order. Each is checked by a program, on your machine.", count(len(exercises), "exercise")),
        table(("State", "Exercise", "What it teaches", "Checks"), rows, align="lllr"),
        Markup(
            "The state says whether an exercise was held against its own answers: its solution passes, what you start "
            "from fails, and wrong answers are rejected."
        ),
        Markup("```console\n$ overt train\n```"),
    )
