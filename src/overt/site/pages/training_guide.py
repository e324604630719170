"""The page of a guideline that a team keeps beside its exercises."""

from __future__ import annotations

import re

from overt.site.authored import authored
from overt.site.inputs import Guide
from overt.site.markup import Markup, fill, paragraphs
from overt.site.pages.common import front

_TITLE = re.compile(r"\A\s*# [^\n]*\n?")


def guide(one: Guide) -> Markup:
    """Return the page of a guideline; what its author wrote is shown, and does nothing."""
    return paragraphs(
        front(one.title, f"{one.title}: a guideline of this project."),
        fill("# {}", one.title),
        authored(_TITLE.sub("", one.text)),
        fill("Written in {}.", one.path),
    )
