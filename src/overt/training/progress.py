"""How far a learner has come: one versioned file, replaced in one step."""

from __future__ import annotations

import codecs
import contextlib
import os
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Final

import msgspec

from overt.model import Location, OvertError
from overt.system.atomic import write_atomic
from overt.system.clock import Clock

FORMAT: Final = 1
FILE: Final = "progress.json"
FOLDER: Final = "overt-training"
"""Where answers and progress are kept, below the folder that the learner works in."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What happened with one exercise.

    Args:
        attempts: How often it was checked.
        hints: How many hints were shown.
        solution_seen: Whether the solution was shown before it passed.
        passed_ns: When it first passed, nanoseconds since 1970 UTC; 0 when it has not.
    """

    attempts: int = 0
    hints: int = 0
    solution_seen: bool = False
    passed_ns: int = 0


class Known(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an exercise or quiz was like when the learner's folder was last brought up to date.

    Args:
        track: Label of its track: `overt`, or the name of the folder of another one.
        task: SHA-256 of its task or question.
        start: SHA-256 of its start; empty for a quiz.
        checks: SHA-256 of its checks; empty for a quiz.
    """

    track: str
    task: str
    start: str = ""
    checks: str = ""


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """What happened so far.

    Args:
        format: Version of the file.
        entries: What happened with each exercise and quiz, by name.
        known: What each exercise and quiz was like, by name.
    """

    format: int = FORMAT
    entries: dict[str, Entry] = {}
    known: dict[str, Known] = {}

    def of(self, name: str) -> Entry:
        """Return what happened with an exercise; nothing yet when it is not known."""
        return self.entries.get(name, Entry())

    def with_entry(self, name: str, entry: Entry) -> Progress:
        """Return the progress with one entry replaced."""
        return msgspec.structs.replace(self, entries={**self.entries, name: entry})

    def without(self, names: Collection[str] | None) -> Progress:
        """Return the progress with some entries forgotten; all of them when no names are given."""
        kept = {} if names is None else {key: entry for key, entry in self.entries.items() if key not in names}
        return msgspec.structs.replace(self, entries=kept)


class _Head(msgspec.Struct):
    format: int


def read_progress(folder: Path) -> tuple[Progress, str]:
    """Return the progress kept in a folder, and what had to be done about a damaged file.

    Args:
        folder: The learner's folder.

    Raises:
        OvertError: The file is of a newer format; it is left as it is.
    """
    path = folder / FILE
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Progress(), ""
    try:
        # Some editors put a mark in front of what they save.
        data = data.removeprefix(codecs.BOM_UTF8)
        head = msgspec.json.decode(data, type=_Head)
        if head.format > FORMAT:
            hint = "use the newer overt that wrote it, or move the file away"
            message = f"progress of format {head.format}, which this overt does not know"
            raise OvertError(message, where=Location(path.as_posix()), hint=hint)
        return msgspec.json.decode(data, type=Progress), ""
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        aside = _aside(path)
        return Progress(), f"{path} is damaged ({error}); it was moved to {aside.name}, and progress begins anew"


def _aside(path: Path) -> Path:
    """Move a file out of the way, overwriting nothing."""
    number = 1
    while (aside := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists():
        number += 1
    return path.rename(aside)


def write_progress(folder: Path, progress: Progress) -> None:
    """Keep the progress in a folder.

    Args:
        folder: The learner's folder; made when missing.
        progress: What to keep.
    """
    write_atomic(folder / FILE, msgspec.json.format(msgspec.json.encode(progress), indent=2) + b"\n")


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold a folder, so that another window waits for its turn; where the system cannot, nothing is held."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def change_progress(folder: Path, change: Callable[[Progress], Progress]) -> tuple[Progress, str]:
    """Change what is kept now, which may be more than was read some time ago: somebody may have two windows open.

    Args:
        folder: The learner's folder; made when missing.
        change: Returns the progress to keep, given the one that is kept.

    Returns:
        What is kept now, and what had to be done about a damaged file.
    """
    with _alone(folder):
        progress, trouble = read_progress(folder)
        changed = change(progress)
        write_progress(folder, changed)
    return changed, trouble


def attempted(progress: Progress, name: str, *, passed: bool, clock: Clock) -> Progress:
    """Return the progress after an exercise was checked once more.

    Args:
        progress: What was before.
        name: The exercise.
        passed: Whether all checks passed.
        clock: The time.
    """
    entry = progress.of(name)
    passed_ns = entry.passed_ns or (clock.now_ns() if passed else 0)
    return progress.with_entry(name, msgspec.structs.replace(entry, attempts=entry.attempts + 1, passed_ns=passed_ns))
