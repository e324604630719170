"""A checklist as Markdown; everything that comes from the repository is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from overt.review.checklist import Checklist
from overt.review.escape import clipped, code, words
from overt.review.records import Group, Item
from overt.review.said import counted
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
_FOLDED: Final[Group] = "not-applicable"
_KEPT: Final = 300
"""Bytes kept free for the title of each group, for what says that items were cut, and for what ends the folded part."""


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
    if item.remedy:
        lines.append(f"    - to mend it: {words(clipped(item.remedy))}")
    if item.proof:
        proof = item.proof
        lines.append(
            f"    - proof: {code(clipped(proof.command))}, exit {proof.exit_code}, commit {code(proof.commit[:12])}, "
            f"inputs {code('sha256:' + proof.inputs_sha256[:16])}"
        )
    return "\n".join(lines)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace")) + 1


def _shares(sizes: Sequence[int], room: int) -> list[int]:
    """Return how much room each of several parts gets: what it needs, or a fair share of what the smaller ones leave.

    Example:
        >>> _shares([100, 5, 90], 105)
        [50, 5, 50]
    """
    shares = [0] * len(sizes)
    order = sorted(range(len(sizes)), key=lambda place: sizes[place])
    for number, place in enumerate(order):
        shares[place] = min(sizes[place], max(room, 0) // (len(sizes) - number))
        room -= shares[place]
    return shares


def _cut(items: Sequence[str], name: str, share: int) -> list[str]:
    """Return as many items as fit, and how many do not."""
    shown: list[str] = []
    for number, item in enumerate(items):
        share -= _size(item)
        if share < 0:
            return [*shown, f"- and {len(items) - number} more {name}, cut because the page would be too long"]
        shown.append(item)
    return shown


def counts_in_words(checklist: Checklist) -> str:
    """Return how much differs and how many items are in each group, as one sentence.

    Args:
        checklist: What the review came to.
    """
    counts = [f"{len(found)} {_COUNTED[group]}" for group in _COUNTED if (found := _of(checklist, group))]
    answered = sum(item.ticked for item in checklist.items)
    told = f", {answered} of them judged" if answered else ""
    shown = ", ".join(f"{count}{told}" if count.endswith(_COUNTED["open"]) else count for count in counts)
    size = f"{counted(checklist.files, 'file')}, {counted(checklist.added, 'line')} added"
    return f"{size}, {checklist.deleted:,} taken away: {shown}."


def to_markdown(checklist: Checklist, *, limit: int = PAGE_LIMIT) -> str:
    """Return a checklist as Markdown: what is refuted first, what does not apply last and folded away.

    Args:
        checklist: What the review came to.
        limit: Most bytes it may have; items are cut from the end of each group, and counted.
    """
    head = f"{COMMENT}\n# Review of {code(checklist.span)}\n"
    if not checklist.items:
        return f"{head}\nNothing differs, so nothing was reviewed.\n"
    parts = [(f"\n## {title}\n", group, [_item(item) for item in _of(checklist, group)]) for group, title in _GROUPS]
    folded = [f"- {words(clipped(item.title))}: {words(clipped(item.reason))}" for item in _of(checklist, _FOLDED)]
    parts.append((f"\n<details>\n<summary>Not applicable ({len(folded)})</summary>\n", _FOLDED, folded))
    # No group crowds another out: what is for a person to judge is needed most where much is refuted.
    room = limit - _size(head) - _size(counts_in_words(checklist)) - _KEPT * (len(parts) + 1)
    shares = _shares([sum(map(_size, items)) for _, _, items in parts], room)
    lines = [head, counts_in_words(checklist)]
    for (title, group, items), share in zip(parts, shares, strict=True):
        if items:
            lines += [title, *_cut(items, _COUNTED[group], share)]
    return "\n".join([*lines, *(["\n</details>"] if folded else []), ""])
