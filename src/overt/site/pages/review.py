"""The page of the review checklist, made from its rules."""

from __future__ import annotations

from overt.review.records import ReviewRule
from overt.site.inputs import SiteInputs
from overt.site.markup import Markup, code, facts, fill, paragraphs, prose
from overt.site.pages.common import front
from overt.site.paths import slug


def _rule(rule: ReviewRule) -> Markup:
    rows: list[tuple[object, object]] = [
        ("Why", prose(" ".join(rule.why.split()))),
        ("If it does not hold", prose(" ".join(rule.remedy.split()))),
        ("Answered by", "a person" if rule.human else "the program, from the difference"),
        ("Id", code(rule.id)),
    ]
    return paragraphs(fill('<a id="item-{}"></a>', Markup(slug(rule.id))), fill("## {}", rule.title), facts(rows))


def review(inputs: SiteInputs) -> Markup:
    """Return the page of the checklist."""
    rules = inputs.rooms.review
    program = sum(not rule.human for rule in rules)
    return paragraphs(
        front("Review checklist", "What every change is held to, and who answers each point."),
        Markup("# Review checklist"),
        fill(
            "A change is held to {} points. {} are answered by the program, which ticks only what it has proved; the "
            "others stay open until a person answers them.",
            len(rules),
            program,
        ),
        Markup("```console\n$ overt review main...HEAD\n```"),
        *map(_rule, rules),
    )
