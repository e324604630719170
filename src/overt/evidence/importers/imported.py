"""What came out of a result file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from os.path import isfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from overt.evidence.records import AnyRecord
from overt.model import Location, OvertError, Problem


@dataclass(frozen=True, slots=True)
class Imported:
    """What came out of a result file.

    Args:
        records: What it says, as far as it could be read.
        problems: Why it cannot be relied on as a whole: truncated, contradictory, of another format.
    """

    records: tuple[AnyRecord, ...]
    problems: tuple[Problem, ...] = ()


def shown_path(path: Path, root: Path) -> str:
    """Return a path relative to the root, POSIX, or as it is when it lies elsewhere."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return path.as_posix()


def reading(path: Path, root: Path, read: Callable[[], Imported]) -> Imported:
    """Return what a reader makes of a file; a file that cannot be read is a problem, never an exception."""
    try:
        return read()
    except OvertError as error:
        return Imported((), error.problems)
    except OSError as error:
        return Imported((), (Problem(f"cannot be read: {error.strerror}", Location(shown_path(path, root))),))


class Paths:
    """Turns the paths that tools write into paths relative to the project's root.

    Args:
        root: Folder of the project.
    """

    def __init__(self, root: Path) -> None:
        self._root = root.as_posix()
        self._prefix = root.resolve().as_posix().rstrip("/") + "/"
        self._known: dict[str, str] = {}

    def relative(self, given: str) -> str:
        """Return a path or `file:` address relative to the root when it lies below it, else as it was given."""
        if given not in self._known:
            self._known[given] = self._relative(given)
        return self._known[given]

    def existing(self, given: str) -> str:
        """Return a path relative to the root when such a file is there, else an empty string."""
        key = f"?{given}"
        if key not in self._known:
            name = self._relative(given)
            inside = name and not name.startswith("/") and ".." not in name.split("/")
            # Of a long file very many are asked for: `Path` would take most of the time.
            self._known[key] = name if inside and isfile(f"{self._root}/{name}") else ""  # noqa: PTH113
        return self._known[key]

    def _relative(self, given: str) -> str:
        if given.startswith("file:"):
            given = urlsplit(given).path
        if "%" in given:
            given = unquote(given)
        name = given.replace("\\", "/").removeprefix(self._prefix)
        return name.removeprefix("./")
