"""The page of an exercise: what is to be done, and, folded away, how."""

from __future__ import annotations

import difflib

from overt.site.authored import authored, fenced
from overt.site.inputs import Lesson, SiteInputs
from overt.site.markup import Markup, code, fill, join, paragraphs, prose
from overt.site.pages.common import front
from overt.site.pages.training_parts import done, fold, held, place, progress, reading, turn, why
from overt.training.records import CheckAbout, Exercise


def _task(exercise: Exercise) -> Markup:
    """The task without its first heading, which is the title of the page."""
    text = exercise.task.strip()
    first, _, rest = text.partition("\n")
    return authored(rest if first.startswith("# ") else text)


def _check(check: CheckAbout, exercise: Exercise) -> Markup:
    at_first = Markup(" (fails at first)") if check.name in exercise.card.fails else ""
    return fill("- **{}**: {}{}", check.name.replace("_", " "), prose(check.about), at_first)


def _difference(exercise: Exercise) -> Markup:
    lines = difflib.unified_diff(
        exercise.start.splitlines(), exercise.solution.splitlines(), "start.py", "solution.py", lineterm=""
    )
    return fenced("\n".join(lines), "diff")


def _hints(exercise: Exercise) -> Markup:
    total = len(exercise.hints)
    folded = [
        fold(f"Hint {number} of {total}", authored(hint, headings=False), kind="tip")
        for number, hint in enumerate(exercise.hints, start=1)
    ]
    return paragraphs(*folded)


def _commands(exercise: Exercise) -> Markup:
    name = exercise.name
    lines = ("$ overt train                # places the file and says where", f"$ overt train check {name}")
    return fenced("\n".join((*lines, f"$ overt train hint {name}")), "console")


def exercise(lesson: Lesson, found: Exercise, inputs: SiteInputs) -> Markup:
    """Return the page of an exercise.

    Args:
        lesson: The exercise with what is known of it.
        found: The exercise itself.
        inputs: What the site is made from.
    """
    about = ", ".join(found.card.teaches) or found.title
    rules = join([code(one) for one in found.card.rules], ", ")
    return paragraphs(
        front(found.title, f"An exercise about {about}: the task, the checks, hints and a solution."),
        fill("# {}", found.title),
        place(lesson, inputs),
        _task(found),
        Markup("## What you start from"),
        fenced(found.start, "python"),
        fill("The linter finds {} in it, and nothing in the solution.", rules) if rules else "",
        Markup("## What is checked"),
        join([_check(check, found) for check in found.checks], "\n"),
        Markup("## Work on it"),
        Markup("Checks run on your machine, in a terminal:"),
        _commands(found),
        Markup("## Stuck?"),
        _hints(found),
        fold(
            "A solution, and what it changes",
            fenced(found.solution, "python"),
            Markup("What it changes:"),
            _difference(found),
            kind="success",
        ),
        Markup("## Once it passes"),
        fold("What it was about", why(lesson), kind="info"),
        reading(lesson, inputs),
        done(lesson),
        turn(lesson, inputs),
        progress(inputs),
        held(lesson),
    )
