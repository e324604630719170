"""How far a runbook has come where it is carried out for real, so that it can go on after an interruption."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

import msgspec

from overt.model import Exit, OvertError
from overt.system.atomic import write_atomic

FOLDER: Final = ".overt/runbooks"
"""Where it is kept, relative to the root of the project."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A step or a task that was begun.

    Args:
        id: Its id.
        state: `begun` when nothing is known of its end, `failed` when it or its check failed.
        by: Who did it.
        at_ns: When it was begun or ended, nanoseconds since 1970 UTC.
        note: What the person wrote.
    """

    id: str
    state: Literal["begun", "failed", "done"]
    by: str
    at_ns: int
    note: str = ""


class Journal(msgspec.Struct, frozen=True, kw_only=True):
    """How far a runbook has come in an environment.

    Args:
        runbook: Its id.
        environment: The environment.
        text_sha256: Digest of its text when it was begun.
        start_ns: When it was begun, nanoseconds since 1970 UTC.
        entries: What was begun, the newest last.
        finished: Whether it came to its end; it can still be taken back until it is begun anew.
    """

    runbook: str
    environment: str
    text_sha256: str
    start_ns: int
    entries: tuple[Entry, ...] = ()
    finished: bool = False

    @property
    def done(self) -> frozenset[str]:
        """Ids of what was done."""
        return frozenset(entry.id for entry in self.entries if entry.state == "done")

    @property
    def unknown(self) -> frozenset[str]:
        """Ids of what was begun and of whose end nothing is known."""
        return frozenset(entry.id for entry in self.entries if entry.state == "begun")

    def with_entry(self, entry: Entry) -> Journal:
        """Return the journal with one entry in the place of the earlier one of the same id, if there was one."""
        others = tuple(other for other in self.entries if other.id != entry.id)
        return msgspec.structs.replace(self, entries=(*others, entry))

    def without(self, action: str) -> Journal:
        """Return the journal without what was taken back."""
        return msgspec.structs.replace(self, entries=tuple(entry for entry in self.entries if entry.id != action))


def journal_path(root: Path, runbook: str, environment: str) -> Path:
    """Return the file of a journal.

    Args:
        root: Folder of the project.
        runbook: Id of the runbook.
        environment: Name of the environment.
    """
    return root / FOLDER / f"{runbook}@{environment}.json"


def read_journal(path: Path) -> Journal | None:
    """Return what a journal says; None when nothing was begun.

    Raises:
        OvertError: It cannot be read.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Journal)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise OvertError(
            f"{path}: how far the runbook came cannot be read: {error}",
            hint="find out by hand what was done, then remove the file",
            exit=Exit.UNCHECKED,
        ) from error


def write_journal(path: Path, journal: Journal) -> None:
    """Write a journal in one step."""
    write_atomic(path, msgspec.json.format(msgspec.json.encode(journal), indent=1))


def remove_journal(path: Path) -> None:
    """Remove a journal: nothing was begun, or all of it was taken back."""
    path.unlink(missing_ok=True)


@contextlib.contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Let one person at a time carry a runbook out in an environment.

    Raises:
        OvertError: Somebody else on this machine is at it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("wb") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise OvertError(
                f"{path.stem} is being carried out by another process of this machine",
                hint="wait until it has ended",
                exit=Exit.UNCHECKED,
            ) from error
        yield
