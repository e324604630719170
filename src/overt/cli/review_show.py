"""A checklist in the formats of `overt review`."""

from __future__ import annotations

from collections.abc import Sequence

from overt.review.checklist import Checklist
from overt.review.records import ReviewRule

FORMATS = ("md", "json", "sarif", "github")


def shown(checklist: Checklist, rules: Sequence[ReviewRule], form: str) -> str:
    """Return a checklist as a text that ends with a line end.

    Args:
        checklist: What the review came to.
        rules: The rules it was held to.
        form: One of `FORMATS`.
    """
    if form == "json":
        from overt.cli.review_rules import checklist_json

        return checklist_json(checklist) + "\n"
    if form == "sarif":
        from overt.review.sarif import to_sarif

        return to_sarif(checklist, rules)
    from overt.review.markdown import COMMENT_LIMIT, PAGE_LIMIT, to_markdown

    return to_markdown(checklist, limit=COMMENT_LIMIT if form == "github" else PAGE_LIMIT)
