"""The training section: the track, and a page for each exercise and quiz of it."""

from __future__ import annotations

from itertools import groupby

from overt.model import State
from overt.site.inputs import Lesson, SiteInputs
from overt.site.marks import state_mark
from overt.site.markup import Markup, fill, join, link, paragraphs, prose, table
from overt.site.pages.common import front, sentence, short, tally
from overt.site.pages.training_exercise import exercise
from overt.site.pages.training_guide import guide
from overt.site.pages.training_parts import progress, sort_of
from overt.site.pages.training_quiz import quiz
from overt.site.paths import TRAINING, exercise_page, guide_page, relative
from overt.system.units import count
from overt.training.records import Exercise


def pages(inputs: SiteInputs) -> dict[str, Markup]:
    """Return the pages of the track by their paths; none when the project has no track."""
    lessons, guides = inputs.rooms.lessons, inputs.rooms.guides
    return (
        ({TRAINING: index(inputs)} if lessons else {})
        | {guide_page(one.path): guide(one) for one in guides}
        | {exercise_page(lesson.item.name): _page(lesson, inputs) for lesson in lessons}
    )


def _page(lesson: Lesson, inputs: SiteInputs) -> Markup:
    item = lesson.item
    return exercise(lesson, item, inputs) if isinstance(item, Exercise) else quiz(lesson, item, inputs)


def _row(number: int, lesson: Lesson) -> tuple[object, ...]:
    item, verdict = lesson.item, lesson.verdict
    name = link(item.title, relative(TRAINING, exercise_page(item.name)))
    tick = fill('<span class="ov-tick" data-ov-item="{}"></span>', item.name)
    about = [", ".join(item.card.teaches), count(len(item.checks), "check")] if isinstance(item, Exercise) else ["quiz"]
    told = [join((one for one in about if one), " · ")]
    if verdict.state is not State.PROVED:
        told.append(prose(short(sentence(verdict))))
    return number, fill("{}{}<br><small>{}</small>", name, tick, join(told, "<br>")), state_mark(verdict.state)


def _stages(inputs: SiteInputs) -> list[Markup]:
    numbered = enumerate(inputs.rooms.lessons, start=1)
    parts: list[Markup] = []
    for stage, lessons in groupby(numbered, key=lambda one: one[1].stage):
        parts.append(fill("## {}", stage or "Exercises"))
        parts.append(table(("No.", "Exercise or quiz", "Held"), [_row(*one) for one in lessons], align="rll"))
    return parts


def _guides(inputs: SiteInputs) -> list[Markup]:
    links = [link(one.title, relative(TRAINING, guide_page(one.path))) for one in inputs.rooms.guides]
    return [Markup("## Guidelines"), join((fill("- {}", one) for one in links), "\n")] if links else []


def index(inputs: SiteInputs) -> Markup:
    """Return the page of the whole track."""
    lessons = inputs.rooms.lessons
    sorts = [sort_of(lesson) for lesson in lessons]
    amount = [count(sorts.count("Exercise"), "exercise")]
    amount += [count(sorts.count("Quiz"), "quiz", "quizzes")] if "Quiz" in sorts else []
    told = "{}, taken in order. Read them here; work on them in a terminal, where each is checked:"
    return paragraphs(
        front("Training", "Exercises and quizzes on hidden state that a program checks."),
        Markup("# Training"),
        fill(told, join(amount, " and ")),
        Markup("```console\n$ overt train\n```"),
        progress(inputs),
        *_guides(inputs),
        *_stages(inputs),
        Markup("## What “held” means"),
        Markup(
            "Each exercise was held against its own answers: its solution passes every check, what you start from "
            "fails the checks that it declares, and each wrong answer is rejected by the check that it names. The "
            "answer to a quiz is computed, never written down."
        ),
        tally(lesson.verdict.state for lesson in lessons),
    )
