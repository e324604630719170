"""What `overt review --ci` leaves: a summary on the page of the job, files for artifacts, and a few lines."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import TYPE_CHECKING, Final

from overt.model import OvertError
from overt.review.escape import clipped, one_line
from overt.review.markdown import COMMENT_LIMIT, PAGE_LIMIT, counts_in_words, to_markdown
from overt.system.atomic import write_atomic

if TYPE_CHECKING:
    from overt.review.checklist import Checklist
    from overt.review.landing import Landing

FOLDER: Final = ".overt/review"
"""Where the checklist is left for a service to keep, relative to the project."""
SUMMARY: Final = "GITHUB_STEP_SUMMARY"
_SUMMARY_LIMIT: Final = 1_048_576
"""Bytes; GitHub shows nothing of a summary that is larger."""


def _append(path: Path, text: str) -> None:
    try:
        with path.open("ab") as stream:
            stream.write(text.encode("utf-8", "replace"))
    except OSError as error:
        # What was reviewed does not depend on whether the service shows it.
        sys.stderr.write(f"overt: the summary {path} cannot be written: {error.strerror}\n")


def _room(path: Path) -> int:
    try:
        there = path.stat().st_size
    except OSError:
        there = 0
    return min(PAGE_LIMIT, _SUMMARY_LIMIT - there - 1)


def publish(root: Path, checklist: Checklist, environment: Mapping[str, str]) -> list[str]:
    """Leave a checklist where a CI service shows and keeps it; return where, in words.

    Args:
        root: The project.
        checklist: What the review came to.
        environment: The variables of the service.

    Raises:
        OvertError: The files cannot be written.
    """
    folder = root / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomic(folder / "checklist.md", to_markdown(checklist).encode("utf-8", "replace"))
        comment = to_markdown(checklist, limit=COMMENT_LIMIT)
        write_atomic(folder / "comment.md", comment.encode("utf-8", "replace"))
    except OSError as error:
        raise OvertError(f"{folder} cannot be written: {error.strerror}") from error
    told = [f"{FOLDER}/checklist.md"]
    if summary := environment.get(SUMMARY):
        path = Path(summary)
        room = _room(path)
        if room > 0:
            _append(path, to_markdown(checklist, limit=room))
            told.append("the summary of the job")
    return told


def publish_nothing(reason: str, environment: Mapping[str, str]) -> None:
    """Say on the page of the job that nothing was reviewed.

    Args:
        reason: Why.
        environment: The variables of the service.
    """
    if summary := environment.get(SUMMARY):
        from overt.review.escape import words

        _append(Path(summary), f"# Review\n\nUnchecked: {words(clipped(reason))}\n")


def said(checklist: Checklist, landing: Landing, places: list[str], tolerated: AbstractSet[str]) -> Iterator[str]:
    """Yield the lines that the log of a job gets.

    Args:
        checklist: What the review came to.
        landing: What was reviewed.
        places: Where the whole checklist is.
        tolerated: Ids of items that do not fail the job.
    """
    for reason in landing.passed_over:
        yield f"not the base: {one_line(reason)}"
    yield f"Reviewed {checklist.span}, since {landing.since}."
    if not landing.known:
        yield "UNCHECKED: nothing says since when this lands; the newest commit alone was reviewed, and fails nothing."
    if not checklist.items:
        yield "Nothing differs, so nothing was reviewed."
        return
    yield counts_in_words(checklist)
    for item in checklist.items:
        if item.group == "refuted":
            mark = "told, does not fail here" if item.id in tolerated else "REFUTED"
            yield f"  {mark}: {item.id}: {one_line(clipped(item.reason))}"
    yield f"The checklist: {', '.join(places)}"
