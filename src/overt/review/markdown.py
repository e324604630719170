"""A checklist as Markdown; everything that comes from the repository is escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from overt.review.checklist import Checklist
from overt.review.escape import code, words
from overt.review.records import Group, Item

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


def _of(checklist: Checklist, group: Group) -> list[Item]:
    return [item for item in checklist.items if item.group == group]


def _lines(item: Item) -> Iterator[str]:
    tick = "x" if item.group == "proved" else " "
    why = f" ([why]({item.see}))" if item.see else ""
    yield f"- [{tick}] **{words(item.title)}**: {words(item.reason)}{why}"
    for place in item.places:
        yield f"    - {code(str(place))}"
    if item.proof:
        proof = item.proof
        yield (
            f"    - proof: {code(proof.command)}, exit {proof.exit_code}, commit {code(proof.commit[:12])}, "
            f"inputs {code('sha256:' + proof.inputs_sha256[:16])}"
        )


def _collapsed(items: Sequence[Item]) -> Iterator[str]:
    yield from ("", "<details>", f"<summary>Not applicable ({len(items)})</summary>", "")
    for item in items:
        yield f"- {words(item.title)}: {words(item.reason)}"
    yield from ("", "</details>")


def to_markdown(checklist: Checklist) -> str:
    """Return a checklist as Markdown: what is refuted first, what does not apply last and folded away.

    Args:
        checklist: What the review came to.
    """
    files = "1 file" if checklist.files == 1 else f"{checklist.files:,} files"
    lines = [f"# Review of {code(checklist.span)}", ""]
    if not checklist.items:
        return "\n".join([*lines, "Nothing differs, so nothing was reviewed.", ""])
    counts = [f"{len(found)} {_COUNTED[group]}" for group in _COUNTED if (found := _of(checklist, group))]
    lines.append(f"{files}, {checklist.added:,} lines added, {checklist.deleted:,} taken away: {', '.join(counts)}.")
    for group, title in _GROUPS:
        found = _of(checklist, group)
        if found:
            lines += ["", f"## {title}", ""]
            for item in found:
                lines += _lines(item)
    folded = _of(checklist, "not-applicable")
    if folded:
        lines += _collapsed(folded)
    return "\n".join([*lines, ""])
