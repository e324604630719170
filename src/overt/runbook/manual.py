"""What a person does by hand: task items with a comment that a Markdown host does not show.

- [ ] Tell support that the shop is closed. <!-- manual id=tell-support -->
"""

from __future__ import annotations

import re
from bisect import bisect_left

from overt.markdown import Document
from overt.markdown.attributes import read_info
from overt.model import Location, Problem
from overt.runbook.records import Block

_MANUAL = re.compile(r"\s*manual\b(?P<attributes>.*)", re.DOTALL)
_TASK = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[(?P<tick>[ xX])\][ \t]+(?P<text>.*\S)")


def heading_above(page: Document, line: int) -> str:
    """Return the nearest heading above a line; empty when there is none."""
    above = bisect_left(page.headings, line, key=lambda heading: heading.line)
    return page.headings[above - 1].text if above else ""


def manual_blocks(path: str, page: Document) -> tuple[list[Block], list[Problem]]:
    """Return the tasks of a runbook, and what is wrong with them.

    Args:
        path: Its file, relative to the repository root, POSIX.
        page: Its text, scanned.
    """
    blocks, problems = [], []
    for comment in page.comments:
        marked = _MANUAL.fullmatch(comment.text)
        if marked is None:
            continue
        where = Location(path, comment.line)
        begin = page.text.rfind("\n", 0, comment.start) + 1
        task = _TASK.match(page.text[begin : comment.start])
        info = read_info("text {" + marked["attributes"] + "}")
        if task is None:
            problems.append(Problem("a manual step that is no task", where, "write `- [ ] what is done` before it"))
            continue
        if task["tick"] != " ":
            problems.append(
                Problem(
                    "a manual step is ticked", where, "who did it, and when, is recorded when it is done: untick it"
                )
            )
        if not info.values.get("id"):
            problems.append(Problem("a manual step without id", where, "write id=NAME"))
        if strange := [*info.strange, *(key for key in info.values if key != "id")]:
            problems.append(Problem(f"cannot read {strange[0]!r} of a manual step", where, "it has an id only"))
        made = Block(
            role="manual",
            id=info.values.get("id", ""),
            language="",
            body=task["text"],
            location=where,
            heading=heading_above(page, comment.line),
        )
        blocks.append(made)
    return blocks, problems
