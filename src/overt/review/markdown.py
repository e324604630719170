"""A checklist as Markdown; everything that comes from the repository is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from overt.review.checklist import Checklist
from overt.review.escape import clipped, code, words
from overt.review.records import Group, Item
from overt.review.ticks import mark

COMMENT = "<!-- overt:review -->"
"""The first line, by which the one comment of a change is found again."""
COMMENT_LIMIT: Final = 65_000
"""Bytes; GitHub refuses a comment of more than 65,536 characters."""
PAGE_LIMIT: Final = 1_000_000
"""Bytes; GitHub refuses a step summary of more than 1 MiB."""
_PLACES: Final = 5
_GROUPS: Final[tuple[tuple[Group, str], ...]] = (
    ("refuted", "Refuted"),
    ("open", "For you to judge"),
    ("proved", "Proved"),
    ("unchecked", "Could not run"),
)
_COUNTED: Final[dict[Group, str]] = {
    "refuted": "refuted",
    "open": "for you to judge",
    "proved": "proved",
    "unchecked": "could not run",
    "not-applicable": "not applicable",
}
_KEPT: Final = 400
"""Bytes kept free for what says that items were cut, and for the end of the folded part."""


def _of(checklist: Checklist, group: Group) -> list[Item]:
    return [item for item in checklist.items if item.group == group]


def _item(item: Item) -> str:
    """Return an item: whether it holds, why it is there, where, and what the tick rests on."""
    tick = "x" if item.group == "proved" or item.ticked else " "
    why = f" ([why]({quote(item.see, safe='/#')}))" if item.see else ""
    by = " Ticked by a person, and the lines are the same since." if item.ticked else ""
    beside = f" {mark(item)}" if item.digest else ""
    lines = [f"- [{tick}] **{words(clipped(item.title))}**: {words(clipped(item.reason))}{by}{why}{beside}"]
    lines += [f"    - {code(clipped(str(place)))}" for place in item.places[:_PLACES]]
    if len(item.places) > _PLACES:
        lines.append(f"    - and {len(item.places) - _PLACES:,} more places")
    if item.proof:
        proof = item.proof
        lines.append(
            f"    - proof: {code(clipped(proof.command))}, exit {proof.exit_code}, commit {code(proof.commit[:12])}, "
            f"inputs {code('sha256:' + proof.inputs_sha256[:16])}"
        )
    return "\n".join(lines)


class _Page:
    """A page that takes no more than it has room for."""

    def __init__(self, limit: int) -> None:
        self._parts: list[str] = []
        self._room = limit

    def add(self, text: str) -> None:
        """Add what must not be missing."""
        self._parts.append(text)
        self._room -= len(text.encode("utf-8", "replace")) + 1

    def fits(self, text: str) -> bool:
        """Tell whether there is room for something, and for what has to follow."""
        return len(text.encode("utf-8", "replace")) + 1 <= self._room - _KEPT * (len(_GROUPS) + 1)

    def group(self, items: Sequence[str], name: str) -> None:
        """Add as many items as fit, and say how many do not."""
        for number, item in enumerate(items):
            if not self.fits(item):
                self.add(f"- and {len(items) - number} more {name}, cut because the page would be too long")
                return
            self.add(item)

    def text(self) -> str:
        return "\n".join([*self._parts, ""])


def counts_in_words(checklist: Checklist) -> str:
    """Return how much differs and how many items are in each group, as one sentence.

    Args:
        checklist: What the review came to.
    """
    files = "1 file" if checklist.files == 1 else f"{checklist.files:,} files"
    counts = [f"{len(found)} {_COUNTED[group]}" for group in _COUNTED if (found := _of(checklist, group))]
    answered = sum(item.ticked for item in checklist.items)
    told = f", {answered} of them judged" if answered else ""
    shown = ", ".join(f"{count}{told}" if count.endswith(_COUNTED["open"]) else count for count in counts)
    return f"{files}, {checklist.added:,} lines added, {checklist.deleted:,} taken away: {shown}."


def to_markdown(checklist: Checklist, *, limit: int = PAGE_LIMIT) -> str:
    """Return a checklist as Markdown: what is refuted first, what does not apply last and folded away.

    Args:
        checklist: What the review came to.
        limit: Most bytes it may have; items are cut from the end of each group, and counted.
    """
    page = _Page(limit)
    page.add(f"{COMMENT}\n# Review of {code(checklist.span)}\n")
    if not checklist.items:
        page.add("Nothing differs, so nothing was reviewed.")
        return page.text()
    page.add(counts_in_words(checklist))
    for group, title in _GROUPS:
        found = _of(checklist, group)
        if found:
            page.add(f"\n## {title}\n")
            page.group([_item(item) for item in found], _COUNTED[group])
    folded = _of(checklist, "not-applicable")
    if folded:
        page.add(f"\n<details>\n<summary>Not applicable ({len(folded)})</summary>\n")
        told = [f"- {words(clipped(item.title))}: {words(clipped(item.reason))}" for item in folded]
        page.group(told, _COUNTED["not-applicable"])
        page.add("\n</details>")
    return page.text()
