"""What the pages of exercises and of quizzes share: where they stand in the track, what folds away, where to go."""

from __future__ import annotations

import json

from overt.model import State
from overt.site.authored import authored
from overt.site.inputs import Lesson, SiteInputs
from overt.site.marks import state_mark
from overt.site.markup import Markup, fill, join, link, paragraphs, prose, safe
from overt.site.pages.common import commit_text, sentence, short
from overt.site.paths import TRAINING, exercise_page, relative, rule_page, slug
from overt.system.units import moment
from overt.training.records import Exercise

_REASON = 300


def sort_of(lesson: Lesson) -> str:
    """Return what a lesson is: `Exercise` or `Quiz`."""
    return "Exercise" if isinstance(lesson.item, Exercise) else "Quiz"


def place(lesson: Lesson, inputs: SiteInputs) -> Markup:
    """Return where a lesson stands in the track, what it teaches and what it needs."""
    lessons = inputs.rooms.lessons
    number = lessons.index(lesson) + 1
    said: list[object] = [fill("{} {} of {}", sort_of(lesson), number, len(lessons))]
    if lesson.stage:
        said.append(lesson.stage)
    card = lesson.item.card
    if isinstance(lesson.item, Exercise) and lesson.item.card.teaches:
        said.append(fill("teaches **{}**", ", ".join(lesson.item.card.teaches)))
    if card.needs:
        said.append(fill("needs {}", ", ".join(card.needs)))
    return join(said, " · ")


def fold(title: object, *parts: object, kind: str) -> Markup:
    """Return Markdown that folds away; the same on a site and on a code host.

    Args:
        title: What is seen when it is folded.
        parts: Blocks of Markdown.
        kind: The class that themes know it by.
    """
    head = fill('<details class="ov-fold {}" markdown="1" data-search-exclude><summary>{}</summary>', kind, title)
    return paragraphs(head, *parts, Markup("</details>"))


def why(lesson: Lesson) -> Markup:
    """Return what a lesson was about, without the heading that its file begins with."""
    text = lesson.item.why.strip()
    first, _, rest = text.partition("\n")
    return authored(rest if first.startswith("# ") else text, headings=False)


def progress(inputs: SiteInputs) -> Markup:
    """Return the place where the script shows how far the reader is; without scripts it stays empty."""
    names = json.dumps([lesson.item.name for lesson in inputs.rooms.lessons], ensure_ascii=False)
    return fill('<div class="ov-progress" data-ov-track="{}" data-ov-names="{}"></div>', slug(inputs.project), names)


def done(lesson: Lesson) -> Markup:
    """Return the place where the script puts the mark of a lesson that is done."""
    return fill('<div class="ov-done" data-ov-item="{}"></div>', lesson.item.name)


def turn(lesson: Lesson, inputs: SiteInputs) -> Markup:
    """Return the links to the lesson before, the track and the lesson after."""
    lessons, page = inputs.rooms.lessons, exercise_page(lesson.item.name)
    number = lessons.index(lesson)
    ways = []
    if number:
        before = lessons[number - 1].item
        ways.append(fill("<span>Previous: {}</span>", link(before.title, relative(page, exercise_page(before.name)))))
    ways.append(fill("<span>{}</span>", link("All exercises", relative(page, TRAINING))))
    if number + 1 < len(lessons):
        after = lessons[number + 1].item
        ways.append(fill("<span>Next: {}</span>", link(after.title, relative(page, exercise_page(after.name)))))
    # One paragraph of text within text: links in it are Markdown, so that the builder follows them.
    return fill('<span class="ov-turn">{}</span>', join(ways, " "))


def held(lesson: Lesson) -> Markup:
    """Return whether a lesson was held against its own answers, on what, and why it does not hold."""
    verdict = lesson.verdict
    if verdict.state is State.PROVED:
        told = (
            "its own solution passes, what you start from fails, and every wrong answer is rejected"
            if isinstance(lesson.item, Exercise)
            else "its answer was computed, and it is one of the choices"
        )
        said = fill("{} was checked: {}.", f"This {sort_of(lesson).lower()}", told)
    else:
        said = (
            prose(short(sentence(verdict), _REASON)) if verdict.reason else Markup("It does not do what it promises.")
        )
    when = Markup("")
    if lesson.checked is not None:
        subject = commit_text(lesson.checked.commit, dirty=lesson.checked.dirty)
        when = fill(" Checked {} on {}.", moment(lesson.checked_ns), subject)
    return fill("{} {}{}", state_mark(verdict.state), said, when)


def reading(lesson: Lesson, inputs: SiteInputs) -> Markup:
    """Return the pages to read on; nothing when there are none."""
    page = exercise_page(lesson.item.name)
    known = {rule.code: rule for rule in inputs.rules}
    codes = lesson.item.card.rules if isinstance(lesson.item, Exercise) else ()
    links = [
        fill("- Rule {}", link(f"{code}: {known[code].title}", relative(page, rule_page(code))))
        for code in codes
        if code in known
    ]
    links += [fill("- {}", link(title, relative(page, target))) for title, target in lesson.see]
    return paragraphs(Markup("## Read on"), join(links, "\n")) if links else safe("")
