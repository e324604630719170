"""Reads the guidelines that a team keeps beside its exercises: Markdown files directly in the folder of the track."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from overt.campaign.records import Campaign
from overt.markdown import scan
from overt.model import Location, Problem, Problems
from overt.site.inputs import Guide
from overt.site.paths import guide_page

_INDEX = "readme.md"
"""Says what the folder is to those who look into it; it is no guideline."""


def read_guides(root: Path, campaign: Campaign, files: Sequence[str]) -> tuple[Guide, ...]:
    """Read the guidelines beside the exercises of a project, by their file names.

    Args:
        root: Folder of the project.
        campaign: Its campaign.
        files: Its files, relative to the root, POSIX.

    Raises:
        Problems: Some cannot be read, all at once.
    """
    if not campaign.training.path:
        return ()
    folder = PurePosixPath(campaign.training.path)
    paths = [path for path in map(PurePosixPath, files) if path.parent == folder and path.suffix.lower() == ".md"]
    wanted = sorted(path for path in paths if path.name.lower() != _INDEX)
    problems: list[Problem] = []
    found = tuple(_read(root, wanted, problems))
    taken: dict[str, str] = {}
    for one in found:
        other = taken.setdefault(guide_page(one.path), one.path)
        if other != one.path:
            problems.append(Problem(f"has the same page as {other}", Location(one.path), "give it another name"))
    if problems:
        raise Problems(problems)
    return found


def _read(root: Path, paths: Sequence[PurePosixPath], problems: list[Problem]) -> Iterator[Guide]:
    for path in paths:
        try:
            text = (root / path).read_text("utf-8-sig")
        except UnicodeDecodeError:
            problems.append(Problem("is not UTF-8", Location(str(path)), "save it as UTF-8"))
        except OSError as error:
            problems.append(Problem(f"cannot be read: {error.strerror}", Location(str(path)), "mend its permissions"))
        else:
            headings = scan(text).headings
            titled = bool(headings) and headings[0].level == 1
            yield Guide(path=str(path), title=headings[0].text if titled else path.stem, text=text)
