"""The page of what was not checked."""

from __future__ import annotations

from overt.model import State, worst
from overt.site.inputs import SiteInputs
from overt.site.marks import state_mark
from overt.site.markup import Markup, fill, link, paragraphs, prose, safe, table
from overt.site.pages.common import front, lead, measured_on, short
from overt.site.pages.gaps import Gap
from overt.site.paths import NOT_CHECKED, relative
from overt.system.units import count

_ROWS = 30
"""Rows of one table; what is more is counted."""


def headline(inputs: SiteInputs, found: list[Gap]) -> tuple[State, str]:
    """Return the worst state of what was not checked, and how much it is.

    Args:
        inputs: What the site is made from.
        found: What was not checked.
    """
    if not found and not any(view.summary.run for view in inputs.suites):
        return State.UNCHECKED, "Nothing has been measured yet"
    if not found:
        return State.PROVED, "Nothing was left unchecked"
    number = sum(gap.number for gap in found)
    kinds = ", ".join(dict.fromkeys(gap.sort.lower() for gap in found))
    return worst(gap.state for gap in found), f"{count(number, 'thing')} decided by nothing: {kinds}"


def _row(gap: Gap, pages: frozenset[str]) -> tuple[object, ...]:
    page = gap.page if gap.page.partition("#")[0] in pages else ""
    what = link(gap.what, relative(NOT_CHECKED, page)) if page else safe(gap.what)
    return state_mark(gap.state), what, safe(short(gap.reason)), prose(gap.remedy)


def _table(sort: str, found: list[Gap], pages: frozenset[str]) -> Markup:
    more = fill("{} more rows are left out here.", f"{len(found) - _ROWS:,}") if len(found) > _ROWS else Markup("")
    rows = [_row(gap, pages) for gap in found[:_ROWS]]
    return paragraphs(fill("## {}", sort), table(("State", "What", "Why", "What helps"), rows), more)


def not_checked(inputs: SiteInputs, pages: frozenset[str], found: list[Gap]) -> Markup:
    """Return the page.

    Args:
        inputs: What the site is made from.
        pages: Paths of the pages that were rendered.
        found: What was not checked.
    """
    state, text = headline(inputs, found)
    sorts = dict.fromkeys(gap.sort for gap in found)
    return paragraphs(
        front("Not checked", f"What no evidence about {inputs.project} decides, why, and what helps.", search=False),
        Markup("# Not checked"),
        lead(
            state, f"{text}.", "Each with the reason and what would mend it.", measured_on(NOT_CHECKED, inputs.suites)
        ),
        *[_table(sort, [gap for gap in found if gap.sort == sort], pages) for sort in sorts],
        Markup("## Method and limits"),
        Markup(
            "What was never declared cannot be missed: code without a suite, a document without a statement, a flag "
            "that no test asks. Tests that are expected to fail ran and are not listed here; the case explorer has "
            "them."
        ),
    )
