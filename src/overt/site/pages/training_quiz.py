"""The page of a quiz: a snippet, a question, choices; the answer is the one that was computed, or none."""

from __future__ import annotations

from overt.site.authored import fenced
from overt.site.inputs import Lesson, SiteInputs
from overt.site.markup import Markup, code, fill, join, paragraphs
from overt.site.pages.common import front
from overt.site.pages.training_parts import done, fold, held, place, progress, turn, why
from overt.training.records import Quiz


def _choices(lesson: Lesson, quiz: Quiz) -> Markup:
    """The choices as a list, which the script turns into a form when it knows which one is right."""
    options = quiz.card.options
    right = f' data-ov-right="{options.index(lesson.answer)}"' if lesson.answer in options else ""
    head = fill('<div class="ov-quiz" data-ov-item="{}"{} markdown="1">', quiz.name, Markup(right))
    listed = join([fill("{}. {}", number, code(option)) for number, option in enumerate(options, start=1)], "\n")
    return paragraphs(head, listed, Markup("</div>"))


def _answer(lesson: Lesson, quiz: Quiz) -> Markup:
    if not lesson.answer:
        return fill(
            "The right answer was not computed when this page was made; in a terminal it is: {}.",
            code(f"overt train quiz {quiz.name} --answer 1"),
        )
    how = "running the snippet" if quiz.card.ask == "output" else "asking the linter"
    told = fill("{}, found by {}.", code(lesson.answer), how)
    return fold("The answer, and why", told, why(lesson), kind="success ov-answer")


def quiz(lesson: Lesson, found: Quiz, inputs: SiteInputs) -> Markup:
    """Return the page of a quiz.

    Args:
        lesson: The quiz with what is known of it.
        found: The quiz itself.
        inputs: What the site is made from.
    """
    return paragraphs(
        front(found.title, f"A quiz: {found.card.question}"),
        fill("# {}", found.title),
        place(lesson, inputs),
        fenced(found.snippet, "python"),
        fill('<p class="ov-question">{}</p>', found.card.question),
        _choices(lesson, found),
        _answer(lesson, found),
        done(lesson),
        turn(lesson, inputs),
        progress(inputs),
        held(lesson),
    )
