"""What a person has ticked on a former checklist."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from overt.review.checklist import Checklist
from overt.review.records import Item

MARK = "overt:item"
_LINE = re.compile(rf"^- \[([ xX])\] .*<!-- {MARK} ([a-z0-9][a-z0-9_.-]*) ([0-9a-f]{{16}}) -->\s*$", re.MULTILINE)
REOPENED = "Reopened, because the lines changed since it was ticked. "


@dataclass(frozen=True, slots=True)
class Tick:
    """What stood at a question.

    Args:
        ticked: Whether a person had ticked it.
        digest: Digest of the lines that it was about.
    """

    ticked: bool
    digest: str


def mark(item: Item) -> str:
    """Return the comment beside a question by which the next review knows what it was about.

    Args:
        item: The question.

    Example:
        >>> from overt.model import State
        >>> mark(Item("a", "A", State.OPEN, "so?", digest="0" * 16))
        '<!-- overt:item a 0000000000000000 -->'
    """
    return f"<!-- {MARK} {item.id} {item.digest} -->"


def read_ticks(text: str) -> dict[str, Tick]:
    """Return the questions of a former checklist, by the ids of their rules.

    Args:
        text: The checklist in Markdown, as a person may have edited it.

    Example:
        >>> read_ticks("- [x] **A**: so? <!-- overt:item a 0123456789abcdef -->")["a"].ticked
        True
    """
    ticks: dict[str, Tick] = {}
    for one in _LINE.finditer(text.replace("\r\n", "\n")):
        tick = Tick(one[1] != " ", one[3])
        # A question that stands there twice, with different answers, is not answered.
        ticks[one[2]] = tick if ticks.get(one[2], tick) == tick else Tick(ticked=False, digest=one[3])
    return ticks


def _with(item: Item, tick: Tick | None) -> Item:
    if tick is None or not tick.ticked or item.group != "open":
        return item
    if tick.digest == item.digest:
        return replace(item, ticked=True)
    return replace(item, reason=REOPENED + item.reason)


def with_ticks(checklist: Checklist, ticks: Mapping[str, Tick]) -> Checklist:
    """Return a checklist with the answers of a former one; an answer to other lines is open again, and says so.

    Args:
        checklist: What the review came to.
        ticks: What was ticked.
    """
    return replace(checklist, items=tuple(_with(item, ticks.get(item.id)) for item in checklist.items))
