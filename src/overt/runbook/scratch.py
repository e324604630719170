"""The scratch copy a rehearsal works in, and what a killed rehearsal left behind."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from overt.runbook.place import Place, service_mark
from overt.system.strays import end_marked, marked_processes

PREFIX: Final = "overt-rehearsal-"
_IGNORED: Final = ("__pycache__",)


class Marker(msgspec.Struct, frozen=True, kw_only=True):
    """Who made a scratch folder; its file stays locked as long as the rehearsal lives."""

    runbook: str
    root: str
    mark: str
    start_ns: int


@dataclass(frozen=True, slots=True)
class Leftover:
    """What a killed rehearsal left.

    Args:
        folder: Its scratch folder.
        runbook: Id of the runbook.
        start_ns: When it began, nanoseconds since 1970 UTC.
        mark: Mark of its processes.
        processes: Those that still run.
    """

    folder: Path
    runbook: str
    start_ns: int
    mark: str
    processes: tuple[int, ...]


def _copy(root: Path, files: Sequence[str], target: Path) -> None:
    for name in files:
        there = target / name
        there.parent.mkdir(parents=True, exist_ok=True)
        # The content, never the link: a step that writes through a copied link would reach the real project.
        shutil.copy2(root / name, there)


def remove(folder: Path) -> bool:
    """Remove a folder with all that is in it, also what was made read-only; True when it is gone."""
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        for parent, folders, _ in os.walk(folder):
            for name in folders:
                path = Path(parent, name)
                if not path.is_symlink():
                    path.chmod(stat.S_IRWXU)
        shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


@contextlib.contextmanager
def scratch_copy(
    root: Path, files: Sequence[str], *, runbook: str, temp: Path, start_ns: int, keep: bool = False
) -> Iterator[Place]:
    """Copy a project into a new folder of its own, and remove the folder at the end.

    Args:
        root: The project.
        files: Its files, relative to the root, POSIX.
        runbook: Id of the runbook, for whoever finds the folder later.
        temp: Where to make the folder.
        start_ns: Now, nanoseconds since 1970 UTC.
        keep: Whether the folder stays.
    """
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=temp)).resolve()
    scratch = Place(project=folder / "project", home=folder / "home", temporary=folder / "tmp", mark=folder.name)
    marker = Marker(runbook=runbook, root=str(root.resolve()), mark=scratch.mark, start_ns=start_ns)
    path = folder / "rehearsal.json"
    path.write_bytes(msgspec.json.encode(marker))
    with path.open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            for place in (scratch.project, scratch.home, scratch.temporary):
                place.mkdir()
            _copy(root, files, scratch.project)
            yield scratch
        finally:
            _end(scratch.mark)
            if keep:
                path.rename(folder / "kept.json")  # kept on purpose, so no leftover
            else:
                remove(folder)


def _end(mark: str) -> None:
    """End the processes of steps and of services."""
    end_marked(mark)
    end_marked(service_mark(mark))


def _is_alive(path: Path) -> bool:
    with path.open("rb") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def find_leftovers(root: Path, temp: Path) -> list[Leftover]:
    """Return what killed rehearsals of a project left in a folder, oldest first."""
    found = []
    for path in temp.glob(f"{PREFIX}*/rehearsal.json"):
        with contextlib.suppress(OSError, msgspec.DecodeError):
            marker = msgspec.json.decode(path.read_bytes(), type=Marker)
            if marker.root == str(root.resolve()) and marker.mark == path.parent.name and not _is_alive(path):
                processes = (*marked_processes(marker.mark), *marked_processes(service_mark(marker.mark)))
                found.append(Leftover(path.parent, marker.runbook, marker.start_ns, marker.mark, processes))
    return sorted(found, key=lambda leftover: (leftover.start_ns, leftover.folder))


def clean(leftover: Leftover) -> bool:
    """End what still runs and remove the folder; True when it is gone."""
    _end(leftover.mark)
    return remove(leftover.folder)


def tree_digests(folder: Path) -> dict[str, str]:
    """Return each file of a folder with a digest of its mode and content; links count as what they say."""
    found = {}
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _IGNORED)
        for name in names:
            path = Path(parent, name)
            found[path.relative_to(folder).as_posix()] = _digest(path)
    return found


def _digest(path: Path) -> str:
    try:
        if path.is_symlink():
            return f"link {path.readlink()}"
        mode = path.stat().st_mode
        content = hashlib.sha256(path.read_bytes()).hexdigest() if stat.S_ISREG(mode) else "special"
    except OSError as error:
        return f"unreadable {error.strerror}"
    return f"{stat.filemode(mode)} {content}"
